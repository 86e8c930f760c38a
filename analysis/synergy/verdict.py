"""The rule that turns an estimate and its intervals into one of five verdicts."""

from __future__ import annotations

from enum import StrEnum

from questionnaire.plan import Expected


class Verdict(StrEnum):
    """The five verdicts, and the two ways of having none."""

    SUPPORTED = "supported"
    TRIVIAL = "supported, trivially small"
    CONTRADICTED = "contradicted"
    NO_EFFECT = "no effect of interest"
    UNDECIDED = "undecided"
    NOT_TESTED = "not tested"
    NOT_COMPUTED = "not computed"


def decide(
    estimate: float,
    ci: tuple[float, float],
    equivalence_ci: tuple[float, float],
    sesoi: float,
    expected: Expected,
    *,
    significant: bool = True,
) -> Verdict:
    """One of the five verdicts.

    ``ci`` is the interval at the confidence level, ``equivalence_ci`` the narrower one for equivalence (two
    one-sided tests, Schuirmann 1987). ``significant`` is False where multiplicity takes significance
    away: the interval then does not count as excluding 0. Both signs are as predicted for a two-sided
    hypothesis.
    """
    excludes = significant and not ci[0] <= 0 <= ci[1]
    sign = -1.0 if expected is Expected.NEGATIVE else 1.0
    as_predicted = expected is Expected.TWO_SIDED or sign * estimate > 0
    if excludes and not as_predicted:
        return Verdict.CONTRADICTED
    if excludes:
        return Verdict.SUPPORTED if abs(estimate) >= sesoi else Verdict.TRIVIAL
    if -sesoi < equivalence_ci[0] and equivalence_ci[1] < sesoi:
        return Verdict.NO_EFFECT
    return Verdict.UNDECIDED


def decide_jointly(verdicts: list[Verdict]) -> Verdict:
    """The verdict when every part must hold by itself (intersection–union; Berger 1982).

    Supported only if all are; contradicted if any is; no effect of interest if any is and none contradicts.
    """
    for worst in (Verdict.CONTRADICTED, Verdict.NO_EFFECT, Verdict.UNDECIDED, Verdict.TRIVIAL):
        if worst in verdicts:
            return worst
    return Verdict.SUPPORTED
