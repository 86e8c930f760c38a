"""What the measurement part found, as tidy files."""

from __future__ import annotations

import pandas as pd

from analysis.pipeline.result import AnalysisResult
from analysis.unavailable import Unavailable

GENERAL_COLUMNS = (
    "model", "chisq", "df", "pvalue", "cfi", "rmsea", "srmr", "omega", "omega_h", "ecv", "puc",
)  # fmt: skip


def measurement_frames(result: AnalysisResult) -> dict[str, pd.DataFrame]:
    """File name → table."""
    return {
        "measurement": result.measurement.constructs,
        "discriminant": _or_reason(result.measurement.discriminant),
        "group_reliability": result.measurement.groups,
        "general_factor": general_frame(result),
        "invariance": invariance_frame(result),
        "method_bias": method_frame(result),
        "items": result.measurement.items,
    }


def _or_reason(found: pd.DataFrame | Unavailable) -> pd.DataFrame:
    return pd.DataFrame({"reason": [found.reason]}) if isinstance(found, Unavailable) else found


def general_frame(result: AnalysisResult) -> pd.DataFrame:
    """One row a model with a general factor: its fit and strength, or the ``reason`` why there is none."""
    rows: list[dict[str, object]] = []
    for name, found in result.measurement.general.items():
        if isinstance(found, Unavailable):
            rows.append({"model": name, "reason": found.reason})
        else:
            rows.append({field: getattr(found, field) for field in GENERAL_COLUMNS})
            rows[-1]["reason"] = "; ".join(found.problems)
    return pd.DataFrame(rows, columns=[*GENERAL_COLUMNS, "reason"])


def method_frame(result: AnalysisResult) -> pd.DataFrame:
    """The marker ladder, or one row with the ``reason`` why there is none."""
    bias = result.method_bias
    found = bias if isinstance(bias, Unavailable) else bias.marker
    return _or_reason(found if isinstance(found, Unavailable) else found.ladder)


def invariance_frame(result: AnalysisResult) -> pd.DataFrame:
    """Every ladder of invariance, ``grouping`` first; one row with the ``reason`` where there is none."""
    frames = []
    for entry in result.invariances:
        found = entry.found
        if isinstance(found, Unavailable):
            frame = pd.DataFrame({"reason": [found.reason]})
        else:
            frame = found.ladder.assign(reached=found.reached)
        frames.append(frame.assign(grouping=entry.grouping, indicators=entry.indicators, of=entry.of))
    if not frames:
        return pd.DataFrame(columns=["grouping", "reason"])
    joined = pd.concat(frames, ignore_index=True)
    first = ["grouping", "indicators", "of"]
    return joined[[*first, *(c for c in joined.columns if c not in first)]]
