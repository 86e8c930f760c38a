"""Reference cases as (name, case) and the options of a case as keywords of sem.fit."""

import json
from pathlib import Path
from typing import Any

import pandas as pd

GOLDEN = Path(__file__).resolve().parent.parent / "golden"
KEYWORDS = {
    "estimator": "estimator",
    "missing": "missing",
    "group": "group",
    "group.equal": "group_equal",
    "group.partial": "group_partial",
    "meanstructure": "meanstructure",
    "std.lv": "std_lv",
    "orthogonal": "orthogonal",
    "cluster": "cluster",
    "ordered": "ordered",
}


def continuous_cases() -> dict[str, dict[str, Any]]:
    """Cases of continuous variables by name."""
    found = {}
    for path in sorted([*GOLDEN.glob("cases/*.json"), *GOLDEN.glob("cases_more/*.json")]):
        case = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(case, dict) and "estimates" in case and "ordered" not in (case["options"] or {}):
            found[case["name"]] = case
    return found


def keywords(case: dict[str, Any]) -> dict[str, Any]:
    return {KEYWORDS[name]: value for name, value in (case["options"] or {}).items()}


def data_of(case: dict[str, Any]) -> pd.DataFrame:
    return pd.read_csv(GOLDEN / "data" / case["data"])


def rows_by_key(rows: list[dict[str, Any]], labels: list[str]) -> dict[tuple[str, ...], dict[str, Any]]:
    out = {}
    for row in rows:
        if row["op"] == "==":
            continue
        number = 0 if row["op"] == ":=" or not labels else row.get("group") or 0
        out[(row["lhs"], row["op"], row["rhs"], str(labels[number - 1]) if number else "")] = row
    return out
