"""A Chinese report says nothing in English, however little there was to analyse."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from analysis.pipeline import analyse
from analysis.planning.simulate import simulate
from analysis.reporting.compose import compose
from questionnaire.loading import load_study

STUDY = load_study(Path(__file__).parents[2] / "data" / "studies" / "social_capital.yaml")
ENGLISH = re.compile(r"(?<![\w./{<])[a-z]{3,}[,;:]? [a-z]{2,}(?![\w/}>])")
"""Two words in a row: codes and names stand alone or begin with a capital."""
COMMAND = "synergy power STUDY"


def answers(kind):
    table = simulate(STUDY, 40, seed=2)
    items = [code for code in STUDY.items if code in table]
    match kind:
        case "nobody":
            return table.iloc[:0]
        case "one":
            return table.iloc[:1]
        case "no answers":
            return table.assign(**dict.fromkeys(items, np.nan))
        case "all the same":
            return table.assign(**dict.fromkeys(items, 4))
        case "careless":
            return simulate(STUDY, 9, seed=4, careless=0.99)
        case "one facet":
            return table.assign(**{code: np.nan for code in items if not code.startswith("STD")})
    raise AssertionError(kind)


KINDS = ("nobody", "one", "no answers", "all the same", "careless", "one facet")


def texts(document):
    yield from (document.title, document.subtitle, document.stamp)
    for section in document.sections:
        yield from (section.title, section.chapter)
        if section.key == "references":
            # Works are listed in their own language.
            continue
        yield from section.paragraphs
        yield from (text for card in section.cards for text in (card.claim, card.verdict, card.detail))
        for figure in section.figures:
            yield from (figure.caption, figure.note)
            yield from re.findall(r">([^<>\n]+)</t(?:ext|span)>", figure.svg)
        for table in section.tables:
            yield from (table.caption, table.note, *table.columns)
            # Sources of scales, in the last column there, are printed as the study file names them.
            kept = slice(-1) if table.key == "wording" else slice(None)
            yield from (cell for row in table.rows for cell in row[kept])


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_said_in_english(kind):
    result = analyse(replace(STUDY, source=""), answers(kind), seed=1)
    said = set(texts(compose(result, "zh-CN")))
    assert len(said) > 100
    assert sorted(text for text in said if ENGLISH.search(text.replace(COMMAND, ""))) == []


def test_english_would_be_noticed():
    assert ENGLISH.search("M5 无法拟合：the model did not converge")
    assert not ENGLISH.search("见 models/*.lavaan，missing = fiml，semopy 1e-4，a*b + c")
