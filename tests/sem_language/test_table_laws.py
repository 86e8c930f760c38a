"""Laws of the parameter table: what must not change it, and what it refuses."""

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.sem.errors import ModelError
from analysis.sem.syntax import parse_model
from analysis.sem.table import ParameterTable, build_table

LINES = (
    "f =~ x1 + x2 + a*x3",
    "g =~ x4 + a*x5 + x6",
    "h =~ x7",
    "g ~ p*f + z1",
    "h ~ q*g + z2",
    "y ~ h + z1",
    "w ~ f",
    "x1 ~~ x4",
    "x2 ~~ x2",
    "pq := p*q",
)


def essence(table: ParameterTable, rename: dict[str, str] | None = None) -> tuple[object, ...]:
    """A table without its order: rows by content, ties as sets of formulas."""
    names = rename or {}
    rows = table.rows.to_dict("records")

    def key(row: dict) -> tuple[object, ...]:
        lhs, rhs = names.get(row["lhs"], row["lhs"]), names.get(row["rhs"], row["rhs"])
        sides = tuple(sorted((lhs, rhs))) if row["op"] == "~~" else (lhs, rhs)
        return (*sides, row["op"], row["group"])

    content = frozenset(
        (*key(r), r["user"], r["free"] > 0, str(r["ustart"]), r["exo"]) for r in rows if r["op"] != ":="
    )
    by_plabel = {row["plabel"]: key(row) for row in rows if row["plabel"]}
    ties: dict[str, set[tuple[object, ...]]] = {}
    for first, other in table.equalities:
        ties.setdefault(first, {by_plabel[first]}).add(by_plabel[other])
    return content, frozenset(frozenset(tie) for tie in ties.values())


# Which loading is the marker depends on the order of indicators within a line, not on that of lines.
@given(st.permutations(LINES), st.integers(1, 3), st.booleans(), st.booleans())
def test_the_order_of_lines_does_not_matter(lines: list[str], groups: int, std_lv: bool, means: bool) -> None:
    options = {
        "groups": tuple("ABC"[:groups]) if groups > 1 else (),
        "group_equal": ("loadings", "intercepts") if means else ("loadings",),
        "std_lv": std_lv,
        "meanstructure": means,
    }
    usual = build_table(parse_model("\n".join(LINES)), **options)
    shuffled = build_table(parse_model("\n".join(lines)), **options)
    assert essence(shuffled) == essence(usual)


@given(st.randoms(use_true_random=False))
def test_renaming_variables_and_labels_renames_the_table(generator: random.Random) -> None:
    names = ["f", "g", "h", "y", "w", "z1", "z2", *(f"x{k}" for k in range(1, 8))]
    fresh = [f"变量.{k}" for k in range(len(names))]
    generator.shuffle(fresh)
    rename = dict(zip(names, fresh, strict=True))
    text = "\n".join(LINES)
    tokens = {**rename, "a": "标签", "p": "p_1", "q": "q.1", "pq": "间接"}
    model = parse_model(text)
    renamed = parse_model(_replace_names(text, tokens))
    assert essence(build_table(model), rename) == essence(build_table(renamed))


def _replace_names(text: str, names: dict[str, str]) -> str:
    return re.sub(r"[A-Za-z]\w*", lambda match: names.get(match.group(), match.group()), text)


def test_free_indices_run_without_gaps_and_fixed_rows_have_values() -> None:
    table = build_table(parse_model("\n".join(LINES)), groups=("A", "B"), group_equal=("loadings",))
    free = table.rows.loc[table.rows["free"] > 0, "free"]
    assert free.tolist() == list(range(1, table.n_free + 1))
    fixed = table.rows[(table.rows["free"] == 0) & (table.rows["exo"] == 0) & (table.rows["group"] > 0)]
    assert fixed["ustart"].notna().all()


CFA = "f =~ x1 + x2 + x3\ny ~ b*f"
REFUSED = {
    "unknown keyword": (CFA, {"group_equal": ("loading",)}, "did you mean “loadings”"),
    "unknown partial": (CFA, {"groups": ("A", "B"), "group_partial": ("f=~x9",)}, "did you mean “f=~x"),
    "vector too long": ("f =~ x1 + c(a, b)*x2", {}, "2 modifiers for 1 group"),
    "vector too short": ("f =~ x1 + c(a, b)*x2", {"groups": tuple("ABC")}, "2 modifiers for 3 groups"),
    "unknown label": (CFA + "\nd := b*e1", {}, "no parameter has the label “e1”"),
    "misspelt label": ("y ~ beta*x\nd := betta", {}, "did you mean “beta”"),
    "circle": (CFA + "\nd := e\ne := d", {}, "circle"),
    "self": (CFA + "\nd := d + b", {}, "circle"),
    "defined twice": (CFA + "\nd := b\nd := 2*b", {}, "already defined"),
    "label redefined": (CFA + "\nb := 2", {}, "already a label"),
    "unknown column": (CFA, {"observed_names": ("x1", "x2", "x3", "Y")}, "neither a column"),
    "latent is a column": (CFA, {"observed_names": ("x1", "x2", "x3", "y", "f")}, "a column of the data"),
    "nothing observed": ("f =~ 0", {}, "no observed variables"),
    "contradiction": ("f =~ x1 + a*x2 + 2*x2 + x3\ng =~ x4 + a*x5 + 3*x5", {}, "2 and 3"),
    "block without group": ("group: C\n" + CFA, {"groups": ("A", "B")}, "no such group"),
    "group without block": ("group: A\n" + CFA, {"groups": ("A", "B")}, "1 “group:” blocks for 2"),
    "blocks differ": (
        "group: A\nf =~ x1 + x2 + x3\ngroup: B\nf =~ x1 + x2 + x4",
        {"groups": ("A", "B")},
        "different observed",
    ),
}


@pytest.mark.parametrize(("text", "options", "words"), REFUSED.values(), ids=list(REFUSED))
def test_what_cannot_be_built_is_refused_with_a_reason(text: str, options: dict, words: str) -> None:
    with pytest.raises(ModelError, match=words):
        build_table(parse_model(text), **options)


def test_blocks_may_come_in_any_order_and_by_label_or_number() -> None:
    by_label = build_table(
        parse_model("group: B\nf =~ x1 + x2 + 2*x3\ngroup: A\nf =~ x1 + x2 + x3"), groups=("A", "B")
    )
    by_number = build_table(
        parse_model("group: 1\nf =~ x1 + x2 + x3\ngroup: 2\nf =~ x1 + x2 + 2*x3"), groups=("A", "B")
    )
    assert by_label.rows.equals(by_number.rows)


def test_ordered_predictors_stay_numeric() -> None:
    table = build_table(parse_model("f =~ x1 + x2 + x3\nf ~ z"), ordered={"x1": 2, "z": 1})
    assert table.ordered == ("x1",)
    assert table.exogenous == ("z",)


@pytest.mark.parametrize(
    ("text", "place"),
    [("f =~ x1 + z", "column 11"), ("y ~ x1", "column 1"), ("x2 =~ x1 + x3", "column 1")],
)
def test_the_unknown_name_itself_is_pointed_at(text: str, place: str) -> None:
    with pytest.raises(ModelError) as caught:
        build_table(parse_model(text), observed_names=("x1", "x2", "x3"))
    assert caught.value.place.endswith(place)
