"""Populations whose measurement is wrong in a known way: the gate and the ladders must say so, and what."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.measurement.common_method import MarkerTest
from analysis.measurement.invariance_ladder import MeasurementInvariance
from analysis.pipeline.gating import measurement_gate
from analysis.pipeline.invariances import invariances
from analysis.pipeline.measured import Indicators, MethodBias
from analysis.pipeline.measuring import one_factors
from analysis.pipeline.method_bias import method_bias
from analysis.pipeline.result import GateOutcome
from analysis.pipeline.sample import Sample, score_sample
from analysis.pipeline.stages import draw_sample
from analysis.pipeline.testing import weigh_hypotheses
from analysis.planning.simulate import simulate
from analysis.preparation.answers import Answers, check_answers
from analysis.preparation.scoring import Scored
from analysis.synergy.verdict import Verdict
from questionnaire.loading import load_study

WHOLE = load_study(Path(__file__).parents[2] / "data" / "studies" / "social_capital.yaml")
STUDY = replace(WHOLE, groups=tuple(group for group in WHOLE.groups if group.code == "platform"))
N = 800


def drawn(
    change: Callable[[pd.DataFrame, np.random.Generator], None], seed: int = 5
) -> tuple[Answers, Sample]:
    """The study's own population, half on each platform and in each language, changed as told."""
    rng = np.random.default_rng(seed)
    table = simulate(STUDY, N, seed)
    table["platform"] = np.where(rng.random(N) < 0.5, "jd", "douyin")
    table["language"] = np.where(rng.random(N) < 0.5, "en", "zh-CN")
    change(table, rng)
    answers = check_answers(STUDY, table)
    return answers, score_sample(STUDY, answers.items, "none", Scored.NORMAL)


def ladders(answers: Answers, sample: Sample) -> dict[tuple[str, str], MeasurementInvariance]:
    entries = invariances(STUDY, answers, sample, np.ones(N, bool))
    return {
        (entry.grouping, entry.indicators.value): entry.found
        for entry in entries
        if isinstance(entry.found, MeasurementInvariance)
    }


def same(table: pd.DataFrame, rng: np.random.Generator) -> None:
    """The same measurement everywhere."""


def weaker_loading(table: pd.DataFrame, rng: np.random.Generator) -> None:
    """Half of one platform answer RTT2 as somebody else of it did: the loading halves, the margin stays."""
    rows = np.flatnonzero((table["platform"] == "douyin") & (rng.random(N) < 0.5))
    table.loc[rows, "RTT2"] = table.loc[rng.permutation(rows), "RTT2"].to_numpy()


def higher_intercept(table: pd.DataFrame, rng: np.random.Generator) -> None:
    """In one language CSV3 is worded more agreeably: a category more at the same capital."""
    rows = table["language"] == "en"
    table.loc[rows, "CSV3"] = np.clip(table.loc[rows, "CSV3"] + 1, 1, 7)


@pytest.mark.parametrize(
    ("change", "grouping", "freed"),
    [
        (same, "platform", ()),
        (weaker_loading, "platform", ("RTT=~RTT2", "RTT2~1")),
        (higher_intercept, "language", ("CSV3~1",)),
    ],
)
def test_the_item_that_differs_is_named_and_no_other(
    change: Callable[[pd.DataFrame, np.random.Generator], None], grouping: str, freed: tuple[str, ...]
) -> None:
    found = ladders(*drawn(change))
    assert set(found) == {(g, i.value) for g in ("platform", "language") for i in Indicators}
    for (where, indicators), ladder in found.items():
        assert ladder.holds("scalar"), (where, indicators)
        if indicators == Indicators.ITEMS:
            own = [entry for entry in ladder.freed if "~~" not in entry]
            assert own == (list(freed) if where == grouping else []), where


LOADING, METHOD = 0.65, 0.5
CUTS = (-1.5, -1, -0.5, 0, 0.5, 1)


def correlated(r: float, *, method: bool = False, seed: int = 2) -> Sample:
    """Dimensions whose factors correlate r, items loading .65; with ``method`` also .5 on a factor of all.

    The items of every other construct, the marker too, load on its own factor and on the method.
    """
    rng = np.random.default_rng(seed)
    general, common = rng.standard_normal((2, N))
    share = METHOD if method else 0.0
    noise = np.sqrt(1 - LOADING**2 - share**2)
    source = {construct.code: rng.standard_normal(N) for construct in STUDY.constructs}
    for dimension in STUDY.dimensions:
        own = np.sqrt(r) * general + np.sqrt(1 - r) * rng.standard_normal(N)
        source |= {f: np.sqrt(0.9) * own + np.sqrt(0.1) * rng.standard_normal(N) for f in dimension.facets}
    columns = {}
    for construct in STUDY.constructs:
        for item in construct.items:
            own = LOADING * source[construct.code] + share * common
            latent = own + noise * rng.standard_normal(N)
            code = np.digitize(latent, CUTS) + 1
            columns[item.code] = 8 - code if item.reverse else code
    answers = check_answers(STUDY, pd.DataFrame(columns))
    return draw_sample(STUDY, answers, np.ones(N, bool), "none", Scored.NORMAL)[0]


def gate(sample: Sample) -> GateOutcome:
    return measurement_gate(STUDY, sample, one_factors(STUDY, sample))


def test_capitals_that_are_one_do_not_pass_and_stop_what_depends_on_them() -> None:
    sample = correlated(0.97)
    found = gate(sample)
    assert not found.passed
    assert "not separable" in found.statement
    failed = {check.name.split()[0] for check in found.checks if check.passed is not True}
    assert failed == {"HTMT", "correlation"}
    codes = ("H1", "H7p")
    study = replace(STUDY, hypotheses=tuple(h for h in STUDY.hypotheses if h.code in codes))
    tested = weigh_hypotheses(study, sample, gate_passed=found.passed)
    for code in codes:
        assert tested.rulings[code].verdict is Verdict.NOT_TESTED
        assert "did not pass" in tested.rulings[code].reason


@pytest.mark.parametrize("method", [False, True])
def test_the_marker_tells_a_method_factor_from_none(method: bool) -> None:
    """Distinct capitals (.5) pass either way; only the marker shows that their correlations are inflated."""
    sample = correlated(0.5, method=method)
    assert gate(sample).passed
    bias = method_bias(STUDY, sample)
    assert isinstance(bias, MethodBias)
    assert isinstance(bias.marker, MarkerTest)
    assert bias.marker.present is method
    change = (bias.marker.correlations["baseline"] - bias.marker.correlations["method"]).mean()
    if method:
        # The marker's factor is .5² / (.65² + .5²) = 37% method, so that it takes away part of the excess .2.
        assert change == pytest.approx(0.37 * 0.2, abs=0.05)
    else:
        assert abs(change) < 0.01
