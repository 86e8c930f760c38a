"""A result as the tidy files of the contract."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pandas as pd

from analysis.pipeline.measurement_tables import measurement_frames
from analysis.pipeline.result import AnalysisResult, FittedModel
from analysis.synergy.group_paths import GroupPaths
from analysis.synergy.probe import Probe
from analysis.unavailable import Unavailable

VERDICT_COLUMNS = (
    "hypothesis", "estimand", "screening", "scoring", "estimator", "estimate", "se", "ci_lower", "ci_upper",
    "pvalue", "pvalue_adjusted", "sesoi", "verdict", "plan", "reason", "primary",
)  # fmt: skip
ESTIMATE_COLUMNS = (
    "lhs", "op", "rhs", "group", "label", "est", "se", "z", "pvalue", "ci_lower", "ci_upper",
    "std_lv", "std_all",
)  # fmt: skip
FIGURES = ("estimate", "se", "ci_lower", "ci_upper", "reason")


def verdict_frame(result: AnalysisResult) -> pd.DataFrame:
    """One row a hypothesis, screening level and scoring; numbers that were not computed are empty."""
    return pd.DataFrame([asdict(row) for row in result.verdicts], columns=list(VERDICT_COLUMNS))


def path_frame(result: AnalysisResult) -> pd.DataFrame:
    """The estimates of every model of the primary analysis, ``model`` first."""
    frames = [o.estimates.assign(model=o.model) for o in result.models if isinstance(o, FittedModel)]
    if not frames:
        return pd.DataFrame(columns=["model", *ESTIMATE_COLUMNS])
    joined = pd.concat(frames, ignore_index=True)
    return joined[["model", *(c for c in joined.columns if c != "model")]]


def fit_frame(result: AnalysisResult) -> pd.DataFrame:
    """One row a model of the primary analysis: ``model``, its fit measures and its test by drawing."""
    rows = [
        {
            "model": o.model,
            "n_obs": o.n_obs,
            "converged": o.converged,
            **o.fit_measures.to_dict(),
            **_drawn_test(o),
        }
        for o in result.models
        if isinstance(o, FittedModel)
    ]
    return pd.DataFrame(rows, columns=None if rows else ["model", "n_obs", "converged"])


def _drawn_test(outcome: FittedModel) -> dict[str, object]:
    found = outcome.drawn_test
    if isinstance(found, Unavailable):
        return {"drawn_reason": found.reason}
    reasons = "; ".join(f"{why} ({count})" for why, count in found.reasons.items())
    return {
        "pvalue_drawn": found.pvalue,
        "drawn_mean": found.mean,
        "drawn_samples": found.draws,
        "drawn_failed": found.failed,
        "drawn_reason": reasons,
    }


def cross_check_frame(result: AnalysisResult) -> pd.DataFrame:
    """The second engine beside the first, or why it is not: one row a parameter, or one a model."""
    frames = []
    for outcome in result.models:
        if isinstance(outcome, FittedModel):
            check = outcome.cross_check
            frame = check if isinstance(check, pd.DataFrame) else pd.DataFrame({"reason": [check.reason]})
            frames.append(frame.assign(model=outcome.model))
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=["model", "reason"])


def probe_frame(result: AnalysisResult, name: str) -> pd.DataFrame:
    """One frame of every probe (slopes, regions, predicted, congruence), ``model`` and ``outcome`` first."""
    frames = []
    for probe in result.probes:
        frame = getattr(probe, name) if isinstance(probe, Probe) else None
        if isinstance(probe, Probe) and isinstance(frame, pd.DataFrame):
            frames.append(frame.assign(model=probe.model, outcome=probe.outcome))
    if not frames:
        return pd.DataFrame(columns=["model", "outcome"])
    joined = pd.concat(frames, ignore_index=True)
    return joined[["model", "outcome", *(c for c in joined.columns if c not in ("model", "outcome"))]]


def matching_frame(result: AnalysisResult) -> pd.DataFrame:
    """One row a hypothesis and matching of indicators, the planned matching first."""
    frames = [m.rows.assign(hypothesis=m.hypothesis, model=m.model) for m in result.matchings]
    if result.unmatched:
        frames.append(pd.DataFrame([asdict(u) for u in result.unmatched]))
    columns = ["hypothesis", "model", "matching", "estimate", "se", "verdict", "reason"]
    return (
        pd.concat(frames, ignore_index=True).reindex(columns=columns)
        if frames
        else pd.DataFrame(columns=columns)
    )


def total_frame(result: AnalysisResult) -> pd.DataFrame:
    """One row a hypothesis that names a total effect: the total, and the share of the estimand in it."""
    columns = [
        "hypothesis",
        "estimand",
        "total",
        *(f"{of}_{x}" for of in ("total", "share") for x in FIGURES),
    ]
    rows = []
    for t in result.totals:
        row: dict[str, object] = {"hypothesis": t.hypothesis, "estimand": t.estimand, "total": t.expression}
        for of, effect in (("total", t.total), ("share", t.share)):
            if isinstance(effect, Unavailable):
                row[f"{of}_reason"] = effect.reason
            else:
                low, high = effect.interval(result.study.rules.confidence)
                row |= {f"{of}_estimate": effect.estimate, f"{of}_se": effect.se}
                row |= {f"{of}_ci_lower": low, f"{of}_ci_upper": high}
        rows.append(row)
    return pd.DataFrame(rows).reindex(columns=columns)


def group_frame(result: AnalysisResult) -> pd.DataFrame:
    """One row a hypothesis, path and group: each group's own paths on the common scale."""
    columns = [
        "hypothesis",
        "grouping",
        "model",
        "path",
        "group",
        "n",
        "estimate",
        "se",
        "ci_lower",
        "ci_upper",
    ]
    frames = [
        c.found.paths.assign(hypothesis=c.hypothesis, grouping=c.grouping, model=c.model)
        for c in result.group_comparisons
        if isinstance(c.found, GroupPaths)
    ]
    return pd.concat(frames, ignore_index=True)[columns] if frames else pd.DataFrame(columns=columns)


