"""Common-method bias: the marker ladder in confirmatory factor models, and an unmeasured method factor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from analysis import sem
from analysis.sem.compare import difference_of
from analysis.sem.errors import ModelError, SemError
from analysis.sem.fit import Fit
from analysis.unavailable import Unavailable

TROUBLE = (SemError, np.linalg.LinAlgError, FloatingPointError)
ALPHA = 0.05
CONFOUNDED = {"not_identified", "latent_covariance_not_positive_definite"}
LADDER_COLUMNS = ("model", "df", "chisq", "cfi", "rmsea", "against", "chisq_diff", "df_diff", "pvalue")
Blocks = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True, eq=False)
class MarkerTest:
    """The CFA marker ladder of Williams, Hartman & Cavazotte (2010).

    ``ladder``: CFA, Baseline, Method-C, Method-U and Method-R, ``model df chisq cfi rmsea against chisq_diff
    df_diff pvalue``. ``present``: whether marker variance is in the indicators (Baseline against Method-C);
    ``equal``: whether equally in all (Method-C against Method-U); ``chosen``: the method model that follows;
    ``biased``: whether the factors' correlations change with it (against Method-R). Each is None where its
    difference test cannot be had. ``correlations``: ``lhs rhs baseline method``; ``reliability``: one row a
    factor, ``factor total substantive method`` (their equations for phase II).
    """

    marker: str
    ladder: pd.DataFrame
    present: bool | None
    equal: bool | None
    chosen: str
    biased: bool | None
    correlations: pd.DataFrame
    reliability: pd.DataFrame


@dataclass(frozen=True, slots=True)
class UnmeasuredMethod:
    """A method factor without indicators of its own, with the same loading on every indicator.

    ``share`` is the mean share of an indicator's variance that is due to it; the χ² difference is against
    the model without it.
    """

    loading: float
    se: float
    share: float
    chisq_diff: float
    df_diff: int
    pvalue: float


def marker_test(
    blocks: Blocks,
    marker: Sequence[str],
    data: pd.DataFrame,
    *,
    name: str = "marker",
    estimator: str = "MLR",
    missing: str = "listwise",
) -> MarkerTest | Unavailable:
    """Does what the marker measures run through the indicators of the factors, and bend their correlations?

    - blocks: factor → its indicators; marker: the indicators of a variable unrelated in theory
    - data: (n, …) with all of them

    Factors have variance 1. Unavailable where a model of the ladder cannot be fitted.
    """
    if len(blocks) < 2 or len(marker) < 2:
        return Unavailable("the marker ladder needs two factors and a marker of two indicators")
    columns = [c for block in blocks.values() for c in block]
    data = data[[*columns, *marker]].dropna(how="any" if missing == "listwise" else "all")

    def fit(*lines: str) -> Fit:
        found = sem.fit("\n".join(lines), data, estimator=estimator, missing=missing, std_lv=True)
        if not found.converged:
            raise ModelError("it did not converge", place=lines[-1], mend="Collect more answers.")
        return found

    substantive = [f"{factor} =~ {' + '.join(block)}" for factor, block in blocks.items()]
    pairs = list(combinations(blocks, 2))
    step = "CFA"
    try:
        cfa = fit(*substantive, f"{name} =~ {' + '.join(marker)}")
        fixed = _held_marker(cfa, name, marker, list(blocks))
        step = "Baseline"
        baseline = fit(*substantive, *fixed)
        step = "Method-C"
        equal = fit(*substantive, *fixed, f"{name} =~ {' + '.join(f'method*{c}' for c in columns)}")
        step = "Method-U"
        crossed = f"{name} =~ {' + '.join(columns)}"
        free = fit(*substantive, *fixed, crossed)
        against_c = _test(equal, free)
        same = None if against_c is None else against_c[2] >= ALPHA
        chosen = "Method-C" if same is not False else "Method-U"
        better = equal if chosen == "Method-C" else free
        step = "Method-R"
        known = _covariances(baseline, pairs)
        held = [f"{a} ~~ {value!r}*{b}" for (a, b), value in known.items()]
        last = f"{name} =~ {' + '.join(f'method*{c}' for c in columns)}" if better is equal else crossed
        restricted = fit(*substantive, *fixed, last, *held)
    except TROUBLE as error:
        return Unavailable(f"the {step} model of the marker ladder cannot be fitted: {error}")
    against_baseline, against_r = _test(baseline, equal), _test(restricted, better)
    rows = [
        ("CFA", *_measures(cfa), "", np.nan, np.nan, np.nan),
        ("Baseline", *_measures(baseline), "", np.nan, np.nan, np.nan),
        ("Method-C", *_measures(equal), "Baseline", *(against_baseline or [np.nan] * 3)),
        ("Method-U", *_measures(free), "Method-C", *(against_c or [np.nan] * 3)),
        ("Method-R", *_measures(restricted), chosen, *(against_r or [np.nan] * 3)),
    ]
    method = _covariances(better, pairs)
    return MarkerTest(
        marker=name,
        ladder=pd.DataFrame(rows, columns=list(LADDER_COLUMNS)),
        present=None if against_baseline is None else against_baseline[2] < ALPHA,
        equal=same,
        chosen=chosen,
        biased=None if against_r is None else against_r[2] < ALPHA,
        correlations=pd.DataFrame(
            [(a, b, known[a, b], method[a, b]) for a, b in pairs],
            columns=["lhs", "rhs", "baseline", "method"],
        ),
        reliability=_reliability(blocks, name, baseline, free),
    )


def unmeasured_method(
    blocks: Blocks, data: pd.DataFrame, *, estimator: str = "MLR", missing: str = "listwise"
) -> UnmeasuredMethod | Unavailable:
    """A method factor that all indicators share, uncorrelated with their own factors.

    Equal loadings, since free ones are not told apart from the factors themselves (Richardson, Simmering &
    Sturman 2009); even so the factor takes up whatever all indicators have in common. Unavailable where it
    cannot be fitted.
    """
    columns = [c for block in blocks.values() for c in block]
    data = data[columns].dropna(how="any" if missing == "listwise" else "all")
    lines = [f"{factor} =~ {' + '.join(block)}" for factor, block in blocks.items()]
    method = "method__"
    more = [f"{method} =~ {' + '.join(f'shared*{c}' for c in columns)}"]
    more += [f"{method} ~~ 0*{factor}" for factor in blocks]
    try:
        without, fit = (
            sem.fit("\n".join(model), data, estimator=estimator, missing=missing, std_lv=True)
            for model in (lines, [*lines, *more])
        )
        if not (fit.converged and without.converged):
            return Unavailable("the model with an unmeasured method factor did not converge")
        rows = fit.estimates[(fit.estimates["lhs"] == method) & (fit.estimates["op"] == "=~")]
        first = rows.iloc[0]
    except TROUBLE as error:
        return Unavailable(f"the model with an unmeasured method factor cannot be fitted: {error}")
    loading, se = float(first["est"]), float(first["se"])
    test = _test(without, fit)
    if test is None or not np.isfinite(se) or {problem.code for problem in fit.problems} & CONFOUNDED:
        return Unavailable("a method factor cannot be told apart from the factors themselves in these data")
    share = float((rows["std_all"].astype(float) ** 2).mean())
    return UnmeasuredMethod(abs(loading), se, share, test[0], int(test[1]), test[2])


def harman_share(correlation: np.ndarray) -> float:
    """Share of the variance of (p, p) correlated items that their first principal component has.

    Harman's single-factor test; it neither finds nor excludes method bias (Podsakoff et al. 2003).
    """
    return float(np.linalg.eigvalsh(correlation)[-1] / len(correlation))


def _held_marker(cfa: Fit, name: str, marker: Sequence[str], factors: Sequence[str]) -> list[str]:
    """The marker's loadings and residuals at their values in the CFA, and no correlation with any factor."""
    est = _estimates(cfa)
    loadings = " + ".join(f"{est[name, '=~', c]!r}*{c}" for c in marker)
    residuals = [f"{c} ~~ {est[c, '~~', c]!r}*{c}" for c in marker]
    return [f"{name} =~ {loadings}", *residuals, *(f"{name} ~~ 0*{factor}" for factor in factors)]


