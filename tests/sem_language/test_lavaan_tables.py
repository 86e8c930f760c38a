"""Parameter tables row by row against lavaan 0.6-14 (lavaan_tables.R wrote lavaan_tables.json)."""

import json
from pathlib import Path

import pytest

from analysis.sem.syntax import parse_model
from analysis.sem.table import ParameterTable, build_table

CASES = json.loads(Path(__file__).with_name("lavaan_tables.json").read_text(encoding="utf-8"))
COLUMNS = ("lhs", "op", "rhs", "user", "group", "label")


def table(case: dict) -> ParameterTable:
    options = case["options"]
    groups = options.get("ngroups", 1)
    return build_table(
        parse_model(case["model"]),
        groups=tuple(str(g + 1) for g in range(groups)) if groups > 1 else (),
        group_equal=options.get("group.equal", ()),
        group_partial=options.get("group.partial", ()),
        meanstructure=options.get("meanstructure"),
        std_lv=options.get("std.lv", False),
        orthogonal=options.get("orthogonal", False),
        ordered=options.get("nthresholds"),
        fixed_x=options.get("fixed.x", True),
        conditional_x=options.get("conditional.x", False),
    )


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_every_row_is_lavaans(case: dict) -> None:
    ours = table(case)
    rows = ours.rows
    for column in COLUMNS:
        assert rows[column].tolist() == case[column], column
    parameters = rows["group"] > 0
    assert rows.loc[parameters, "plabel"].tolist() == case["plabel"][: parameters.sum()]
    assert rows["free"].tolist() == case["free"]
    assert rows.loc[parameters, "exo"].tolist() == case["exo"][: parameters.sum()]
    assert [None if v != v else v for v in rows["ustart"]] == case["ustart"]
    assert ours.equalities == tuple(zip(case["equal_lhs"], case["equal_rhs"], strict=True))
