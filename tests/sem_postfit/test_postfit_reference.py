"""Modification indices, residuals and factor scores of many fits against lavaan 0.6-14."""

import json
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis import sem

HERE = Path(__file__).parent / "reference"
REFERENCE = json.loads((HERE / "cases.json").read_text())
CASES = REFERENCE["cases"]
# lavaan's optimiser stops at relative changes of 1e-10 of the discrepancy, about 1e-5 of an estimate; indices
# and z statistics magnify what is left of the gradient.
MOMENT = 2e-5
SCORE = 1e-4
INDEX = 1e-3
# A residual variance nearly fitted has an error of 1e-3 or less, which magnifies what the search leaves; and
# the EM of lavaan for incomplete data stops at changes of 1e-5 of a moment.
Z = 5e-3


@cache
def fitted(name):
    case = CASES[name]
    options = {key.replace(".", "_"): value for key, value in dict(case["options"] or {}).items()}
    return sem.fit(case["model"], pd.read_csv(HERE / f"{case['data']}.csv"), **options)


def labels_of(case):
    return [str(label) for label in case["group_labels"] or []]


@pytest.mark.parametrize("name", CASES)
def test_modification_indices(name):
    case = CASES[name]
    theirs = pd.DataFrame(case["modification"])
    labels = labels_of(case)
    theirs["group"] = [labels[g - 1] for g in theirs["group"]] if labels else ""
    ours = fitted(name).modification_indices()
    assert list(ours.columns) == ["lhs", "op", "rhs", "group", "mi", "epc", "sepc_all"]
    assert ours["mi"].is_monotonic_decreasing
    both = theirs.merge(ours, on=["lhs", "op", "rhs", "group"], how="outer", suffixes=("", "_ours"))
    # What only one lists are paths to fixed exogenous variables with nothing to gain: lavaan calls parameters
    # unidentified below an absolute bound of information, which depends on units, ours below a relative one.
    assert (both.loc[both["mi_ours"].isna(), "mi"] < 1e-3).all()
    assert (both.loc[both["mi"].isna(), "mi_ours"] < 1e-3).all()
    both = both[both["mi_ours"].notna() & both["mi"].notna()]
    for mine, reference in (("mi_ours", "mi"), ("epc_ours", "epc"), ("sepc_all", "sepc.all")):
        # Where the index is nothing, the change is a ratio of two roundings.
        known = both[reference].notna() & ((mine == "mi_ours") | (both["mi"] > 1e-3))
        off = (both[mine] - both[reference]).abs() / both[reference].abs().clip(lower=1.0)
        assert (off[known] < INDEX).all(), both[off > INDEX]


def matrix(reference, key):
    return np.array(reference[key], dtype=float) if key in reference else None


@pytest.mark.parametrize("name", CASES)
def test_residuals(name):
    case = CASES[name]
    found = fitted(name).residuals()
    labels = labels_of(case)
    kinds = {"raw": "raw", "cor": "correlation", "standardized": "standardized"}
    for kind, groups in case["residuals"].items():
        blocks = groups if isinstance(groups, list) else [groups[label] for label in case["group_labels"]]
        for label, block in zip(labels or [""], blocks, strict=True):
            own = found[found["group"] == label]
            # Given covariates lavaan names the moments res.cov, res.th, …
            block = {key.removeprefix("res."): value for key, value in block.items()}
            cov = matrix(block, "cor" if "cor" in block else "cov")
            place = {variable: i for i, variable in enumerate(case["observed"])}
            pairs = own[own["op"] == "~~"]
            for row in pairs.itertuples():
                value = cov[place[row.lhs], place[row.rhs]]
                tolerance = Z if kind == "standardized" else MOMENT
                # lavaan 0.6-14 divides the errors of every group of ordered data by all cases.
                scale = (
                    np.sqrt(np.sum(fitted(name).n_obs) / fitted(name).n_obs[labels.index(label)])
                    if (kind == "standardized" and "ordered" in dict(case["options"]) and labels)
                    else 1.0
                )
                assert abs(getattr(row, kinds[kind]) * scale - value) < tolerance, (kind, row, value)
            if "mean" in block and (own["op"] == "~1").any():
                means = own[own["op"] == "~1"][kinds[kind]].to_numpy()
                tolerance = Z if kind == "standardized" else MOMENT
                assert np.allclose(means, np.array(block["mean"], dtype=float), atol=tolerance)
            if kind == "raw" and "th" in block:
                thresholds = own[own["op"] == "|"]["raw"].to_numpy()
                assert np.allclose(thresholds, block["th"], atol=MOMENT)


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case["scores"]])
def test_factor_scores(name):
    case = CASES[name]
    data = pd.read_csv(HERE / f"{case['data']}.csv")
    scores = fitted(name).factor_scores()
    assert len(scores) == len(data)
    labels = labels_of(case)
    blocks = case["scores"] if isinstance(case["scores"], list) else [case["scores"][g] for g in labels]
    for label, block in zip(labels or [None], blocks, strict=True):
        theirs = pd.DataFrame(block).astype(float)
        if theirs.empty:
            continue
        own = scores if label is None else scores[data["school"] == label]
        ours = own[list(theirs.columns)].head(len(theirs)).to_numpy()
        assert np.allclose(ours, theirs, atol=SCORE, equal_nan=True)
