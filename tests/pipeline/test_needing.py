"""Which conditions are described, and that a hypothesis of necessity never gets a verdict from a p value."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from analysis.pipeline.intake import take_in
from analysis.pipeline.needing import describe_necessity, necessity_evidence
from analysis.pipeline.stages import draw_sample
from analysis.planning.simulate import simulate
from analysis.preparation.scoring import Scored
from analysis.synergy.evidence import NotTested
from analysis.synergy.ruling import rule_all
from questionnaire.loading import load_study
from questionnaire.plan import HypothesisKind

WHOLE = load_study(Path(__file__).parents[2] / "data" / "studies" / "social_capital.yaml")
FIRST = next(h for h in WHOLE.hypotheses if h.code == "H7p")
NEEDED = replace(
    FIRST,
    code="HN",
    kind=HypothesisKind.NECESSITY,
    family="needed",
    after=("measurement",),
    options={"conditions": ("S", "R"), "outcome": "PI"},
)


@pytest.fixture(scope="module")
def sample():
    answers = take_in(WHOLE, simulate(WHOLE, 200, seed=6)).answers
    return draw_sample(WHOLE, answers, np.ones(len(answers), bool), "none", Scored.NORMAL)[0]


def test_what_is_expected_to_work_together_is_described(sample):
    found = describe_necessity(replace(WHOLE, hypotheses=(FIRST,)), sample, seed=1)
    assert [(n.condition, n.outcome) for n in found] == [("S", "PI"), ("R", "PI"), ("C", "PI")]
    assert all(n.n == 200 for n in found)
    again = describe_necessity(replace(WHOLE, hypotheses=(FIRST,)), sample, seed=1)
    assert [c.pvalue for n in found for c in n.ceilings] == [c.pvalue for n in again for c in n.ceilings]


def test_a_hypothesis_of_necessity_gets_figures_and_no_verdict(sample):
    study = replace(WHOLE, hypotheses=(NEEDED,))
    evidence = necessity_evidence(study, describe_necessity(study, sample, seed=1))
    assert isinstance(evidence["HN"], NotTested)
    ruling = rule_all(study, evidence, gate_passed=True)["HN"]
    assert ruling.verdict.value == "not tested"
    assert "d = " in ruling.reason
    assert "described and not tested" in ruling.reason
