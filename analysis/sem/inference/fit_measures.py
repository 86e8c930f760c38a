"""Every fit measure that lavaan prints, by its name with "_" for "."."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from analysis.sem.inference import fit_indices as index
from analysis.sem.inference.tests import Test

__all__ = ["Measured", "RobustMisfit", "averaged", "fit_measures"]

CI_LEVEL, CLOSE, NOT_CLOSE = 0.90, 0.05, 0.08
# What remains where there are more parameters than moments: nothing is tested.
DESCRIPTIVE = {"npar", "fmin", "df", "logl", "unrestricted_logl", "aic", "bic", "ntotal", "bic2"}


@dataclass(frozen=True, slots=True)
class RobustMisfit:
    """What robust CFI and RMSEA are made of: chisq and its expectation per df, of model and baseline.

    shifted_scaling: what chisq was divided by where chisq_scaled has a shift, for intervals; NaN without one.
    """

    chisq: float
    scaling: float
    chisq_scaled: float
    baseline_chisq: float
    baseline_scaling: float
    shifted_scaling: float = np.nan


@dataclass(frozen=True, slots=True)
class Measured:
    """What the measures are computed from.

    n: cases, less the number of groups outside maximum likelihood; residuals: summaries already averaged over
    groups; gfi with its number of moments; logl and unrestricted_logl NaN outside maximum likelihood.
    """

    test: Test
    baseline: Test
    robust: RobustMisfit | None
    shifted: bool
    fmin: float
    n: float
    n_total: int
    groups: int
    npar: int
    logl: float = np.nan
    unrestricted_logl: float = np.nan
    gfi: float = np.nan
    gfi_moments: int = 0
    residuals: dict[str, float] = field(default_factory=dict)
    categorical: bool = False


def fit_measures(m: Measured) -> dict[str, float]:
    """Measures in lavaan's order."""
    t, b = m.test, m.baseline
    scaled = not np.isnan(t.chisq_scaled) or not np.isnan(t.trace)
    out: dict[str, float] = {
        "npar": m.npar,
        "fmin": m.fmin,
        "chisq": t.chisq,
        "df": t.df,
        "pvalue": t.pvalue,
    }
    if scaled:
        out |= {"chisq_scaled": t.chisq_scaled, "df_scaled": t.df, "pvalue_scaled": t.pvalue_scaled}
        out["chisq_scaling_factor"] = t.scaling
    out |= {"baseline_chisq": b.chisq, "baseline_df": b.df, "baseline_pvalue": b.pvalue}
    if scaled:
        out |= {"baseline_chisq_scaled": b.chisq_scaled, "baseline_df_scaled": b.df}
        out |= {"baseline_pvalue_scaled": b.pvalue_scaled, "baseline_chisq_scaling_factor": b.scaling}
    out |= _incremental(m, scaled)
    if not np.isnan(m.logl):
        out |= _likelihood(m)
    out |= _rmsea(m, scaled)
    out |= m.residuals
    out["cn_05"] = index.cn(t.chisq, t.df, m.n, 0.05)
    out["cn_01"] = index.cn(t.chisq, t.df, m.n, 0.01)
    out["gfi"] = m.gfi
    out["agfi"] = 1.0 - m.gfi_moments / t.df * (1.0 - m.gfi) if t.df > 0 else 1.0
    out["pgfi"] = t.df / m.gfi_moments * m.gfi if m.gfi_moments else np.nan
    out["mfi"] = float(np.exp(-0.5 * (t.chisq - t.df) / m.n))
    if not m.categorical:
        out["ecvi"] = t.chisq / m.n + 2.0 * m.npar / m.n
    if t.df < 0:
        return {
            name: value if name in DESCRIPTIVE or name in m.residuals else np.nan
            for name, value in out.items()
        }
    return out


