"""What each case contributes to the estimates, to the first order."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.sem.errors import ModelError
from analysis.sem.inference.fitted import Fitted

__all__ = ["influence"]

Floats = NDArray[np.float64]


def influence(fit: Fitted) -> Floats:
    """Empirical influence of every case on the free parameters: (n, q), columns summing to 0.

    Inverse information times the case's score (Huber, 1967), so that leaving out case i moves the estimates
    by about −influence[i]/n, and influence'influence/n² is the sandwich covariance matrix of the estimates.
    Whatever is computed from estimates and cases has its sandwich error from the sum of both influences.
    ModelError for several groups, a fit without casewise scores, or information that has no inverse.
    """
    objective, inverse = fit.estimated.objective, fit.inference.errors.inverse
    states = fit.estimated.solution.point.states
    scores = objective.estimator.scores
    if scores is None or len(states) != 1:
        raise ModelError(
            "the influence of single cases is known for one group and casewise scores only",
            mend="Fit one group by ML or MLR.",
        )
    if inverse is None:
        raise ModelError("the information matrix has no inverse", mend="Fit a model that is identified.")
    casewise = scores(objective.cells.groups[0], objective.samples[0], states[0])
    rows = np.zeros((len(casewise), len(fit.theta)))
    np.add.at(rows.T, objective.cells.groups[0].free, casewise.T)
    return np.asarray(rows @ inverse)
