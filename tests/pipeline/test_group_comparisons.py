"""Hypotheses about groups, from answers to verdicts: a difference put in, none, and too few to tell."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from analysis.pipeline.grouping import compare_by_groups, group_evidence
from analysis.pipeline.intake import take_in
from analysis.pipeline.invariances import invariances
from analysis.pipeline.stages import draw_sample
from analysis.planning.simulate import simulate
from analysis.preparation.scoring import Scored
from analysis.synergy.evidence import Evidence, NotTested
from analysis.synergy.ruling import rule_all
from analysis.unavailable import Unavailable
from questionnaire.loading import load_study

WHOLE = load_study(Path(__file__).parents[2] / "data" / "studies" / "social_capital.yaml")
STUDY = replace(WHOLE, hypotheses=tuple(h for h in WHOLE.hypotheses if h.code in ("H10", "H10_size")))
TRUTH = {"gS": 0.20, "gR": 0.25, "gC": 0.25}
# Skewed seven-point answers in groups of about 500: four standard errors of a path.
NEAR = 0.30


def found(table):
    answers = take_in(STUDY, table).answers
    kept = np.ones(len(answers), bool)
    sample, _ = draw_sample(STUDY, answers, kept, "none", Scored.NORMAL)
    return compare_by_groups(STUDY, answers, sample, kept, invariances(STUDY, answers, sample, kept))


@pytest.fixture(scope="module")
def same():
    table = simulate(STUDY, 1200, seed=2)
    table["platform"] = np.where(np.arange(len(table)) % 2, "douyin", "jd")
    return table


def test_one_population_in_two_groups_shows_no_difference(same):
    platform, size = found(same)
    paths = platform.found.paths.set_index(["path", "group"])["estimate"]
    for (path, _), value in paths.items():
        assert value == pytest.approx(TRUTH[path], abs=NEAR)
    assert platform.found.df == 3
    assert platform.found.pvalue > 0.001  # a false alarm in one of a thousand seeds; this is a fixed one
    assert isinstance(size.found, NotTested)
    assert "fewer than two groups" in size.found.reason


def test_a_path_that_differs_is_found(same):
    changed = same.copy()
    outcome = [i.code for c in STUDY.constructs if c.code in ("PIP", "PIS", "PIC", "PIN") for i in c.items]
    rng = np.random.default_rng(1)
    rows = np.flatnonzero(changed["platform"] == "jd")
    # In one group intention is exchanged between respondents: nothing predicts it there any more.
    changed.loc[rows, outcome] = changed.loc[rng.permutation(rows), outcome].to_numpy()
    platform = found(changed)[0]
    assert platform.found.pvalue < 1e-6
    paths = platform.found.paths.set_index(["path", "group"])["estimate"]
    assert sum(paths[path, "douyin"] for path in TRUTH) > sum(paths[path, "jd"] for path in TRUTH) + 0.3
    evidence = group_evidence([platform])
    assert isinstance(evidence["H10"], Evidence)
    assert evidence["H10"].pvalue == platform.found.pvalue
    ruling = rule_all(STUDY, evidence, gate_passed=True)["H10"]
    assert "Wald" in ruling.reason


def test_without_invariance_nothing_is_compared(same):
    answers = take_in(STUDY, same).answers
    kept = np.ones(len(answers), bool)
    sample, _ = draw_sample(STUDY, answers, kept, "none", Scored.NORMAL)
    ladders = invariances(STUDY, answers, sample, kept)
    poor = [
        replace(x, found=replace(x.found, reached="configural"))
        if not isinstance(x.found, Unavailable)
        else x
        for x in ladders
    ]
    platform = compare_by_groups(STUDY, answers, sample, kept, poor)[0]
    assert isinstance(platform.found, NotTested)
    assert "metric" in platform.found.reason
    ruling = rule_all(STUDY, group_evidence([platform]), gate_passed=True)["H10"]
    assert ruling.verdict.value == "not tested"
    assert ruling.pvalue_adjusted is None


def test_a_marker_that_was_freed_is_no_longer_the_unit(same):
    answers = take_in(STUDY, same).answers
    kept = np.ones(len(answers), bool)
    sample, _ = draw_sample(STUDY, answers, kept, "none", Scored.NORMAL)
    ladders = [
        replace(x, found=replace(x.found, freed=("S=~STD",)))
        for x in invariances(STUDY, answers, sample, kept)
        if x.grouping == "platform"
    ]
    full = found(same)[0].found
    freed = compare_by_groups(STUDY, answers, sample, kept, ladders)[0].found
    assert freed.wald != full.wald
    assert freed.wald == pytest.approx(full.wald, abs=3)  # one more free loading under a true equality
