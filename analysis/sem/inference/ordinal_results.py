"""Everything inferred from a weighted least squares fit of two-stage statistics: errors, tests, residuals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.sem.estimation.objective import Objective, Point
from analysis.sem.estimation.wls import State, ordinal_part, share
from analysis.sem.inference.categorical_misfit import (
    CorrelationFit,
    bias,
    discrepancy,
    null_bias,
    null_discrepancy,
)
from analysis.sem.inference.scaled_shifted import (
    Curvature,
    ScaledShifted,
    baseline_traces,
    difference_traces,
    information,
    meat,
    scaled_shifted,
    traces,
)
from analysis.sem.sample.moments import GroupSample

__all__ = ["Misfit", "OrdinalResults", "difference_test", "ordinal_results"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Misfit:
    """What robust CFI and RMSEA are made of: N times the discrepancy, its bias per df, both without model."""

    chisq: float
    scaling: float
    baseline_chisq: float
    baseline_scaling: float


@dataclass(frozen=True, slots=True, eq=False)
class OrdinalResults:
    """covariance: (q, q) of the parameters · chisq on df, that of the independence model on baseline_df ·
    scaled, baseline_scaled: the same with robust errors, None without or where df is 0 · srmr · curvatures,
    inverse: what comparing models needs · misfit: None with the reason in misfit_reason where polychoric ML
    does not apply."""

    covariance: Floats
    chisq: float
    df: int
    baseline_chisq: float
    baseline_df: int
    scaled: ScaledShifted | None
    baseline_scaled: ScaledShifted | None
    srmr: float
    curvatures: tuple[Curvature, ...]
    inverse: Floats
    misfit: Misfit | None
    misfit_reason: str


def ordinal_results(objective: Objective, point: Point, tangent: Floats, *, robust: bool) -> OrdinalResults:
    """Results at the estimates; ``tangent`` (q, r): directions free under all constraints.

    ``robust``: sandwich errors and scaled-and-shifted tests (WLSMV, ULSMV), otherwise those of DWLS as if W
    were Γ⁻¹. Raises numpy.linalg.LinAlgError where the model is not identified.
    """
    samples, groups = objective.samples, curvatures(objective, point, tangent)
    inverse = np.asarray(np.linalg.inv(information(groups)), dtype=float)
    spread = inverse @ meat(groups) @ inverse if robust else inverse
    total = sum(s.n for s in samples)
    df = sum(len(g.weight) for g in groups) - tangent.shape[1]
    explained = ordinal_part(samples[0]).stage.layout.n_univariate
    chisq, baseline = 2.0 * total * point.value, _baseline(samples, groups)
    baseline_df = sum(len(ordinal_part(s).stage.layout.pairs) for s in samples)
    misfit, reason = _misfit(samples, point, groups, inverse, df)
    return OrdinalResults(
        covariance=tangent @ spread @ tangent.T / (total - len(samples)),
        chisq=chisq,
        df=df,
        baseline_chisq=baseline,
        baseline_df=baseline_df,
        scaled=scaled_shifted(chisq, df, traces(groups, inverse)) if robust and df > 0 else None,
        baseline_scaled=scaled_shifted(baseline, baseline_df, baseline_traces(groups, explained))
        if robust and baseline_df > 0
        else None,
        srmr=_weighted(groups, [_srmr(s, state) for s, state in zip(samples, point.states, strict=True)]),
        curvatures=groups,
        inverse=inverse,
        misfit=misfit,
        misfit_reason=reason,
    )


def difference_test(smaller: OrdinalResults, larger: OrdinalResults) -> ScaledShifted:
    """Scaled-and-shifted test of a model (``smaller``, more df) nested in another, as lavaan's satorra.2000.

    Raises numpy.linalg.LinAlgError where the models are not nested by the delta method.
    """
    rank = smaller.df - larger.df
    trace = difference_traces(larger.curvatures, larger.inverse, smaller.curvatures, rank)
    return scaled_shifted(smaller.chisq - larger.chisq, rank, trace)


def curvatures(objective: Objective, point: Point, tangent: Floats) -> tuple[Curvature, ...]:
    """Δ, W and Γ of each group."""
    out = []
    for cells, sample, state, portion in zip(
        objective.cells.groups, objective.samples, point.states, objective.shares, strict=True
    ):
        delta = np.zeros((objective.cells.q, len(state.residual)))
        np.add.at(delta, cells.free, state.by_cell.T)
        out.append(Curvature(float(portion), state.weight, ordinal_part(sample).gamma, delta.T @ tangent))
    return tuple(out)


def _baseline(samples: Sequence[GroupSample], groups: Sequence[Curvature]) -> float:
    """Independence fits all but the correlations exactly, since W is diagonal."""
    value = 0.0
    for sample, group in zip(samples, groups, strict=True):
        stage = ordinal_part(sample).stage
        left = slice(stage.layout.n_univariate, None)
        value += sample.n * share(sample) * float(np.sum(group.weight[left] * stage.statistics[left] ** 2))
    return value


def _weighted(groups: Sequence[Curvature], values: Sequence[float]) -> float:
    return sum(group.share * value for group, value in zip(groups, values, strict=True))


def _srmr(sample: GroupSample, state: State) -> float:
    """Bentler's SRMR of the correlations; the divisor counts the variances too, and those of covariates.

    The last is lavaan's convention (0.6-14), kept so that values can be compared.
    """
    stage = ordinal_part(sample).stage
    first, second = stage.layout.pair_index
    sd = np.sqrt(np.diag(stage.cov))
    residual = state.residual[stage.layout.n_univariate :] / (sd[first] * sd[second])
    return float(np.sqrt(np.sum(residual**2) / (len(residual) + len(sample.names))))


def _misfit(
    samples: Sequence[GroupSample], point: Point, groups: Sequence[Curvature], inverse: Floats, df: int
) -> tuple[Misfit | None, str]:
    stages = [ordinal_part(s).stage for s in samples]
    if len(stages[0].layout.continuous):
        return None, "not defined with continuous variables among the ordered ones"
    if stages[0].layout.n_covariates:
        return None, "not defined given covariates"
    if df == 0 or not stages[0].layout.pairs:
        return None, "no degrees of freedom"
    fits = [
        CorrelationFit(stage.cov, _implied_correlations(stage.cov, state), group)
        for stage, state, group in zip(stages, point.states, groups, strict=True)
    ]
    if any(np.linalg.eigvalsh(m)[0] <= 1e-8 for fit in fits for m in (fit.sample, fit.implied)):
        return None, "a matrix of polychoric or implied correlations is not positive definite"
    n = [s.n for s in samples]
    return Misfit(
        chisq=sum(n_g * discrepancy(fit) for n_g, fit in zip(n, fits, strict=True)),
        scaling=bias(fits, inverse) / df,
        baseline_chisq=sum(n_g * null_discrepancy(fit) for n_g, fit in zip(n, fits, strict=True)),
        baseline_scaling=null_bias(fits) / sum(len(stage.layout.pairs) for stage in stages),
    ), ""


def _implied_correlations(cov: Floats, state: State) -> Floats:
    """Sample minus residual: what the model implies for the correlations."""
    implied = cov.copy()
    first, second = np.triu_indices(len(cov), 1)
    residual = state.residual[len(state.residual) - len(first) :]
    implied[first, second] -= residual
    implied[second, first] -= residual
    return implied
