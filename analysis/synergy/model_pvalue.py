"""P value of a product model by parametric bootstrap: products are not normal, and no scaling mends that."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from analysis.sem.errors import SemError
from analysis.sem.fit import Fit
from analysis.sem.resampling.parametric import parametric_test
from analysis.synergy.compiled import CompiledModel
from analysis.synergy.first_order import first_order
from analysis.unavailable import Unavailable

LEAST_SHARE = 0.5
"""Where fewer draws than this have a solution, the rest stand for a selection and not for the model."""


@dataclass(frozen=True, slots=True)
class DrawnTest:
    """``pvalue`` of the model among ``draws`` samples drawn from it; ``failed`` had no solution.

    ``mean``: mean statistic of the draws, which the degrees of freedom would be in a large normal sample;
    ``reasons``: why draws failed, with how many.
    """

    pvalue: float
    draws: int
    failed: int
    mean: float
    reasons: Mapping[str, int]


def drawn_test(
    compiled: CompiledModel,
    fit: Fit,
    draws: int,
    seed: int,
    progress: Callable[[int, int], None] | None = None,
) -> DrawnTest | Unavailable:
    """Draw first-order indicators from the fitted product model, make the products, refit, and compare.

    ``progress(done, draws)`` is called now and then.
    """
    if not compiled.products:
        return Unavailable("the model has no latent products, so its own test stands")
    structure = first_order(compiled, fit)
    if isinstance(structure, Unavailable):
        return structure
    try:
        found = parametric_test(fit, structure.draw, draws, seed, progress)
    except SemError as error:
        return Unavailable(str(error))
    if len(found.draws) < LEAST_SHARE * draws:
        return Unavailable(
            f"only {len(found.draws)} of {draws} draws have a solution ({', '.join(found.failed.reasons)})",
            "Simplify the model or collect more answers.",
        )
    return DrawnTest(found.pvalue, draws, found.failed.count, float(found.draws.mean()), found.failed.reasons)