def _incremental(m: Measured, scaled: bool) -> dict[str, float]:
    t, b = m.test, m.baseline
    plain = (t.chisq, t.df, b.chisq, b.df)
    out = {"cfi": index.cfi(*plain), "tli": index.tli(*plain)}
    corrected = (t.chisq_scaled, t.df, b.chisq_scaled, b.df)
    whole = scaled and not np.isnan(t.chisq_scaled) and not np.isnan(b.chisq_scaled)
    if scaled:
        out["cfi_scaled"] = index.cfi(*corrected) if whole else np.nan
        out["tli_scaled"] = index.tli(*corrected) if whole else np.nan
    r = m.robust
    if r is not None:
        robust = (r.chisq, t.df, r.baseline_chisq, b.df, r.scaling, r.baseline_scaling)
        known = not np.isnan(robust).any()
        out["cfi_robust"] = index.cfi(*robust) if known else np.nan
        out["tli_robust"] = index.tli(*robust) if known else np.nan
    others = {"nnfi": index.tli, "rfi": index.rfi, "nfi": index.nfi, "pnfi": index.pnfi, "ifi": index.ifi}
    for name, function in {**others, "rni": index.rni}.items():
        out[name] = function(*plain)
    if scaled:
        for name, function in {**others, "rni": index.rni}.items():
            out[f"{name}_scaled"] = function(*corrected) if whole else np.nan
    if r is not None:
        out["nnfi_robust"] = out["tli_robust"]
        out["rni_robust"] = index.rni(*robust) if known else np.nan
    return out


def _likelihood(m: Measured) -> dict[str, float]:
    n = m.n_total
    out = {
        "logl": m.logl,
        "unrestricted_logl": m.unrestricted_logl,
        "aic": -2.0 * m.logl + 2.0 * m.npar,
        "bic": -2.0 * m.logl + m.npar * float(np.log(n)),
        "ntotal": n,
        "bic2": -2.0 * m.logl + m.npar * float(np.log((n + 2.0) / 24.0)),
    }
    if not np.isnan(m.test.scaling_h1):
        out |= {"scaling_factor_h1": m.test.scaling_h1, "scaling_factor_h0": m.test.scaling_h0}
    return out


def _rmsea(m: Measured, scaled: bool) -> dict[str, float]:
    t = m.test
    out = _rmsea_set("", t.chisq, t.df, t.chisq, t.df, m, 1.0)
    out |= {"rmsea_ci_level": CI_LEVEL, "rmsea_close_h0": CLOSE, "rmsea_notclose_h0": NOT_CLOSE}
    if scaled:
        x, df = (t.chisq_scaled, float(t.df)) if m.shifted else (t.chisq, t.trace)
        out |= _rmsea_set("_scaled", x, df, x, df, m, 1.0)
    r = m.robust
    if r is not None:
        out |= _rmsea_set("_robust", r.chisq, t.df, r.chisq_scaled, t.df, m, r.scaling, r.shifted_scaling)
    return out


def _rmsea_set(
    suffix: str,
    x: float,
    df: float,
    x_ci: float,
    df_ci: float,
    m: Measured,
    c: float,
    shifted: float = np.nan,
) -> dict[str, float]:
    """RMSEA from x and scaling c; interval and tests from x_ci and c, or `shifted` where x_ci has a shift."""
    c_ci = c if np.isnan(shifted) else shifted
    low, high = index.rmsea_interval(x_ci, df_ci, m.n, m.groups, c_ci, CI_LEVEL)
    known = df == 0 or not np.isnan([x, df, c]).any()
    return {
        f"rmsea{suffix}": index.rmsea(x, df, m.n, m.groups, c) if known else np.nan,
        f"rmsea_ci_lower{suffix}": low,
        f"rmsea_ci_upper{suffix}": high,
        f"rmsea_pvalue{suffix}": index.close_fit(x_ci, df_ci, m.n, m.groups, c_ci, CLOSE)[0],
        f"rmsea_notclose_pvalue{suffix}": index.close_fit(x_ci, df_ci, m.n, m.groups, c_ci, NOT_CLOSE)[1],
    }


def averaged(summaries: Sequence[dict[str, float]], shares: Sequence[float]) -> dict[str, float]:
    """Residual summaries averaged over groups, with srmr by its usual name."""
    out = {name: sum(w * s[name] for s, w in zip(summaries, shares, strict=True)) for name in summaries[0]}
    return {"srmr": out["srmr_bentler"], **out}
