"""Every word of the interface and the report stands in every language, with the same blanks."""

import string
from pathlib import Path

import pytest
import yaml

from analysis.pages import words as workbench
from analysis.reporting.wording import languages, words
from questionnaire import wording
from questionnaire.pages import dashboard_words, editor_words, people_words, sampling_words
from questionnaire.pages import words as console
from questionnaire.web import sign_in_words

FOLDER = Path(__file__).parents[2] / "analysis" / "reporting" / "words"
TABLES = {
    "survey": wording._WORDS,
    "workbench": workbench._WORDS,
    "console": console._WORDS,
    "dashboard": dashboard_words.WORDS,
    "editor": editor_words.WORDS,
    "sampling": sampling_words.WORDS,
    "people": people_words._WORDS,
    "sign-in": sign_in_words._WORDS,
    "report": {p.stem: yaml.safe_load(p.read_text(encoding="utf-8")) for p in FOLDER.glob("*.yaml")},
}


def blanks(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("name", TABLES)
def test_every_language_says_the_same_things(name):
    tables = TABLES[name]
    assert set(tables) == {"en", "zh-CN"}
    assert set(tables["en"]) == set(tables["zh-CN"])
    for key, text in tables["en"].items():
        assert blanks(text) == blanks(tables["zh-CN"][key]), key
        assert text.strip()


@pytest.mark.parametrize(
    ("language", "found"), [("zh-CN", "zh-CN"), ("zh-TW", "zh-CN"), ("en-GB", "en"), ("fr", "en")]
)
def test_a_language_without_words_falls_to_the_nearest(language, found):
    assert set(languages()) == {"en", "zh-CN"}
    assert words(language).language == found
