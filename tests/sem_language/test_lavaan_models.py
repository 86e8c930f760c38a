"""Tables of whole fits, options and data included, against lavaan (see lavaan_models.R)."""

import json
from pathlib import Path

import pandas as pd
import pytest

from analysis import sem

HERE = Path(__file__).parent
CASES = json.loads((HERE / "lavaan_models.json").read_text(encoding="utf-8"))
OPTIONS = {"group.equal": "group_equal", "group.partial": "group_partial", "std.lv": "std_lv"}


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_options_shape_the_table_as_in_lavaan(case: dict) -> None:
    data = pd.read_csv(HERE.parent / "golden" / "data" / case["data"])
    options = {OPTIONS.get(key, key): value for key, value in dict(case["options"]).items()}
    table = sem.fit(case["model"], data, **options).table
    assert list(table.groups) == case["groups"]
    assert list(table.observed) == case["observed"]
    for column in ("lhs", "op", "rhs", "user", "group", "free", "label"):
        assert table.rows[column].tolist() == case[column], column
    parameters = int((table.rows["group"] > 0).sum())
    assert table.rows["exo"].tolist()[:parameters] == case["exo"][:parameters]
    assert table.equalities == tuple(zip(case["equal_lhs"], case["equal_rhs"], strict=True))
