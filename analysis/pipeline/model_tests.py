"""The p value of every product model, by samples drawn from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from analysis.pipeline.fitting import Attempt
from analysis.pipeline.result import FittedModel
from analysis.synergy.model_pvalue import DrawnTest, drawn_test
from analysis.unavailable import Unavailable


def draw_model_tests(attempts: Mapping[str, Attempt], draws: int, seed: int) -> dict[str, Attempt]:
    """The attempts with the test in the outcome of each model that has products."""
    return {code: _tested(attempt, draws, seed) for code, attempt in attempts.items()}


def _tested(attempt: Attempt, draws: int, seed: int) -> Attempt:
    outcome, compiled, fit = attempt.outcome, attempt.compiled, attempt.fit
    if not isinstance(outcome, FittedModel) or compiled is None or fit is None:
        return attempt
    found: DrawnTest | Unavailable
    if not outcome.converged:
        found = Unavailable("it did not converge")
    elif draws < 1:
        found = Unavailable("not asked for")
    else:
        found = drawn_test(compiled, fit, draws, seed)
    return replace(attempt, outcome=replace(outcome, drawn_test=found))
