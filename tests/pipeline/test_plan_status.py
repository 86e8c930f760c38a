"""Confirmatory, exploratory or unknown: what a plan's date can be told from."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.pipeline.planning_status import plan_status
from analysis.pipeline.result import PlanStatus
from analysis.planning.simulate import simulate
from analysis.preparation.answers import check_answers
from questionnaire.fielding.desk import close_study, open_study, plan_at_opening
from questionnaire.loading import dump_study, load_study, parse_study
from questionnaire.service import Fielding
from questionnaire.storage import connect
from questionnaire.study import Study

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


def first_hypothesis(study: Study, **changes: object) -> Study:
    head, *rest = study.hypotheses
    return replace(study, hypotheses=(replace(head, **changes), *rest))


def first_model(study: Study, **changes: object) -> Study:
    head, *rest = study.models
    return replace(study, models=(replace(head, **changes), *rest))


def reworded_item(study: Study) -> Study:
    head, *rest = study.constructs
    item, *others = head.items
    worded = replace(item, wording=dict.fromkeys(study.languages, "Other words."))
    return replace(study, constructs=(replace(head, items=(worded, *others)), *rest))


EDITS: dict[str, tuple[Callable[[Study], Study], PlanStatus]] = {
    "smallest effect": (lambda s: first_hypothesis(s, sesoi=0.01), PlanStatus.EXPLORATORY),
    "level": (lambda s: first_hypothesis(s, alpha=0.1), PlanStatus.EXPLORATORY),
    "another estimator": (
        lambda s: replace(s, measurement=replace(s.measurement, estimator="MLR")),
        PlanStatus.EXPLORATORY,
    ),
    "a hypothesis dropped": (lambda s: replace(s, hypotheses=s.hypotheses[:-1]), PlanStatus.EXPLORATORY),
    "draws of the model test": (
        lambda s: replace(s, rules=replace(s.rules, model_test_draws=999)),
        PlanStatus.EXPLORATORY,
    ),
    "screening": (
        lambda s: replace(s, screening=(replace(s.screening[0], threshold=20.0), *s.screening[1:])),
        PlanStatus.EXPLORATORY,
    ),
    "wording of a hypothesis": (
        lambda s: first_hypothesis(s, statement=dict.fromkeys(s.languages, "Said otherwise.")),
        PlanStatus.CONFIRMATORY,
    ),
    "name of a model": (
        lambda s: first_model(s, name=dict.fromkeys(s.languages, "Another name")),
        PlanStatus.CONFIRMATORY,
    ),
    "wording of an item": (reworded_item, PlanStatus.CONFIRMATORY),
}


@pytest.mark.parametrize("name", EDITS)
def test_what_is_edited_after_opening_decides(name: str) -> None:
    """Opened, edited, opened again as another version: the plan stored at the first opening counts."""
    edit, status = EDITS[name]
    storage = connect("memory:")
    Fielding(STUDY, dump_study(STUDY), storage).open()
    edited = parse_study(dump_study(edit(STUDY)), "edited.yaml")
    assert edited.content_hash != STUDY.content_hash
    close_study(storage, STUDY, "2026-01-02T00:00:00.000Z")
    Fielding(edited, dump_study(edited), storage).open()
    open_study(storage, edited, "2026-01-03T00:00:00.000Z")
    registered = plan_at_opening(storage, STUDY.code)
    answers = check_answers(edited, TABLE.assign(version=f"1.0+{edited.content_hash[:12]}"))
    found, _ = plan_status(edited, answers, registered, synthetic=False)
    assert found is status
    # Going back to the plan of the opening makes it confirmatory again.
    assert plan_status(STUDY, answers, registered, synthetic=False)[0] is PlanStatus.CONFIRMATORY
