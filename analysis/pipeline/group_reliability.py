"""Reliability within every group of a study."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.measurement.reliability import average_variance_extracted, cronbach_alpha
from analysis.pipeline.invariances import group_labels
from analysis.pipeline.one_factor import fit_one_factor
from analysis.pipeline.sample import Sample
from analysis.unavailable import Unavailable
from questionnaire.study import Study

COLUMNS = ("grouping", "group", "construct", "n", "alpha", "omega", "ave", "reason")
FEWEST = 50
"""Below this the interval of an alpha of .80 is wider than ±.09, which says little about a group."""


def group_reliability(study: Study, sample: Sample, context: pd.DataFrame) -> pd.DataFrame:
    """One row a group and construct: ``grouping group construct n alpha omega ave reason``.

    context: the rows of ``sample``. Over complete rows of a construct; a group that is too small has one row
    with its reason.
    """
    rows: list[dict[str, object]] = []
    for group in study.groups:
        labels = group_labels(group, context)
        if isinstance(labels, Unavailable):
            rows.append({"grouping": group.code, "reason": labels.reason})
            continue
        for label in group.members:
            mask = (labels == label).to_numpy(dtype=bool)
            own = {"grouping": group.code, "group": label}
            if mask.sum() < FEWEST:
                n = int(mask.sum())
                one = f"1 respondent, fewer than {FEWEST}"
                reason = one if n == 1 else f"{n} respondents, fewer than {FEWEST}"
                rows.append({**own, "n": n, "reason": reason})
                continue
            rows += [{**own, **row} for row in _constructs(study, sample, mask)]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    frame["n"] = frame["n"].astype("Int64")
    frame["reason"] = frame["reason"].fillna("")
    return frame


def _constructs(study: Study, sample: Sample, mask: np.ndarray) -> list[dict[str, object]]:
    rows = []
    for construct in study.constructs:
        if construct.code in sample.absent:
            continue
        block = sample.items.loc[mask, [item.code for item in construct.items]].dropna()
        row: dict[str, object] = {"construct": construct.code, "n": len(block)}
        alpha = cronbach_alpha(block)
        factor = fit_one_factor(block.reset_index(drop=True), "listwise")
        reasons = [found.reason for found in (alpha, factor) if isinstance(found, Unavailable)]
        if not isinstance(alpha, Unavailable):
            row["alpha"] = alpha.alpha
        if not isinstance(factor, Unavailable):
            row["omega"] = factor.omega
            row["ave"] = average_variance_extracted(factor.loadings, factor.residuals)
        rows.append({**row, "reason": "; ".join(dict.fromkeys(reasons))})
    return rows
