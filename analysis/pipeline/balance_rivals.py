"""Rival shapes beside every hypothesis of balance, the weakest link among them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from analysis import sem
from analysis.pipeline.fitting import TROUBLE, Attempt
from analysis.pipeline.result import BalanceRivals
from analysis.pipeline.sample import Sample
from analysis.sem.syntax import parse_model
from analysis.synergy.calibration import calibrate
from analysis.synergy.compiled import CompiledModel
from analysis.synergy.second_opinion import linear_part
from analysis.synergy.surface_rivals import SurfaceRivals, compare_shapes
from analysis.unavailable import Unavailable
from questionnaire.plan import Hypothesis, HypothesisKind
from questionnaire.study import Study


def rivals_of_balance(
    study: Study, sample: Sample, attempts: Mapping[str, Attempt]
) -> tuple[BalanceRivals, ...]:
    """One entry a hypothesis of balance."""
    return tuple(
        BalanceRivals(h.code, _compared(h, sample, attempts.get(h.model)))
        for h in study.hypotheses
        if h.kind is HypothesisKind.CONGRUENCE
    )


def _compared(hypothesis: Hypothesis, sample: Sample, attempt: Attempt | None) -> SurfaceRivals | Unavailable:
    compiled = attempt.compiled if attempt else None
    if compiled is None or not compiled.products:
        return Unavailable(f"{hypothesis.model} was not fitted")
    variables = tuple(dict.fromkeys(part for parts in compiled.products.values() for part in parts))
    read = _equation(compiled)
    if isinstance(read, Unavailable):
        return read
    outcome, predictors = read
    data = sample.frame(compiled).dropna()
    try:
        linear = sem.fit(linear_part(compiled), data[[*compiled.items, *compiled.parcels]])
        if not linear.converged:
            return Unavailable("the model without products did not converge")
        calibrated = calibrate(linear, data, predictors, outcome)
        if isinstance(calibrated, Unavailable):
            return calibrated
        rows = compare_shapes(calibrated, variables)
    except TROUBLE as error:
        return Unavailable(str(error))
    if not np.isfinite(rows["r2_predicted"].to_numpy(dtype=float)).all():
        return Unavailable("the shapes cannot be told apart by these answers")
    return SurfaceRivals(hypothesis.code, hypothesis.model, outcome, variables, len(data), rows)


def _equation(compiled: CompiledModel) -> tuple[str, tuple[str, ...]] | Unavailable:
    """The outcome of the products and every variable that its equation names."""
    paths = [s for s in parse_model(compiled.syntax).parameters if s.op == "~"]
    outcomes = {s.lhs for s in paths if s.rhs in compiled.products}
    if len(outcomes) != 1:
        return Unavailable("rival shapes need products in one equation")
    outcome = outcomes.pop()
    named = [part for s in paths if s.lhs == outcome for part in compiled.products.get(s.rhs, (s.rhs,))]
    return outcome, tuple(dict.fromkeys(named))
