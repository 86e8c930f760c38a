"""The draws an analysis keeps of a path, and those a page has drawn later, are the engine's own."""

from pathlib import Path

import numpy as np

from analysis import sem
from analysis.pages.draw_work import column_of, draw_paths
from analysis.pipeline.drawn import kept_draws
from analysis.pipeline.result import FittedModel, Part
from analysis.planning.simulate import simulate
from analysis.unavailable import Unavailable
from questionnaire.loading import load_study

STUDY = load_study(Path(__file__).parents[2] / "data" / "studies" / "tea_breaks.yaml")
MODEL = "MOOD =~ MO1 + MO2 + MO3\nTALK =~ TA1 + TA2 + TA3\nMOOD ~ b*TALK + MO9\ntwice := 2*b"
ITEMS = ["MO1", "MO2", "MO3", "TA1", "TA2", "TA3"]
DRAWS, SEED = 25, 7
HALF = 1e-6
"""Single precision keeps seven digits."""


def fitted():
    data = simulate(STUDY, 200, seed=5)[ITEMS].astype(float)
    data["MO9"] = np.random.default_rng(1).normal(size=len(data))
    return sem.fit(MODEL, data), data


def outcome(fit, data, syntax=MODEL):
    return FittedModel(
        "M", {}, Part.STRUCTURAL, "rule", "normal", "ML", "listwise", syntax, len(data), fit.converged,
        fit.estimates, fit.fit_measures, Unavailable(""), Unavailable(""), (), data=data,
    )  # fmt: skip


def test_regressions_and_effects_are_kept_in_single_precision():
    fit, _ = fitted()
    drawn = fit.bootstrap(draws=DRAWS, seed=SEED).draws
    kept = kept_draws(drawn, fit.estimates)
    assert list(kept.columns) == ["b", "MOOD~MO9", "twice"]
    assert set(kept.dtypes.astype(str)) == {"float32"}
    assert np.allclose(kept, drawn[kept.columns], rtol=HALF)


def test_a_page_draws_what_the_analysis_would_have_drawn():
    fit, data = fitted()
    heard = []
    later = draw_paths(outcome(fit, data), "synergy", DRAWS, SEED, lambda share, doing: heard.append(share))
    assert later.equals(kept_draws(fit.bootstrap(draws=DRAWS, seed=SEED).draws, fit.estimates))
    assert heard == sorted(heard)
    rows = fit.estimates[fit.estimates["op"] == "~"].to_dict("records")
    assert {column_of(row) for row in rows} <= set(later.columns)


def test_a_model_that_cannot_be_drawn_says_why():
    fit, data = fitted()
    found = draw_paths(outcome(fit, data[["MO1"]]), "synergy", DRAWS, SEED, lambda share, doing: None)
    assert isinstance(found, Unavailable)
