"""From an estimated model to its errors, tests and fit measures, for any estimator: orchestration only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.sem.estimation.estimated import Estimated
from analysis.sem.inference.baseline import baseline_of
from analysis.sem.inference.covariance import Errors, errors_of
from analysis.sem.inference.fit_measures import Measured, RobustMisfit, averaged, fit_measures
from analysis.sem.inference.residual_summaries import goodness_of_fit, residual_summaries
from analysis.sem.inference.tests import Test, test_of
from analysis.sem.method import Method
from analysis.sem.sample.moments import GroupSample

__all__ = ["Inference", "infer", "measures"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Inference:
    """Errors and test of the model."""

    errors: Errors
    test: Test


def infer(estimated: Estimated, method: Method) -> Inference:
    """Errors and tests by the method."""
    if estimated.objective.samples[0].ordinal is not None:
        from analysis.sem.inference.ordinal import ordinal_errors, ordinal_test

        errors = ordinal_errors(estimated, method)
        return Inference(errors, ordinal_test(estimated, errors, method))
    errors = errors_of(estimated, method)
    return Inference(errors, test_of(estimated, errors, method, None))


def measures(
    estimated: Estimated, inference: Inference, method: Method, predictors: tuple[int, ...]
) -> dict[str, float]:
    """Fit measures by lavaan's names; predictors as in `baseline_of`."""
    if estimated.objective.samples[0].ordinal is not None:
        from analysis.sem.inference.ordinal_measures import ordinal_measures

        return ordinal_measures(estimated, inference.errors, inference.test, method, predictors)
    null = baseline_of(estimated, predictors)
    # Of the samples alone under Yuan and Bentler's test; Satorra and Bentler's weights are the model's.
    known = inference.test.saturated
    shared = known if method.test == "yuan_bentler" and np.isfinite(known) else None
    baseline = test_of(null, errors_of(null, method) if method.robust else None, method, shared)
    objective = estimated.objective
    samples, states = objective.samples, estimated.solution.point.states
    means = objective.cells.meanstructure
    summaries = [
        residual_summaries(s.cov, s.mean, at.at.sigma, at.at.mu if means else s.mean, means)
        for s, at in zip(samples, states, strict=True)
    ]
    gfi, n_moments = _gfi(estimated, method)
    unrestricted = _saturated_logl(estimated) if objective.estimator.likelihood else np.nan
    chisq = float(sum(2.0 * s.n * at.value for s, at in zip(samples, states, strict=True)))
    return fit_measures(
        Measured(
            test=inference.test,
            baseline=baseline,
            robust=_robust(estimated, null, inference.test, baseline, method),
            shifted=False,
            fmin=estimated.solution.point.value,
            n=estimated.n_total - (len(samples) if objective.estimator.unbiased else 0),
            n_total=estimated.n_total,
            groups=len(samples),
            npar=estimated.n_parameters,
            logl=unrestricted - 0.5 * chisq,
            unrestricted_logl=unrestricted,
            gfi=gfi,
            gfi_moments=n_moments,
            residuals=averaged(summaries, objective.shares.tolist()),
        )
    )


def _robust(
    estimated: Estimated, null: Estimated, test: Test, baseline: Test, method: Method
) -> RobustMisfit | None:
    if method.discrepancy == "FIML":
        return _robust_incomplete(estimated, null, method)
    if not method.robust:
        return None
    return RobustMisfit(test.chisq, test.scaling, test.chisq_scaled, baseline.chisq, baseline.scaling)


def _robust_incomplete(estimated: Estimated, null: Estimated, method: Method) -> RobustMisfit:
    from analysis.sem.inference.fiml_corrected import corrected, lost_information

    try:
        lost = [
            lost_information(sample, estimated.exogenous, casewise=method.robust, clustered=method.clustered)
            for sample in estimated.objective.samples
        ]
        own = corrected(estimated.objective, estimated.solution.point, estimated.tangent, lost)
        base = corrected(null.objective, null.solution.point, null.tangent, lost)
    except np.linalg.LinAlgError:
        return RobustMisfit(np.nan, np.nan, np.nan, np.nan, np.nan)
    scaling = own.bias / estimated.df if estimated.df > 0 else np.nan
    return RobustMisfit(
        own.chisq, scaling, own.chisq / scaling, base.chisq, base.bias / null.df if null.df > 0 else np.nan
    )


def _saturated_logl(estimated: Estimated) -> float:
    """Log-likelihood of the saturated model, given the fixed.x variables."""
    x = estimated.exogenous
    total = 0.0
    for sample in estimated.objective.samples:
        if sample.patterns is not None:
            total -= 0.5 * (sample.n * sample.saturated + sample.patterns.n_values * np.log(2.0 * np.pi))
        else:
            total += _normal_logl(sample.n, sample.logdet, len(sample.mean))
        if len(x):
            total -= _normal_logl(sample.n, float(np.linalg.slogdet(sample.cov[np.ix_(x, x)])[1]), len(x))
    return float(total)


def _normal_logl(n: int, logdet: float, p: int) -> float:
    """Of n cases at their own moments."""
    return float(-0.5 * n * (p * np.log(2.0 * np.pi) + logdet + p))


def _gfi(estimated: Estimated, method: Method) -> tuple[float, int]:
    """GFI averaged over groups with its number of moments, by the discrepancy's own weights."""
    objective = estimated.objective
    values, count = [], 0
    means = objective.cells.meanstructure
    for sample, state in zip(objective.samples, estimated.solution.point.states, strict=True):
        p = len(sample.mean)
        count += p * (p + 1) // 2 + (p if means else 0)
        at = state.at
        d = sample.mean - at.mu if means else np.zeros(p)
        m = sample.mean if means else np.zeros(p)
        values.append(_gfi_group(sample, at.sigma, at.mu, d, m, estimated, method))
    return float(objective.shares @ np.array(values)), count


def _gfi_group(
    sample: GroupSample, sigma: Floats, mu: Floats, d: Floats, m: Floats, estimated: Estimated, method: Method
) -> float:
    """r'Wr and s'Ws; moments of fixed.x variables have no weight under maximum likelihood."""
    x = estimated.exogenous
    if method.discrepancy == "FIML":
        from analysis.sem.inference import saturated_information as moments

        used = moments.used_moments(len(m), x, True)
        weight = moments.expected(sample, sigma, mu)[np.ix_(used, used)]
        r, s = _stacked(sample.cov - sigma, d)[used], _stacked(sample.cov, m)[used]
        return goodness_of_fit(float(r @ weight @ r), float(s @ weight @ s))
    residual, total = sample.cov - sigma, sample.cov.copy()
    if method.discrepancy == "ULS":
        lower = np.tril_indices(len(m))
        return goodness_of_fit(
            float(np.sum(residual[lower] ** 2) + d @ d), float(np.sum(total[lower] ** 2) + m @ m)
        )
    inverse = np.linalg.inv(sample.cov if method.discrepancy == "GLS" else sigma)
    m = m.copy()
    if len(x):
        total[np.ix_(x, x)] = 0.0
        m[x] = 0.0
    WR, WS = inverse @ residual, inverse @ total
    top = 0.5 * float(np.sum(WR * WR.T)) + float(d @ inverse @ d)
    return goodness_of_fit(top, 0.5 * float(np.sum(WS * WS.T)) + float(m @ inverse @ m))


def _stacked(cov: Floats, mean: Floats) -> Floats:
    j, i = np.triu_indices(len(mean))
    return np.concatenate([mean, cov[i, j]])
