"""A panel of known lags: stable person part plus within-person dynamics plus occasional error."""

import numpy as np
import pandas as pd

NAMES = ("S", "R", "C", "PI")
# Row = target: S, R, C, PI on S, R, C, PI one wave before.
LAGS = np.array(
    [[0.30, 0, 0.12, 0.10], [0.15, 0.30, 0.05, 0], [0.08, 0.15, 0.30, 0], [0.08, 0.10, 0.12, 0.30]]
)
PERSON, WITHIN, ERROR = 0.45, 0.40, 0.15


def panel(n, waves, seed, lags=LAGS, error=0.0):
    """Columns S_1 … PI_waves of n persons; the within part is stationary with variance .40."""
    rng = np.random.default_rng(seed)
    together = 0.5 * np.ones((4, 4)) + 0.5 * np.eye(4)
    person = rng.multivariate_normal(np.zeros(4), PERSON * together, n)
    stationary = WITHIN * (0.3 * np.ones((4, 4)) + 0.7 * np.eye(4))
    innovation = stationary - lags @ stationary @ lags.T
    now = rng.multivariate_normal(np.zeros(4), stationary, n)
    columns = {}
    for t in range(1, waves + 1):
        if t > 1:
            now = now @ lags.T + rng.multivariate_normal(np.zeros(4), innovation, n)
        seen = person + now + np.sqrt(error) * rng.normal(size=(n, 4))
        columns |= {f"{name}_{t}": seen[:, k] for k, name in enumerate(NAMES)}
    return pd.DataFrame(columns)
