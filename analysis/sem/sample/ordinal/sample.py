"""What estimation needs to know of a group with ordered variables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.sem.sample.ordinal.two_stage import TwoStage

__all__ = ["Levels", "OrdinalSample"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Levels = Mapping[str, Floats]


@dataclass(frozen=True, slots=True, eq=False)
class OrdinalSample:
    """Two-stage statistics of one group.

    names: the p_y modelled variables, in order · covariates: the q names they are regressed on ·
    outcome (p_y,), covariate (q,): places of both among all variables ·
    levels: values of each ordered variable behind its codes · stage: the statistics, see TwoStage ·
    weight: (m,) 1 / diag Γ, 0 where Γ is 0 ·
    covariate_cov (q, q), covariate_mean (q,): sample moments of the covariates, divisor n − 1 as in lavaan.
    """

    names: tuple[str, ...]
    covariates: tuple[str, ...]
    outcome: Ints
    covariate: Ints
    levels: Levels
    stage: TwoStage
    weight: Floats
    covariate_cov: Floats
    covariate_mean: Floats

    @property
    def gamma(self) -> Floats:
        """(m, m), n times the covariance of the statistics."""
        if self.stage.gamma is None:
            raise ValueError("the sample was made without gamma")
        return self.stage.gamma

    def threshold(self, name: str, label: str) -> float:
        """Sample threshold of a variable, labelled t1, t2, …"""
        start = self.stage.layout.location_start[self.names.index(name)]
        return float(self.stage.locations[start + int(label[1:]) - 1])

    @property
    def n_correlations(self) -> int:
        """Statistics that an independence model leaves unexplained: the last ones of the m."""
        return len(self.stage.layout.pairs)
