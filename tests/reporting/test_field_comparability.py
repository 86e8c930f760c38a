"""The answers in a store, and what they say about comparing groups."""

from pathlib import Path

import numpy as np
import pytest

from analysis.pipeline import field_flags
from analysis.planning.simulate import simulate
from analysis.preparation.answers import check_answers
from analysis.reporting.field_comparability import field_comparability
from questionnaire.loading import load_study

STUDY = load_study(Path(__file__).parents[2] / "data" / "studies" / "social_capital.yaml")
N = 600


@pytest.mark.parametrize(("moved", "comparable"), [((), True), (("RTT", "RRN"), False)])
def test_means_are_comparable_where_answers_mean_the_same(
    monkeypatch: pytest.MonkeyPatch, moved: tuple[str, ...], comparable: bool
) -> None:
    """Two of three facets of a capital a scale point higher on one platform, at the same capital."""
    table = simulate(STUDY, N, 3)
    table["platform"] = np.where(np.arange(N) < N // 2, "jd", "douyin")
    rows = table["platform"] == "jd"
    for construct in STUDY.constructs:
        for item in construct.items if construct.code in moved else ():
            step = 2 if construct.code == "RTT" else -2
            table.loc[rows, item.code] = np.clip(table.loc[rows, item.code] + step, 1, 7)
    answers = check_answers(STUDY, table)
    monkeypatch.setattr(field_flags, "finished_answers", lambda *_: (STUDY, answers))
    found = field_comparability("sqlite://", STUDY.code, "zh-CN")
    assert found.comparable is comparable
    assert ("不变性" in found.reason) is not comparable


def test_nobody_has_finished(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(field_flags, "finished_answers", lambda *_: (STUDY, None))
    assert field_comparability("sqlite://", STUDY.code, "en").reason == "nobody has finished"