def lag_frame(result: AnalysisResult) -> pd.DataFrame:
    """One row a model across waves and lag, ``model`` first."""
    frames = [panel.lags.assign(model=panel.model) for panel in result.panels]
    if not frames:
        return pd.DataFrame(columns=["model", "target", "source", "label", "estimate", "se"])
    joined = pd.concat(frames, ignore_index=True)
    return joined[["model", *(c for c in joined.columns if c != "model")]]


def necessity_frame(result: AnalysisResult) -> pd.DataFrame:
    """One row a condition, outcome and ceiling."""
    frames = [described.frame for described in result.necessities]
    columns = ["condition", "outcome", "n", "ceiling", "effect", "pvalue", "accuracy"]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)


def balance_rival_frame(result: AnalysisResult) -> pd.DataFrame:
    """One row a hypothesis of balance and shape of the surface."""
    columns = [
        *("hypothesis", "model", "outcome", "variables", "n", "shape", "parameters", "r2", "r2_predicted"),
        *("bic", "difference", "difference_se", "coefficient", "coefficient_se", "reason"),
    ]
    frames = []
    for entry in result.balance_rivals:
        found = entry.found
        if isinstance(found, Unavailable):
            frames.append(pd.DataFrame([{"hypothesis": entry.hypothesis, "reason": found.reason}]))
            continue
        rows = found.rows.assign(hypothesis=entry.hypothesis, model=found.model, outcome=found.outcome)
        frames.append(rows.assign(variables=" ".join(found.variables), n=found.n, reason=""))
    joined = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
    return joined.reindex(columns=columns)


def write_tables(result: AnalysisResult, out_dir: str | Path) -> list[Path]:
    """Write every table as CSV, and manifest.json.

    CSV is plain UTF-8: a byte order mark would become part of the first column's name for many programs.
    Returns the paths written.
    """
    folder = Path(out_dir)
    folder.mkdir(parents=True, exist_ok=True)
    frames = {
        "verdicts": verdict_frame(result),
        "paths": path_frame(result),
        "fit": fit_frame(result),
        **measurement_frames(result),
        "flags": result.flags,
        "cross_check": cross_check_frame(result),
        "group_paths": group_frame(result),
        "lags": lag_frame(result),
        "necessity": necessity_frame(result),
        "matchings": matching_frame(result),
        "totals": total_frame(result),
        "simple_slopes": probe_frame(result, "slopes"),
        "johnson_neyman": probe_frame(result, "regions"),
        "predicted": probe_frame(result, "predicted"),
        "congruence": probe_frame(result, "congruence"),
        "balance_rivals": balance_rival_frame(result),
    }
    written = []
    for name, frame in frames.items():
        path = folder / f"{name}.csv"
        frame.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")
        written.append(path)
    path = folder / "manifest.json"
    path.write_text(json.dumps(result.manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return [*written, path]
