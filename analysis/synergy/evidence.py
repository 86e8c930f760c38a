"""What a fit says about one hypothesis, before any rule is applied."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import ndtri
from scipy.stats import norm

from analysis.synergy.standardise import PREFIX
from analysis.unavailable import Unavailable
from questionnaire.plan import Hypothesis, HypothesisKind


class NotTested(Unavailable):
    """A condition for testing the hypothesis at all is not met; ``reason`` says which."""


@dataclass(frozen=True, slots=True, eq=False)
class Effect:
    """An estimate on the standardised scale; ``draws`` are its bootstrap replicates, None without.

    ``contrasts``: how many effects this is the largest of; its intervals then hold for all of them together.
    """

    estimate: float
    se: float
    pvalue: float
    draws: np.ndarray | None = None
    contrasts: int = 1

    def interval(self, confidence: float) -> tuple[float, float]:
        """Percentile interval of the draws, or the normal interval of the standard error."""
        if self.draws is not None:
            low, high = np.quantile(self.draws, [(1 - confidence) / 2, (1 + confidence) / 2])
            return float(low), float(high)
        # Bonferroni over the contrasts; with one it is the plain interval.
        reach = float(ndtri(1 - (1 - confidence) / (2 * self.contrasts))) * self.se
        return self.estimate - reach, self.estimate + reach


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """The estimand's effect and the parts that must each hold (the effect alone where it has none)."""

    effect: Effect
    parts: tuple[Effect, ...]
    estimator: str
    against: str = ""
    """Why the data speak against the hypothesis whatever the effect, empty where they do not."""
    note: str = ""
    """What a reader must know to read the effect."""

    @property
    def pvalue(self) -> float:
        """Intersection–union: the largest p value of the parts."""
        return max(part.pvalue for part in self.parts)


def bootstrap_pvalue(draws: np.ndarray) -> float:
    """Two-sided p value of 0 under the percentile interval, never 0 (Davison & Hinkley 1997, eq. 4.11)."""
    beyond = min(int((draws <= 0).sum()), int((draws >= 0).sum()))
    return min(1.0, 2 * (beyond + 1) / (len(draws) + 1))


def conditions(hypothesis: Hypothesis) -> tuple[str, ...]:
    """The expressions that must each have the expected sign: the estimand alone, or what the study lists.

    For a congruence the mean of the products and minus the mean of the squares must be positive beside κ.
    """
    each = hypothesis.options.get("each", ())
    if isinstance(each, list | tuple) and each:
        return tuple(str(text) for text in each)
    products, squares = (hypothesis.options.get(key, ()) for key in ("products", "squares"))
    if hypothesis.kind is HypothesisKind.CONGRUENCE and isinstance(products, list | tuple) and products:
        means = [f"({' + '.join(map(str, products))})/{len(products)}"]
        if isinstance(squares, list | tuple) and squares:
            means.append(f"-({' + '.join(map(str, squares))})/{len(squares)}")
        return (hypothesis.estimand, *means)
    return (hypothesis.estimand,)


def estimand_names(place: int, hypothesis: Hypothesis) -> dict[str, str]:
    """Name → expression of everything to be computed for the hypothesis at ``place`` of the study."""
    names = {f"{PREFIX}h{place}": hypothesis.estimand}
    return names | {f"{PREFIX}h{place}.{k}": text for k, text in enumerate(conditions(hypothesis), 1)}


def read_evidence(
    place: int,
    hypothesis: Hypothesis,
    effects: Mapping[str, Mapping[Hashable, Any]],
    raw_pvalues: Mapping[str, float],
    estimator: str,
    draws: Mapping[str, np.ndarray] | None = None,
) -> Evidence | Unavailable:
    """The evidence in the standardised estimands of a fit.

    ``raw_pvalues``: label → p value of the unstandardised path, which is taken where the estimand is one
    label (Wen, Marsh & Hau 2010: the test is that of the raw estimate).
    """
    found: dict[str, Effect] = {}
    for name, expression in estimand_names(place, hypothesis).items():
        row = effects.get(name)
        if row is None:
            return Unavailable(f"{expression} was not estimated")
        estimate, se = float(str(row["est"])), float(str(row["se"]))
        sample = None if draws is None or name not in draws else draws[name][np.isfinite(draws[name])]
        if not np.isfinite(estimate):
            return Unavailable(f"{expression} has no value on the standardised scale")
        if sample is not None and len(sample) > 1:
            found[name] = Effect(estimate, float(np.std(sample, ddof=1)), bootstrap_pvalue(sample), sample)
        elif not np.isfinite(se) or se <= 0:
            return Unavailable(f"{expression} has no standard error")
        else:
            pvalue = float(2 * norm.sf(abs(estimate) / se))
            found[name] = Effect(estimate, se, raw_pvalues.get(expression.strip(), pvalue))
    effect, *parts = found.values()
    return Evidence(effect, tuple(parts), estimator)
