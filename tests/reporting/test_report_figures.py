"""Figures of interactions and groups show the figures of the tables, and are readable in print."""

import re

import pandas as pd
import pytest

from analysis.measurement.invariance_ladder import LADDER_COLUMNS, MeasurementInvariance
from analysis.pipeline.measured import Invariance
from analysis.reporting.diagram import path_diagram
from analysis.reporting.document import Figure
from analysis.reporting.figures_groups import ladder_figure
from analysis.reporting.word_order import lies, shrink, size_of
from analysis.reporting.wording import words

SMALLEST_PRINT = 7.0
"""Points; smaller letters are not read on paper."""


def printed_points(figure):
    sizes = [float(size) for size in re.findall(r'font-size="([\d.]+)', figure.svg)]
    return min(sizes) * shrink(figure, sideways=lies(figure)) * 72 / 96


def rows(*parameters):
    return pd.DataFrame(parameters, columns=["lhs", "op", "rhs", "std_all", "pvalue"])


def capital(chain):
    """Four factors with thirteen facets: side by side, or one behind the other."""
    counts = {"S": 3, "R": 3, "C": 3, "PI": 4}
    loadings = [(f, "=~", f"{f}_{k}", 0.7, 0.0) for f, count in counts.items() for k in range(count)]
    paths = [("PI", "~", f, 0.3, 0.01) for f in ("S", "R", "C")]
    if chain:
        paths += [("R", "~", "S", 0.5, 0.0), ("C", "~", "S", 0.2, 0.3), ("C", "~", "R", 0.4, 0.0)]
    return rows(*loadings, *paths)


@pytest.mark.parametrize("chain", [False, True])
def test_thirteen_facets_and_four_factors_are_readable_in_print(chain):
    names = {
        "S": "Structural capital",
        "R": "Relational capital",
        "C": "认知型社会资本",
        "PI": "公益参与意愿",
    }
    svg, width = path_diagram(capital(chain), names, "t")
    assert svg.count("<rect x=") >= 13
    assert printed_points(Figure("d", "t", svg, width)) >= SMALLEST_PRINT


def test_weight_and_colour_both_tell_significance():
    estimates = rows(("y", "~", "x", 0.05, 0.01), ("y", "~", "z", 0.9, 0.4))
    svg, _ = path_diagram(estimates, {}, "t")
    weights = [float(w) for w in re.findall(r'<path [^>]*stroke-width="([\d.]+)"[^>]*marker-end', svg)]
    assert weights[0] > 1.5 * weights[1]
    assert re.findall(r'font-weight="(\w+)" fill="#\w+">0\.(?:05|90)', svg) == ["bold", "normal"]


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_the_ladder_names_every_step_and_what_was_freed(language):
    own = words(language)
    steps = [("configural", "", True), ("metric", "", False), ("metric", "f=~x2", True)]
    frame = pd.DataFrame(
        [(level, freed, 1, 1.0, 0.95, 0.05, 0.04, 0, 0, 0, 0, 0, holds) for level, freed, holds in steps],
        columns=LADDER_COLUMNS,
    )
    found = MeasurementInvariance.__new__(MeasurementInvariance)
    object.__setattr__(found, "ladder", frame)
    figure = ladder_figure(Invariance("g", {}, found), found, "G", own)
    texts = re.findall(r">([^<>\n]+)</t(?:ext|span)>", figure.svg)
    for place, (level, freed, _) in enumerate(steps, start=1):
        assert any(t.startswith(f"{place}. {own(f'level_{level}')}") and freed in t for t in texts)
    assert {own("ladder_holds"), own("ladder_fails")} <= set(texts)
    assert printed_points(figure) >= SMALLEST_PRINT
    assert size_of(figure.svg)[0] == pytest.approx(figure.width)
