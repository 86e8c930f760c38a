"""Confirmatory, exploratory or unknown: what a plan's date can be told from."""

from pathlib import Path

import pytest

from analysis.pipeline.planning_status import plan_status
from analysis.pipeline.result import PlanStatus
from analysis.planning.simulate import simulate
from analysis.preparation.answers import check_answers
from questionnaire.loading import load_study

STUDY = load_study(Path(__file__).parents[2] / "data" / "studies" / "tea_breaks.yaml")
TABLE = simulate(STUDY, 12, seed=1)
OWN, OTHER = f"1.0+{STUDY.content_hash[:12]}", "1.0+" + "0" * 12


@pytest.mark.parametrize(
    ("versions", "registered", "synthetic", "status"),
    [
        ([OWN] * 12, None, False, PlanStatus.CONFIRMATORY),
        ([OWN] * 11 + [OTHER], None, False, PlanStatus.EXPLORATORY),
        ([None] * 12, None, False, PlanStatus.UNKNOWN),
        (None, None, False, PlanStatus.UNKNOWN),
        (None, STUDY.plan_hash, False, PlanStatus.CONFIRMATORY),
        ([OWN] * 12, "another plan", False, PlanStatus.EXPLORATORY),
        ([OWN] * 12, STUDY.plan_hash, True, PlanStatus.UNKNOWN),
    ],
)
def test_the_plan_must_be_older_than_the_answers(versions, registered, synthetic, status):
    table = TABLE.drop(columns="version") if versions is None else TABLE.assign(version=versions)
    found, sentence = plan_status(STUDY, check_answers(STUDY, table), registered, synthetic=synthetic)
    assert found is status
    assert sentence
