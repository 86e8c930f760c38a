"""What a fitted model across waves says: lags, the loop, whether it dies out, and the long run."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtri
from scipy.stats import norm

from analysis.sem.fit import Fit
from analysis.sem.syntax import evaluate, parse_model
from analysis.sem.syntax.evaluation import jacobian
from analysis.synergy.evidence import Effect
from analysis.synergy.panel import PanelModel
from analysis.unavailable import Unavailable

DEFINED = "z.lag."
DRAWS = 2000


@dataclass(frozen=True, slots=True, eq=False)
class Stability:
    """Spectral radius with interval; ``share_below_one`` of the draws; ``multipliers`` one row a pair.

    A multiplier is how much higher ``target`` ends if ``source`` is raised by one at every wave.
    """

    radius: float
    ci_lower: float
    ci_upper: float
    share_below_one: float
    multipliers: pd.DataFrame | Unavailable


@dataclass(frozen=True, slots=True, eq=False)
class Dynamics:
    """The lags of one model. ``labels`` (k,); ``raw``, ``estimates`` (k,) and ``covariance`` (k, k).

    ``estimates`` and ``covariance`` are on the scale of within-person standard deviations, averaged over the
    waves and taken as known; ``raw`` is unstandardised.
    """

    panel: PanelModel
    labels: tuple[str, ...]
    raw: np.ndarray
    estimates: np.ndarray
    covariance: np.ndarray

    def effect(self, expression: str) -> Effect | Unavailable:
        """An expression over the labels with its delta-method error."""
        definition = parse_model(f"value := {expression}\nx ~~ x").relations[0]
        known = dict(zip(self.labels, self.estimates, strict=True))
        try:
            value = float(np.asarray(evaluate((definition,), known))[..., 0])
        except KeyError as missing:
            return Unavailable(f"{missing} is not a lag of {self.panel.code}")
        slopes = np.asarray(jacobian((definition,), known, list(self.labels))[0], dtype=float)
        variance = float(slopes @ self.covariance @ slopes)
        if not variance > 0:
            return Unavailable(f"{expression} has no standard error")
        se = float(np.sqrt(variance))
        return Effect(value, se, float(2 * norm.sf(abs(value) / se)))

    def matrix(self, values: np.ndarray) -> np.ndarray:
        """Lag matrices (..., v, v), row = target, of label values (..., k)."""
        names = self.panel.variables
        out = np.zeros((*values.shape[:-1], len(names), len(names)))
        for lag in self.panel.lags:
            place = self.labels.index(lag.label)
            out[..., names.index(lag.target), names.index(lag.source)] = values[..., place]
        return out

    def lag_frame(self, confidence: float) -> pd.DataFrame:
        """One row a lag: ``target source label estimate se ci_lower ci_upper pvalue raw``."""
        reach = float(ndtri((1 + confidence) / 2))
        errors = np.sqrt(np.maximum(np.diagonal(self.covariance), 0.0))
        rows = []
        for lag in self.panel.lags:
            k = self.labels.index(lag.label)
            est, se = float(self.estimates[k]), float(errors[k])
            p = float(2 * norm.sf(abs(est) / se)) if se > 0 else None
            interval = est - reach * se, est + reach * se
            rows.append((lag.target, lag.source, lag.label, est, se, *interval, p, float(self.raw[k])))
        columns = ["target", "source", "label", "estimate", "se", "ci_lower", "ci_upper", "pvalue", "raw"]
        return pd.DataFrame(rows, columns=columns)

    def stability(self, confidence: float, seed: int, draws: int = DRAWS) -> Stability:
        """Spectral radius and long-run multipliers, their intervals by draws from the estimates' normal law.

        The radius is not smooth where eigenvalues meet, so the delta method does not serve (Krinsky & Robb
        1986). Long-run multipliers (I − A)⁻¹ exist where the radius is below 1; draws where it is not are
        left out of their intervals and counted.
        """
        rng = np.random.default_rng(seed)
        drawn = rng.multivariate_normal(self.estimates, self.covariance, size=draws, method="eigh")
        ends = [(1 - confidence) / 2, (1 + confidence) / 2]
        radii = spectral_radius(self.matrix(drawn))
        radius = float(spectral_radius(self.matrix(self.estimates)))
        low, high = np.quantile(radii, ends)
        settled = radii < 1
        multipliers: pd.DataFrame | Unavailable = Unavailable("the spectral radius is not below 1")
        if radius < 1 and settled.sum() > 1:
            multipliers = self._multipliers(self.matrix(drawn[settled]), ends)
        return Stability(radius, float(low), float(high), float(settled.mean()), multipliers)

    def _multipliers(self, drawn: np.ndarray, ends: list[float]) -> pd.DataFrame:
        names, eye = self.panel.variables, np.eye(len(self.panel.variables))
        point = np.linalg.inv(eye - self.matrix(self.estimates))
        low, high = np.quantile(np.linalg.inv(eye - drawn), ends, axis=0)
        rows = [
            (target, source, point[i, j], low[i, j], high[i, j])
            for i, target in enumerate(names)
            for j, source in enumerate(names)
        ]
        return pd.DataFrame(rows, columns=["target", "source", "multiplier", "ci_lower", "ci_upper"])


def spectral_radius(matrices: np.ndarray) -> np.ndarray:
    """Largest absolute eigenvalue of matrices (..., v, v): (...)."""
    return np.asarray(np.abs(np.linalg.eigvals(matrices)).max(axis=-1))


def read_dynamics(panel: PanelModel, fit: Fit) -> Dynamics | Unavailable:
    """The lags of a fit of ``panel.syntax`` that also defines ``z.lag.<label>`` for each."""
    labels = tuple(dict.fromkeys(lag.label for lag in panel.lags))
    raw, covariance = fit.defined([DEFINED + label for label in labels])
    variances = fit.variances().iloc[:, 0]
    scale = np.empty(len(labels))
    last = panel.n_waves
    for lag in panel.lags:
        spread = np.mean([variances[panel.at(lag.source, t)] for t in range(1, last + 1)])
        outcome = np.mean([variances[panel.at(lag.target, t)] for t in range(1, last + 1)])
        scale[labels.index(lag.label)] = np.sqrt(spread / outcome) if min(spread, outcome) > 0 else np.nan
    covariance = covariance * np.outer(scale, scale)
    if not (np.isfinite(scale).all() and np.isfinite(covariance).all()):
        return Unavailable(f"{panel.code} has no admissible standardised lags")
    return Dynamics(panel, labels, raw, raw * scale, covariance)


def lag_definitions(panel: PanelModel) -> list[str]:
    """``:=`` lines that let `read_dynamics` ask for the lags and their covariance."""
    return [f"{DEFINED}{label} := {label}" for label in dict.fromkeys(lag.label for lag in panel.lags)]
