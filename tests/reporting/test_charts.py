"""Charts show the figures of the result, in the report's language, and only where there is something."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.reporting.figures import forest_figure, htmt_figure, likert_figure
from analysis.reporting.flow import flow_diagram
from analysis.reporting.numbers import bounded
from analysis.reporting.pictures import png_of
from analysis.reporting.wording import words
from analysis.unavailable import Unavailable
from questionnaire.loading import load_study

STUDY = load_study(Path(__file__).parents[2] / "data" / "studies" / "tea_breaks.yaml")


def said(figure):
    return re.findall(r">([^<>\n]+)</t(?:ext|span)>", figure.svg)


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_the_forest_names_every_computed_verdict(result, language):
    own = words(language)
    texts = said(forest_figure(result, own))
    computed = {row.hypothesis for row in result.verdicts if row.primary and row.estimate is not None}
    assert computed <= set(texts)
    assert own("forest_axis") in texts


def test_the_heat_map_prints_the_ratios_of_the_table(result):
    texts = said(htmt_figure(result, words("en")))
    frame = result.measurement.htmt
    for i, one in enumerate(frame.index):
        for other in frame.index[:i]:
            assert bounded(float(frame.loc[one, other]), 2) in texts


def test_every_item_has_its_bar(result):
    assert set(STUDY.items) <= set(said(likert_figure(result, words("zh-CN"))))


def test_the_flow_says_who_was_set_aside(result):
    first, *rest = result.flow
    flow = (first, replace(rest[0], n=1188, removed=1234), *rest[1:])
    texts = said(flow_diagram(replace(result, flow=flow), words("en")))
    assert "Removed: 1,234" in texts
    assert sum("n =" in text for text in texts) == len(flow)


def test_nothing_to_draw_is_no_figure(result):
    nothing = replace(
        result.measurement, htmt=Unavailable("x"), categories=result.measurement.categories.iloc[:0]
    )
    bare = replace(result, measurement=nothing, verdicts=())
    assert [draw(bare, words("en")) for draw in (forest_figure, htmt_figure, likert_figure)] == [None] * 3


def test_charts_can_be_pictures(result):
    assert png_of(forest_figure(result, words("zh-CN")).svg).startswith(b"\x89PNG")
