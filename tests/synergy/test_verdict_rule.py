"""The five verdicts of the rule, families and the order of reading."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.synergy.multiplicity import adjust
from analysis.synergy.verdict import Verdict, decide, decide_jointly
from questionnaire.plan import Expected

UP, DOWN, EITHER = Expected.POSITIVE, Expected.NEGATIVE, Expected.TWO_SIDED


@pytest.mark.parametrize(
    ("estimate", "half95", "half90", "expected", "verdict"),
    [
        (0.30, 0.10, 0.08, UP, Verdict.SUPPORTED),
        (0.08, 0.05, 0.04, UP, Verdict.TRIVIAL),
        (-0.30, 0.10, 0.08, UP, Verdict.CONTRADICTED),
        (-0.30, 0.10, 0.08, DOWN, Verdict.SUPPORTED),
        (0.30, 0.10, 0.08, DOWN, Verdict.CONTRADICTED),
        (-0.30, 0.10, 0.08, EITHER, Verdict.SUPPORTED),
        (0.02, 0.06, 0.05, UP, Verdict.NO_EFFECT),
        (0.02, 0.10, 0.085, UP, Verdict.UNDECIDED),
        (0.15, 0.20, 0.17, UP, Verdict.UNDECIDED),
        (0.10, 0.05, 0.04, UP, Verdict.SUPPORTED),
    ],
)
def test_each_verdict(
    estimate: float, half95: float, half90: float, expected: Expected, verdict: Verdict
) -> None:
    wide = (estimate - half95, estimate + half95)
    narrow = (estimate - half90, estimate + half90)
    assert decide(estimate, wide, narrow, 0.10, expected) is verdict


def test_what_multiplicity_takes_away_is_not_supported() -> None:
    arguments = (0.30, (0.01, 0.59), (0.06, 0.54), 0.10, UP)
    assert decide(*arguments) is Verdict.SUPPORTED
    assert decide(*arguments, significant=False) is Verdict.UNDECIDED


@given(
    st.floats(-1, 1), st.floats(0.001, 1), st.floats(0.001, 0.5), st.sampled_from([UP, DOWN]), st.booleans()
)
def test_turning_the_scale_turns_nothing_else(
    estimate: float, half: float, sesoi: float, expected: Expected, significant: bool
) -> None:
    other = DOWN if expected is UP else UP
    wide, narrow = (estimate - half, estimate + half), (estimate - 0.84 * half, estimate + 0.84 * half)
    turned_wide, turned_narrow = (-wide[1], -wide[0]), (-narrow[1], -narrow[0])
    assert decide(estimate, wide, narrow, sesoi, expected, significant=significant) is decide(
        -estimate, turned_wide, turned_narrow, sesoi, other, significant=significant
    )


@pytest.mark.parametrize(
    ("parts", "joint"),
    [
        (["supported", "supported"], Verdict.SUPPORTED),
        (["supported", "supported, trivially small"], Verdict.TRIVIAL),
        (["supported", "undecided"], Verdict.UNDECIDED),
        (["undecided", "no effect of interest"], Verdict.NO_EFFECT),
        (["supported", "contradicted", "undecided"], Verdict.CONTRADICTED),
    ],
)
def test_a_joint_claim_is_as_strong_as_its_weakest_part(parts: list[str], joint: Verdict) -> None:
    assert decide_jointly([Verdict(part) for part in parts]) is joint


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        # R: p.adjust(c(.01, .04, .03, .005), method)
        ("holm", [0.03, 0.06, 0.06, 0.02]),
        ("bonferroni", [0.04, 0.16, 0.12, 0.02]),
        ("fdr_bh", [0.02, 0.04, 0.04, 0.02]),
        ("none", [0.01, 0.04, 0.03, 0.005]),
    ],
)
def test_adjusted_p_values_are_rs(method: str, expected: list[float]) -> None:
    np.testing.assert_allclose(adjust(np.array([0.01, 0.04, 0.03, 0.005]), method), expected)


@given(st.lists(st.floats(0, 1), max_size=8), st.sampled_from(["holm", "bonferroni", "fdr_bh"]))
def test_adjustment_never_helps_and_keeps_the_order(pvalues: list[float], method: str) -> None:
    p = np.array(pvalues)
    adjusted = adjust(p, method)
    assert ((adjusted >= p) & (adjusted <= 1)).all()
    assert (np.diff(adjusted[np.argsort(p, kind="stable")]) >= 0).all()
