"""Three waves of answers to verdicts on the loop; fewer say why not."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.pipeline.intake import take_in
from analysis.pipeline.panelling import weigh_waves
from analysis.pipeline.result import FailedModel, FittedModel
from analysis.planning.simulate import simulate
from analysis.preparation.scoring import Scored
from analysis.synergy.evidence import Evidence, NotTested
from analysis.synergy.ruling import rule_all
from questionnaire.loading import load_study

WHOLE = load_study(Path(__file__).parents[2] / "data" / "studies" / "social_capital.yaml")
STUDY = replace(WHOLE, hypotheses=tuple(h for h in WHOLE.hypotheses if h.code in ("H9", "H6b")))
WAVES = ("w1", "w2", "w3")
FACETS = {d.code: d.facets for d in STUDY.dimensions}


def answers_of(n, waves, seed):
    """One person's answers move with a stable part: each wave blends the first with fresh ones."""
    rng = np.random.default_rng(seed)
    first = simulate(STUDY, n, seed)
    codes = [c for c in STUDY.items if c in first]
    tables = []
    for k, wave in enumerate(waves):
        fresh = simulate(STUDY, n, seed + 50 + k)
        mine = first[codes].where(rng.random((n, len(codes))) < 0.7, fresh[codes])
        table = first.assign(**{c: mine[c] for c in codes}, wave=wave)
        tables.append(table[rng.random(n) < (1, 0.8, 0.7, 0.6)[k]])
    return pd.concat(tables, ignore_index=True)


@pytest.fixture(scope="module")
def three():
    return weigh_waves(STUDY, take_in(STUDY, answers_of(600, WAVES, 3)), "none", Scored.NORMAL, seed=1)


def test_three_waves_give_lags_loop_and_rivals(three):
    (panel,) = three.panels
    assert panel.n == 600
    assert panel.counts["w1"] == 600 > panel.counts["w2"] > panel.counts["w3"]
    assert set(panel.fits["model"]) >= {"M9_LOOP", "M9_FORWARD", "M9_LOOP (plain)"}
    assert panel.fits.set_index("model").loc["M9_LOOP", "df"] == 22
    assert isinstance(three.attempts["M9_LOOP"].outcome, FittedModel)
    assert set(panel.rivals) == {"M9_FORWARD"}
    found = three.evidence["H9"]
    assert isinstance(found, Evidence)
    assert len(found.parts) == 3
    assert found.effect.estimate == pytest.approx(np.prod([p.estimate for p in found.parts]))
    ruling = rule_all(STUDY, three.evidence, gate_passed=True)["H9"]
    assert "planned for 4 waves" in ruling.reason
    assert "spectral radius" in ruling.reason
    assert "invariance across waves: " in ruling.reason


def test_the_same_seed_gives_the_same_interval(three, monkeypatch):
    # The ladders draw nothing at random and take most of the time.
    monkeypatch.setattr("analysis.pipeline.panelling.wave_invariances", lambda *_: three.invariances)
    again = weigh_waves(STUDY, take_in(STUDY, answers_of(600, WAVES, 3)), "none", Scored.NORMAL, seed=1)
    assert again.panels[0].stability.ci_upper == three.panels[0].stability.ci_upper


@pytest.mark.parametrize("waves", [("w1",), ("w1", "w2")])
def test_fewer_than_three_waves_are_not_tested(waves):
    found = weigh_waves(STUDY, take_in(STUDY, answers_of(100, waves, 3)), "none", Scored.NORMAL, seed=1)
    assert found.panels == ()
    assert isinstance(found.attempts["M9_LOOP"].outcome, FailedModel)
    assert all(isinstance(e, NotTested) for e in found.evidence.values())
    assert f"hold {len(waves)}" in found.evidence["H9"].reason


def test_without_names_of_respondents_waves_cannot_be_joined():
    table = answers_of(100, WAVES, 3).drop(columns="respondent")
    found = weigh_waves(STUDY, take_in(STUDY, table), "none", Scored.NORMAL, seed=1)
    assert "respondent" in found.evidence["H9"].reason


def test_without_rivals_the_evidence_is_the_same(three):
    intake = take_in(STUDY, answers_of(600, WAVES, 3))
    brief = weigh_waves(STUDY, intake, "none", Scored.NORMAL, seed=1, rivals=False)
    assert set(brief.attempts) == {"M9_LOOP"}
    for code, whole in three.evidence.items():
        assert brief.evidence[code].effect.estimate == whole.effect.estimate
        assert brief.evidence[code].pvalue == whole.pvalue
