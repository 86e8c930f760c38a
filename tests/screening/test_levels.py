"""Flags become levels by the study's rules; what cannot be judged is never flagged."""

import numpy as np
import pytest

from analysis.screening.indices import INDICES
from analysis.screening.levels import LEVELS, screen
from analysis.screening.responses import Responses
from analysis.unavailable import Unavailable
from questionnaire.instrument import CheckKind
from questionnaire.plan import SCREENING_INDICES, ScreeningRule

RULES = (
    ScreeningRule("attention", 1, "attention"),
    ScreeningRule("longstring", 6, "rule"),
    ScreeningRule("seconds_per_item", 2, "rule"),
    ScreeningRule("irv", 0.1, "any"),
)


def responses() -> Responses:
    rng = np.random.default_rng(8)
    raw = rng.integers(1, 8, size=(5, 12)).astype(float)
    raw[1, :8] = 4  # a long string only
    raw[2] = 4  # long string and no variability
    raw[3] = 4
    failed = np.array([[0.0], [0], [0], [0], [1]])
    seconds = np.array([100.0, 100, 100, 5, np.nan])
    return Responses(
        raw, raw, ((0, 1), (2, 3), (4, 5)), {CheckKind.INSTRUCTED: failed}, seconds, None, raw, None, 1
    )


def test_levels_are_nested_as_the_rules_say() -> None:
    found = screen(responses(), RULES)
    kept = {level: found.kept[level].tolist() for level in LEVELS}
    assert kept["none"] == [True] * 5
    assert kept["attention"] == [True, True, True, True, False]
    assert kept["rule"] == [True, True, True, False, False]
    assert kept["any"] == [True, False, False, False, False]


def test_two_is_another_name_of_rule() -> None:
    other = tuple(ScreeningRule(r.index, r.threshold, "two" if r.level == "rule" else r.level) for r in RULES)
    for level in LEVELS:
        assert (
            screen(responses(), other).kept[level].tolist() == screen(responses(), RULES).kept[level].tolist()
        )


def test_study_files_may_name_every_index() -> None:
    assert set(SCREENING_INDICES) == set(INDICES)


def test_a_threshold_raises_the_flag_and_the_unknown_does_not() -> None:
    found = screen(responses(), (ScreeningRule("longstring", 8, "any"), ScreeningRule("seconds_per_item", 2)))
    assert found.flags["longstring"].tolist() == [False, True, True, True, False]
    assert not found.flags["seconds_per_item"][4]
    assert found.judged["seconds_per_item"] == 4


def test_an_index_that_cannot_be_computed_flags_nobody_and_says_why() -> None:
    found = screen(responses(), (ScreeningRule("arrivals", 3), ScreeningRule("luck", 1)))
    assert isinstance(found.values["arrivals"], Unavailable)
    assert "no index 'luck'" in found.values["luck"].reason
    assert found.kept["any"].all()


@pytest.mark.parametrize("name", INDICES)
def test_every_index_gives_one_value_a_respondent_or_a_reason(name: str) -> None:
    found = INDICES[name].compute(responses())
    if isinstance(found, Unavailable):
        assert found.reason
    else:
        assert found.values.shape == found.judged.shape == (5,)
