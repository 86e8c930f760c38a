"""First-stage statistics and their asymptotic covariance against lavaan 0.6-14 (reference.R)."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.sem.sample.ordinal import two_stage

REFERENCE = Path(__file__).parent / "reference"
CASES = sorted(p.stem for p in REFERENCE.glob("*.json") if "wls_obs" in json.loads(p.read_text()))
# lavaan's one-dimensional optimiser stops at a relative change of 1e-10 in the function, without second
# derivatives for polyserial correlations: up to 1e-5 in a correlation where n is 300.
STATISTIC_TOLERANCE = 2e-5
# Elements of Γ, relative to the largest on the diagonal; they inherit the error of the correlations times
# 1/(1−ρ²)².
GAMMA_TOLERANCE = 5e-5


def groups_of(reference):
    """Complete rows per group, in lavaan's order of groups, as codes with their numbers of categories."""
    data = pd.read_csv(REFERENCE / reference["data"])
    ordered = set(reference["ordered"])
    names = [n for n in reference["ov"] if n not in reference["ov_x"]]
    group = (reference["options"] or {}).get("group")
    labels = reference["group_labels"] or [None]
    data = data.dropna(subset=[*names, *reference["ov_x"]])
    for label in labels:
        part = data if label is None else data[data[group].astype(str) == label]
        categories = tuple(int(data[n].nunique()) if n in ordered else 0 for n in names)
        values = part[names].to_numpy(float) - [1.0 if n in ordered else 0.0 for n in names]
        x = part[reference["ov_x"]].to_numpy(float) if reference["ov_x"] else None
        yield values, categories, x


@pytest.mark.parametrize("name", CASES)
def test_statistics_and_gamma_are_lavaans(name):
    reference = json.loads((REFERENCE / f"{name}.json").read_text())
    for (values, categories, x), stats, gamma in zip(
        groups_of(reference), reference["wls_obs"], reference["gamma"], strict=True
    ):
        with np.errstate(all="raise"):
            ours = two_stage(values, categories, x)
        np.testing.assert_allclose(
            ours.statistics, np.array(stats, float), atol=STATISTIC_TOLERANCE, rtol=1e-6
        )
        theirs = np.array(gamma, float)
        mine = np.diag(ours.gamma) if theirs.ndim == 1 else ours.gamma
        scale = np.sqrt(np.diag(ours.gamma))
        scale = scale**2 if theirs.ndim == 1 else np.outer(scale, scale)
        np.testing.assert_allclose(mine / scale, theirs / scale, atol=GAMMA_TOLERANCE)
