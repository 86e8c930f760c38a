"""Every matching of product indicators: how many there are, and that each is what it says."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from analysis.pipeline.fitting import fit_model
from analysis.pipeline.intake import take_in
from analysis.pipeline.matching import matching_matters, spread_over_matchings
from analysis.pipeline.result import Part
from analysis.pipeline.stages import draw_sample
from analysis.planning.simulate import simulate
from analysis.preparation.scoring import Scored
from analysis.synergy.compile import compile_model
from analysis.synergy.matchings import orders
from analysis.unavailable import Unavailable
from questionnaire.loading import load_study

STUDY = load_study(Path(__file__).parents[2] / "data" / "studies" / "social_capital.yaml")
# Two fits of one model from differently ordered parameters end this close.
OPTIMISER = 1e-5


def compiled(code):
    errors = dict.fromkeys(STUDY.measurement.single_indicators, 0.1)
    return compile_model(STUDY, STUDY.model(code), error_variances=errors)


@pytest.fixture(scope="module")
def sample():
    answers = take_in(STUDY, simulate(STUDY, 500, seed=3)).answers
    return draw_sample(STUDY, answers, np.ones(len(answers), bool), "none", Scored.NORMAL)[0]


@pytest.mark.parametrize(("code", "count"), [("M5_INT2", 36), ("M7_INT3", 36), ("M5c_PCM", 36)])
def test_three_variables_of_three_indicators_have_36_matchings(code, count):
    ways = orders(compiled(code))
    assert len(ways) == count
    assert len({tuple(sorted(way.items())) for way in ways}) == count
    assert all(order == (0, 1, 2) for order in ways[0].values())


@pytest.mark.parametrize(
    ("code", "why"), [("M8_QUAD", "square"), ("M6_TRUST", "different numbers"), ("M1_ADD", "no latent")]
)
def test_models_that_cannot_be_matched_otherwise_say_why(code, why):
    ways = orders(compiled(code))
    assert isinstance(ways, Unavailable)
    assert why in ways.reason


def test_a_matching_is_the_model_of_a_study_that_lists_the_facets_so(sample):
    attempt = fit_model(STUDY, STUDY.model("M5_INT2"), sample, {}, part=Part.STRUCTURAL)
    spreads = {m.hypothesis: m for m in spread_over_matchings(STUDY, sample, {"M5_INT2": attempt})}
    assert set(spreads) == {"H5b", "H7p", "H7_SR", "H7_SC", "H7_RC"}
    pooled = spreads["H7p"]
    assert len(pooled.fitted) == 36
    other = next(k for k, name in enumerate(pooled.rows["matching"]) if name == "R:312 C:213")
    order = {"R": (2, 0, 1), "C": (1, 0, 2)}
    dimensions = tuple(
        replace(d, facets=tuple(d.facets[k] for k in order.get(d.code, range(len(d.facets)))))
        for d in STUDY.dimensions
    )
    study = replace(STUDY, dimensions=dimensions)
    for k, of in ((0, STUDY), (other, study)):
        fit = fit_model(of, of.model("M5_INT2"), sample, {"q": "(gSR + gSC + gRC)/3"}, part=Part.STRUCTURAL)
        row = pooled.rows.iloc[k]
        assert row["estimate"] == pytest.approx(fit.effects["q"]["est"], abs=OPTIMISER)
        assert row["se"] == pytest.approx(fit.effects["q"]["se"], abs=OPTIMISER)
    assert pooled.planned == pooled.rows["estimate"].iloc[0]
    assert pooled.rows["estimate"].std() > 100 * OPTIMISER


def test_a_verdict_that_hangs_on_the_matching_is_told(sample):
    attempt = fit_model(STUDY, STUDY.model("M5_INT2"), sample, {}, part=Part.STRUCTURAL)
    (spread, *_) = spread_over_matchings(STUDY, sample, {"M5_INT2": attempt})
    mixed = spread.rows.assign(verdict=["supported"] * 9 + ["undecided"] * 27)
    (finding,) = matching_matters((replace(spread, rows=mixed),))
    assert "25%" in str(finding)
    assert not list(matching_matters((replace(spread, rows=mixed.assign(verdict="undecided")),)))
