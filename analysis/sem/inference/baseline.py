"""The independence model that fit indices compare with: variances and means only.

As in lavaan: variables predicted by nothing keep their covariances, free, or fixed at the sample's under
fixed.x.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np

from analysis.sem.estimation.estimated import Estimated
from analysis.sem.estimation.maximum_likelihood import ML
from analysis.sem.estimation.objective import Objective
from analysis.sem.estimation.optimise import Solution, minimise
from analysis.sem.kept import kept
from analysis.sem.model.cells import Cells, GroupCells
from analysis.sem.model.constraints import Constraints
from analysis.sem.model.rows import M, S, decode

__all__ = ["baseline_of"]


def baseline_of(estimated: Estimated, predictors: tuple[int, ...]) -> Estimated:
    """Independence model of the same samples by the same discrepancy.

    predictors: places of observed variables that nothing in the model predicts but that predict others.
    """
    objective = estimated.objective
    cells, fixed = objective.cells, frozenset(estimated.exogenous.tolist())
    groups, starts, q = [], [], 0
    for group, sample in zip(cells.groups, objective.samples, strict=True):
        made = _group(group.p, cells.meanstructure, fixed, predictors, q)
        flat = made.base.copy()
        flat[made.exo_cov] = sample.cov[made.exo_cov_pairs[:, 0], made.exo_cov_pairs[:, 1]]
        flat[made.exo_mean] = sample.mean[made.exo_mean_of]
        groups.append(replace(made, base=flat))
        starts.append(
            np.where(made.kind == S, sample.cov[made.row, made.col], sample.mean[made.row])
            if made.k
            else np.empty(0)
        )
        q += made.k
    own = Cells(tuple(groups), q, cells.observed, (), cells.meanstructure)
    independent = Constraints(np.eye(q), np.zeros(q), (), {}, True)
    problem = Objective(objective.estimator, own, objective.samples)
    start = np.concatenate(starts)
    if objective.estimator is ML:
        # Blocks of variables that are independent of each other keep the sample's moments.
        solution = Solution(problem.at(start), True, 0, "closed form")
    else:
        solution = minimise(problem, independent, start)
    return Estimated(problem, independent, solution, independent.K, estimated.exogenous, estimated.n_moments)


@kept()
def _group(
    p: int, meanstructure: bool, fixed: frozenset[int], predictors: tuple[int, ...], first: int
) -> GroupCells:
    pairs = [(i, i) for i in range(p)] + list(combinations(sorted(predictors), 2))
    exo = [pair for pair in pairs if set(pair) <= fixed]
    free = [pair for pair in pairs if not set(pair) <= fixed]
    means = [i for i in range(p) if i not in fixed] if meanstructure else []
    row = np.array([i for i, _ in free] + means, dtype=np.intp)
    col = np.array([j for _, j in free] + [0] * len(means), dtype=np.intp)
    kind = np.array([S] * len(free) + [M] * len(means), dtype=np.intp)
    spots = [sorted({p * p + i * p + j, p * p + j * p + i}) for i, j in free]
    spots += [[2 * p * p + i] for i in means]
    both = sorted({(i, j) for i, j in exo} | {(j, i) for i, j in exo})
    exo_means = sorted(fixed) if meanstructure else []
    base = np.zeros(2 * p * p + 2 * p)
    base[-p:] = 1.0
    k, none = len(row), np.empty(0, dtype=np.intp)
    return GroupCells(
        p=p,
        size=p,
        base=base,
        kind=kind,
        row=row,
        col=col,
        u=row,
        v=np.where(kind == S, col, 2 * p),
        w=np.where((kind == S) & (row == col), 0.5, 1.0),
        free=first + np.arange(k),
        scatter_to=np.array([s for spot in spots for s in spot], dtype=np.intp),
        scatter_from=np.array([first + c for c, spot in enumerate(spots) for _ in spot], dtype=np.intp),
        exo_cov=np.array([p * p + i * p + j for i, j in both], dtype=np.intp),
        exo_cov_pairs=np.array(both, dtype=np.intp).reshape(-1, 2),
        exo_mean=np.array([2 * p * p + i for i in exo_means], dtype=np.intp),
        exo_mean_of=np.array(exo_means, dtype=np.intp),
        thresholds=(),
        rows=none,
        all_rows=none,
        all_places=none,
        where=decode(none, p, (), none),
    )
