"""From outcomes to one row a hypothesis and N."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.planning.power_figures import Figure, mean, proportion, spread
from analysis.planning.power_needed import NeededN, needed_n
from analysis.planning.power_plan import PowerPlan
from analysis.planning.power_replication import Outcome
from analysis.planning.power_truth import true_value
from analysis.synergy.ruling import PASSING
from analysis.synergy.verdict import Verdict
from analysis.unavailable import Unavailable

INADMISSIBLE = frozenset(
    {
        "heywood",
        "negative_latent_variance",
        "correlations_not_positive_definite",
        "information_not_positive_definite",
        "not_identified",
    }
)
"""Findings of the engine that make a converged solution improper."""
SHARES = {verdict: "share_" + verdict.value.replace(",", "").replace(" ", "_") for verdict in Verdict}


def summarise(plan: PowerPlan, outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """One row a hypothesis and N; every figure is followed by its Monte Carlo error in a column ``…_mcse``.

    Shares, and so power, are of all replications: one without a result supports nothing. ``power`` is the
    share of supported, trivially small or not; ``estimate``, ``sd``, ``mean_se``, ``ci_width``, ``bias`` and
    ``coverage`` are over replications with an estimate. ``truth``, ``bias`` and ``coverage`` are NaN where
    the population has no value for the estimand, and ``truth_note`` says why.
    """
    rows = []
    for hypothesis in plan.study.hypotheses:
        truth = true_value(plan.study, hypothesis, plan.population)
        for n in plan.sizes:
            own = [o for o in outcomes if o.hypothesis == hypothesis.code and o.n == n]
            rows.append({"hypothesis": hypothesis.code, "n": n, **_row(own, truth)})
    return pd.DataFrame(rows)


def needed(plan: PowerPlan, summary: pd.DataFrame, target: float) -> dict[str, NeededN]:
    """Hypothesis → the N at which its power reaches ``target``; without those that have no replications."""
    found = {}
    for code, rows in summary[summary["replications"] > 0].groupby("hypothesis", sort=False):
        totals = rows["replications"].to_numpy(dtype=float)
        hits = np.round(rows["power"].to_numpy(dtype=float) * totals)
        found[str(code)] = needed_n(rows["n"].to_numpy(dtype=float), hits, totals, target, seed=plan.seed)
    return found


def _row(outcomes: list[Outcome], truth: float | Unavailable) -> dict[str, object]:
    total = len(outcomes)
    estimated = [o for o in outcomes if o.estimate is not None]
    estimate, se, lower, upper = (
        np.array([getattr(o, name) for o in estimated], dtype=float)
        for name in ("estimate", "se", "lower", "upper")
    )
    value = np.nan if isinstance(truth, Unavailable) else truth
    known = not isinstance(truth, Unavailable)
    figures = {
        "power": proportion(sum(o.verdict in PASSING for o in outcomes), total),
        "estimate": mean(estimate),
        "sd": spread(estimate),
        "mean_se": mean(se),
        "ci_width": mean(upper - lower),
        "bias": mean(estimate - value) if known else Figure(np.nan, np.nan),
        "coverage": proportion(int(((lower <= value) & (value <= upper)).sum()), len(estimated))
        if known
        else Figure(np.nan, np.nan),
        **{name: proportion(sum(o.verdict == v for o in outcomes), total) for v, name in SHARES.items()},
        "failed": proportion(total - len(estimated), total),
        "inadmissible": proportion(sum(bool(INADMISSIBLE & set(o.problems)) for o in estimated), total),
    }
    row: dict[str, object] = {
        "replications": total,
        "analysed": float(np.mean([o.analysed for o in outcomes])) if outcomes else np.nan,
        "truth": value,
    }
    for name, figure in figures.items():
        row |= {name: figure.value, f"{name}_mcse": figure.error}
    reasons = Counter(reason for o in outcomes for reason in _reasons(o))
    row["reasons"] = "; ".join(f"{reason} ({count})" for reason, count in reasons.most_common())
    row["truth_note"] = truth.reason if isinstance(truth, Unavailable) else ""
    return row


def _reasons(outcome: Outcome) -> list[str]:
    if outcome.estimate is None:
        return [outcome.reason]
    return [code for code in outcome.problems if code in INADMISSIBLE]