def _estimates(fit: Fit, column: str = "est") -> dict[tuple[str, str, str], float]:
    frame = fit.estimates
    keys = zip(frame["lhs"], frame["op"], frame["rhs"], strict=True)
    return {(str(a), str(o), str(b)): float(v) for (a, o, b), v in zip(keys, frame[column], strict=True)}


def _covariances(fit: Fit, pairs: Sequence[tuple[str, str]]) -> dict[tuple[str, str], float]:
    est = _estimates(fit)
    return {(a, b): est.get((a, "~~", b), est.get((b, "~~", a), np.nan)) for a, b in pairs}


def _test(smaller: Fit, larger: Fit) -> tuple[float, float, float] | None:
    """χ² difference, df and p; None where the scaled difference has no value."""
    found = difference_of(smaller, larger)
    return (found.chisq, found.df, found.pvalue) if np.isfinite(found.pvalue) else None


def _measures(fit: Fit) -> tuple[int, float, float, float]:
    measures = fit.fit_measures
    return fit.estimated.df, fit.inference.test.chisq, float(measures["cfi"]), float(measures["rmsea"])


def _reliability(blocks: Blocks, name: str, baseline: Fit, free: Fit) -> pd.DataFrame:
    plain, split = _estimates(baseline, "std_all"), _estimates(free, "std_all")
    rows = []
    for factor, block in blocks.items():
        own = sum(plain[factor, "=~", c] for c in block) ** 2
        total = own / (own + sum(plain[c, "~~", c] for c in block))
        substance = sum(split[factor, "=~", c] for c in block) ** 2
        method = sum(split[name, "=~", c] for c in block) ** 2
        whole = substance + method + sum(split[c, "~~", c] for c in block)
        rows.append((factor, total, substance / whole, method / whole))
    return pd.DataFrame(rows, columns=["factor", "total", "substantive", "method"])
