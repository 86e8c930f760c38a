"""Total effects that hypotheses name, and the share of what is hypothesised in them."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import norm

from analysis.synergy.evidence import Effect, bootstrap_pvalue
from analysis.synergy.standardise import PREFIX
from analysis.unavailable import Unavailable
from questionnaire.plan import Hypothesis


@dataclass(frozen=True, slots=True, eq=False)
class Total:
    """The ``total`` effect a hypothesis names (``expression``), and the ``share`` of its estimand in it.

    A share has no meaning where the total may be 0 (MacKinnon, Warsi & Dwyer 1995); it may lie outside 0 to 1
    where direct and indirect effects have different signs.
    """

    hypothesis: str
    estimand: str
    expression: str
    total: Effect | Unavailable
    share: Effect | Unavailable


def total_names(place: int, hypothesis: Hypothesis) -> dict[str, str]:
    """Name → expression of the total and of the share, empty where the hypothesis names no total."""
    total = str(hypothesis.options.get("total", "")).strip()
    if not total:
        return {}
    return {
        f"{PREFIX}t{place}": total,
        f"{PREFIX}t{place}.share": f"({hypothesis.estimand})/({total})",
    }


def read_total(
    place: int,
    hypothesis: Hypothesis,
    effects: Mapping[str, Mapping[Hashable, Any]],
    draws: Mapping[str, np.ndarray] | None,
    confidence: float,
) -> Total | None:
    """The total of a hypothesis in the standardised estimands of a fit, None where it names none.

    Intervals are percentiles of the bootstrap ``draws`` where there are any, else by the delta method.
    """
    names = total_names(place, hypothesis)
    if not names:
        return None
    total, share = (_effect(name, effects, draws) for name in names)
    if isinstance(total, Unavailable):
        share = Unavailable(total.reason)
    else:
        low, high = total.interval(confidence)
        if low <= 0 <= high:
            share = Unavailable("the total effect may be 0, so a share of it has no meaning")
    return Total(hypothesis.code, hypothesis.estimand, next(iter(names.values())), total, share)


def _effect(
    name: str, effects: Mapping[str, Mapping[Hashable, Any]], draws: Mapping[str, np.ndarray] | None
) -> Effect | Unavailable:
    row = effects.get(name)
    if row is None:
        return Unavailable("it was not estimated")
    estimate, se = float(str(row["est"])), float(str(row["se"]))
    sample = None if draws is None or name not in draws else draws[name][np.isfinite(draws[name])]
    if not np.isfinite(estimate):
        return Unavailable("it has no value on the standardised scale")
    if sample is not None and len(sample) > 1:
        return Effect(estimate, float(np.std(sample, ddof=1)), bootstrap_pvalue(sample), sample)
    if not np.isfinite(se) or se <= 0:
        return Unavailable("it has no standard error")
    return Effect(estimate, se, float(2 * norm.sf(abs(estimate) / se)))
