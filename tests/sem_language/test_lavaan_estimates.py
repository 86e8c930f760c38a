"""Whole fits over the breadth of the language, against lavaan 0.6-14 (see lavaan_estimates.R)."""

import json
import math
from pathlib import Path

import pandas as pd
import pytest

from analysis import sem

HERE = Path(__file__).parent
CASES = json.loads((HERE / "lavaan_estimates.json").read_text(encoding="utf-8"))
OPTIONS = {"group.equal": "group_equal", "group.partial": "group_partial", "std.lv": "std_lv"}
# lavaan's optimiser stops up to some ten-thousandths of a standard error from the optimum.
IN_SE = 2e-3
RELATIVE = 2e-3
SMALL = 1e-3


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_estimates_errors_and_tests_are_lavaans(case: dict) -> None:
    data = pd.read_csv(HERE.parent / "golden" / "data" / case["data"])
    options = {OPTIONS.get(key, key): value for key, value in dict(case["options"]).items()}
    fit = sem.fit(case["model"], data, **options)
    found = fit.estimates
    assert found["lhs"].tolist() == case["lhs"]
    assert found["op"].tolist() == case["op"]
    rows = zip(case["est"], case["se"], found["est"], found["se"], found["lhs"] + found["op"], strict=True)
    for est, se, ours, our_se, name in rows:
        if se:
            assert abs(ours - est) < IN_SE * se, name
            assert our_se == pytest.approx(se, rel=RELATIVE), name
        else:
            assert ours == pytest.approx(est, rel=RELATIVE, abs=SMALL), name
    for name, value in case["fit"].items():
        ours = fit.fit_measures[name.replace(".", "_")]
        if value is None or value == "NA":
            assert math.isnan(ours), name
        else:
            assert ours == pytest.approx(value, rel=RELATIVE, abs=SMALL), name
