"""The p value of every product model, by samples drawn from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from analysis.pipeline.costs import test_cost
from analysis.pipeline.fitting import Attempt
from analysis.pipeline.progress import Stage, Steps
from analysis.pipeline.result import FittedModel
from analysis.synergy.model_pvalue import DrawnTest, drawn_test
from analysis.unavailable import Unavailable


def draw_model_tests(
    attempts: Mapping[str, Attempt], draws: int, seed: int, steps: Steps
) -> dict[str, Attempt]:
    """The attempts with the test in the outcome of each model that has products."""
    costs = {code: _cost(attempt) for code, attempt in attempts.items()}
    whole, before = sum(costs.values()) or 1.0, 0.0
    found: dict[str, Attempt] = {}
    steps.begin(Stage.MODEL_TESTS, "testing product models by drawing from them")
    for code, attempt in attempts.items():
        tick = partial(_told, steps, code, before / whole, costs[code] / whole)
        found[code] = _tested(attempt, draws, seed, tick)
        before += costs[code]
    return found


def _told(steps: Steps, code: str, before: float, own: float, done: int, of: int) -> None:
    steps.part(before + own * done / of, f"testing {code} by samples drawn from it: {done} of {of}")


def _cost(attempt: Attempt) -> float:
    """What the draws of this model cost, 0 where none are made."""
    has_products = attempt.compiled is not None and attempt.compiled.products and attempt.fit is not None
    return test_cost(attempt.compiled) if has_products and attempt.compiled is not None else 0.0


def _tested(attempt: Attempt, draws: int, seed: int, tick: Callable[[int, int], None]) -> Attempt:
    outcome, compiled, fit = attempt.outcome, attempt.compiled, attempt.fit
    if not isinstance(outcome, FittedModel) or compiled is None or fit is None:
        return attempt
    found: DrawnTest | Unavailable
    if not outcome.converged:
        found = Unavailable("it did not converge")
    elif draws < 1:
        found = Unavailable("not asked for")
    else:
        found = drawn_test(compiled, fit, draws, seed, tick)
    return replace(attempt, outcome=replace(outcome, drawn_test=found))
