"""Every word of the interface and the report stands in every language, with the same blanks."""

import string
from pathlib import Path

import pytest
import yaml

from analysis.reporting.wording import languages, words
from questionnaire import wording
from questionnaire.pages import dashboard_words, editor_words, people_words, sampling_words
from questionnaire.pages import words as console
from questionnaire.web import sign_in_words

ANALYSIS = Path(__file__).parents[2] / "analysis"


def files(folder):
    return {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in folder.glob("*.yaml")}


TABLES = {
    "survey": wording._WORDS,
    "workbench": files(ANALYSIS / "pages" / "words_of"),
    "console": console._WORDS,
    "dashboard": dashboard_words.WORDS,
    "editor": editor_words.WORDS,
    "sampling": sampling_words.WORDS,
    "people": people_words._WORDS,
    "sign-in": sign_in_words._WORDS,
    "report": files(ANALYSIS / "reporting" / "words"),
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


FILES = sorted(
    path
    for folder in (
        ANALYSIS / "reporting" / "words",
        ANALYSIS / "reporting" / "messages",
        ANALYSIS / "pages" / "words_of",
    )
    for path in folder.glob("*.yaml")
)


def faults(text):
    """What YAML takes silently: of two equal keys the last; ``no``, ``on`` or ``1`` as no text at all."""
    entries = yaml.compose(text).value
    keys = [key.value for key, _ in entries]
    doubled = {key for key in keys if keys.count(key) > 1}
    other = {node.value for entry in entries for node in entry if node.tag != "tag:yaml.org,2002:str"}
    return doubled | other


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_key_stands_twice_and_all_is_text(path):
    assert faults(path.read_text(encoding="utf-8")) == set()


def test_the_files_of_words_are_found():
    assert {path.parent.name for path in FILES} == {"words", "messages", "words_of"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a: b\nc: d", set()),
        ("a: b\na: c", {"a"}),
        ("no: nein\n'yes': ja", {"no"}),
        ("1: one", {"1"}),
        ("a: off", {"off"}),
        ("a:", {""}),
    ],
)
def test_doubled_keys_and_other_than_text_are_noticed(text, found):
    assert faults(text) == found


@pytest.mark.parametrize(
    ("language", "found"), [("zh-CN", "zh-CN"), ("zh-TW", "zh-CN"), ("en-GB", "en"), ("fr", "en")]
)
def test_a_language_without_words_falls_to_the_nearest(language, found):
    assert set(languages()) == {"en", "zh-CN"}
    assert words(language).language == found
