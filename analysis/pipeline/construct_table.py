"""Reliability, validity and dimensionality, one row a construct."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.measurement.correlation import complete_rows, constant_columns, correlation_matrix
from analysis.measurement.ordinal_alpha import ordinal_alpha
from analysis.measurement.reliability import (
    average_variance_extracted,
    composite_reliability,
    cronbach_alpha,
)
from analysis.measurement.retention import eigenvalues
from analysis.pipeline.one_factor import OneFactor
from analysis.pipeline.sample import Sample
from analysis.preparation.scoring import Scored, score_items
from analysis.unavailable import Unavailable
from questionnaire.study import Study

CONSTRUCT_COLUMNS = (
    "construct", "level", "indicators", "n", "alpha", "alpha_ci_lower", "alpha_ci_upper", "alpha_ordinal",
    "omega", "composite_reliability", "ave", "htmt_max", "fornell_larcker", "eigenvalue_ratio",
    "one_factor_cfi", "one_factor_rmsea", "one_factor_srmr", "note",
)  # fmt: skip


def construct_blocks(study: Study, sample: Sample) -> dict[str, pd.DataFrame]:
    """Every construct that was answered with its items, every dimension with its facets' parcels."""
    blocks = {
        construct.code: sample.items[[item.code for item in construct.items]]
        for construct in study.constructs
        if construct.code not in sample.absent
    }
    for dimension in study.dimensions:
        if not set(dimension.facets) & set(sample.absent):
            blocks[dimension.code] = sample.parcels[list(dimension.facets)]
    return blocks


def construct_table(
    study: Study,
    raw: pd.DataFrame,
    sample: Sample,
    factors: Mapping[str, OneFactor | Unavailable],
    ratios: pd.DataFrame | Unavailable,
    squares: pd.DataFrame | Unavailable,
) -> pd.DataFrame:
    """One row a construct or dimension, with the columns of measurement.csv; ``raw``: codes as given."""
    rows: list[dict[str, object]] = []
    dimensions = {dimension.code for dimension in study.dimensions}
    turned = score_items(study, raw, Scored.RAW)
    for code, block in construct_blocks(study, sample).items():
        row: dict[str, object] = {
            "construct": code,
            "level": "dimension" if code in dimensions else "construct",
            "indicators": block.shape[1],
            "n": len(block.dropna()),
        }
        notes: list[str] = []
        alpha = cronbach_alpha(block)
        if isinstance(alpha, Unavailable):
            notes.append(alpha.reason)
        else:
            row |= {"alpha": alpha.alpha, "alpha_ci_lower": alpha.ci_lower, "alpha_ci_upper": alpha.ci_upper}
        if code not in dimensions:
            ordinal = ordinal_alpha(turned[list(block.columns)])
            row["alpha_ordinal"] = None if isinstance(ordinal, Unavailable) else ordinal
            notes += [ordinal.reason] if isinstance(ordinal, Unavailable) else []
        else:
            notes.append("HTMT and ordinal alpha are of items, not of parcels")
        row["eigenvalue_ratio"] = _eigenvalue_ratio(block)
        factor = factors[code]
        if isinstance(factor, Unavailable):
            notes.append(factor.reason)
        else:
            row |= {
                "omega": factor.omega,
                "composite_reliability": composite_reliability(factor.loadings, factor.covariance),
                "ave": average_variance_extracted(factor.loadings, factor.residuals),
            }
            if factor.fit is not None:
                row |= {f"one_factor_{name}": getattr(factor.fit, name) for name in ("cfi", "rmsea", "srmr")}
            else:
                notes.append(f"one factor fits {block.shape[1]} indicators exactly, so its fit says nothing")
        if isinstance(ratios, pd.DataFrame) and code in ratios:
            row["htmt_max"] = float(ratios[code].drop(code).max())
        elif code not in dimensions:
            notes.append(_why(ratios, "HTMT needs two items that were answered"))
        if isinstance(squares, pd.DataFrame) and code in squares:
            others = squares[code].drop(code).abs()
            row["fornell_larcker"] = bool((others < float(str(squares.loc[code, code]))).all())
        else:
            notes.append(_why(squares, "it is no factor of the measurement model"))
        row["note"] = "; ".join(dict.fromkeys(notes))
        rows.append(row)
    return pd.DataFrame(rows, columns=list(CONSTRUCT_COLUMNS))


def _why(found: pd.DataFrame | Unavailable, otherwise: str) -> str:
    return found.reason if isinstance(found, Unavailable) else otherwise


def _eigenvalue_ratio(block: pd.DataFrame) -> float | None:
    """First over second eigenvalue of the indicators' correlations; large where they have one dimension."""
    rows = complete_rows(block.to_numpy(dtype=float))
    if block.shape[1] < 3 or len(rows) <= block.shape[1] or constant_columns(rows).any():
        return None
    values = eigenvalues(correlation_matrix(rows))
    return float(values[0] / values[1]) if values[1] > 1e-10 else None
