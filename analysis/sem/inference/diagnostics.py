"""What a reader must know of a fit before believing it, as coded findings."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.sem.estimation.estimated import Estimated
from analysis.sem.findings import Finding
from analysis.sem.inference.covariance import Errors, scaled_eigen
from analysis.sem.inference.solution import Filled
from analysis.sem.model.cells import GroupCells
from analysis.sem.model.rows import S

__all__ = ["admissibility", "convergence", "identification"]

Floats = NDArray[np.float64]

# Share of a unit null vector from which a parameter counts as taking part.
TAKES_PART = 0.05
# Eigenvalues of the information, scaled to unit diagonal: below the first it is singular, below the second
# the data barely tell some parameters apart.
SINGULAR, NEARLY_SINGULAR = 1e-12, 1e-6


def convergence(estimated: Estimated) -> list[Finding]:
    """Whether the search ended in a minimum, and whether there are data enough."""
    out = []
    solution = estimated.solution
    if not solution.converged:
        out.append(
            Finding(
                "not_converged",
                f"estimation did not converge: {solution.reason}.",
                "Check identification, scales and starting values; statistics below are not to be trusted.",
            )
        )
    q, n = estimated.n_parameters, estimated.n_total
    if n < q:
        out.append(
            Finding("few_cases", f"{n} cases are fewer than the {q} free parameters.", "Simplify the model.")
        )
    return out


def identification(estimated: Estimated, errors: Errors, names: list[str]) -> list[Finding]:
    """Parameters that the model or the data do not determine, named by the null space of the information."""
    objective, point, K = estimated.objective, estimated.solution.point, estimated.tangent
    if not len(point.states) or not K.shape[1]:
        return []
    out = []
    if estimated.df < 0:
        message = f"the model has {-estimated.df} more parameters than there are moments."
        out.append(Finding("negative_df", message, "Fix or equate parameters."))
    values, vectors = _directions(K, objective.information(point))
    null = _named(vectors[:, values < SINGULAR], names)
    weak = _named(vectors[:, (values >= SINGULAR) & (values < NEARLY_SINGULAR)], names)
    if null:
        out.append(
            Finding(
                "not_identified",
                f"the data cannot tell these parameters apart: {', '.join(null)}.",
                "Fix one of them, or give factors a scale and enough indicators.",
                null,
            )
        )
    elif weak:
        out.append(
            Finding(
                "weakly_identified",
                f"these parameters are hardly identified at these data: {', '.join(weak)}.",
                "Expect unstable estimates; look for paths or covariances near zero on which they hang.",
                weak,
            )
        )
    if not null and errors.information is not None:
        observed, directions = _directions(K, errors.information)
        bad = _named(directions[:, observed < -SINGULAR], names)
        if bad:
            out.append(
                Finding(
                    "information_not_positive_definite",
                    f"the information is not positive definite along {', '.join(bad)}.",
                    "The solution is no clear minimum: standard errors are not to be trusted.",
                    bad,
                )
            )
    return out


def admissibility(group: GroupCells, at: Filled, variables: tuple[str, ...], label: str) -> list[Finding]:
    """Heywood cases, negative latent variances, and impossible latent or residual covariance matrices."""
    v, p, spread, C = group.size, group.p, at.S, at.C
    place = f" in group {label}" if label else ""
    out = []
    negative = [i for i in range(v) if spread[i, i] < 0.0]
    observed = tuple(variables[i] for i in negative if i < p)
    latent = tuple(variables[i] for i in negative if i >= p)
    if observed:
        out.append(
            Finding(
                "heywood",
                f"negative residual variances{place}: {', '.join(observed)}.",
                "A Heywood case: the model asks more of these items than they hold, or the sample is small.",
                observed,
            )
        )
    if latent:
        out.append(
            Finding(
                "negative_latent_variance",
                f"negative (residual) variances of latent variables{place}: {', '.join(latent)}.",
                "Check the indicators of these factors and their number.",
                latent,
            )
        )
    if v > p and not latent:
        out += _impossible(C[p:, p:], variables[p:], "latent_covariance", "latent variables", place)
    free = np.zeros(p, dtype=bool)
    pairs = (group.kind == S) & (group.row != group.col) & (group.row < p) & (group.col < p)
    free[group.row[pairs]] = free[group.col[pairs]] = True
    places = np.flatnonzero(free)
    if len(places) and not observed:
        names = tuple(variables[i] for i in places)
        out += _impossible(spread[np.ix_(places, places)], names, "residual_covariance", "residuals", place)
    return out


def _impossible(cov: Floats, names: tuple[str, ...], code: str, what: str, place: str) -> list[Finding]:
    scale = np.sqrt(np.maximum(cov.diagonal(), np.finfo(float).tiny))
    values, vectors = np.linalg.eigh(cov / scale / scale[:, None])
    if values[0] > -1e-8:
        return []
    involved = tuple(n for n, x in zip(names, np.abs(vectors[:, 0]), strict=True) if x > 0.1)
    message = f"the covariance matrix of {what}{place} is not positive definite: {', '.join(involved)}."
    mend = "Some correlation lies beyond ±1, or variables depend on each other: consider merging them."
    return [Finding(f"{code}_not_positive_definite", message, mend, involved)]


def _directions(K: Floats, information: Floats) -> tuple[Floats, Floats]:
    """Eigenvalues of K'IK scaled to unit diagonal, and directions of unit length in scaled parameters."""
    values, vectors, _ = scaled_eigen(K, information)
    directions = K @ vectors
    return values, directions / np.maximum(np.linalg.norm(directions, axis=0), np.finfo(float).tiny)


def _named(directions: Floats, names: list[str]) -> tuple[str, ...]:
    if not directions.shape[1]:
        return ()
    weight = np.abs(directions).max(axis=1)
    return tuple(dict.fromkeys(n for n, w in zip(names, weight, strict=True) if w > TAKES_PART))
