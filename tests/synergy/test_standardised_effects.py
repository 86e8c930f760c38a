"""Standardised effects as defined parameters, against lavaan's solution and closed forms."""

import json
from pathlib import Path

import numpy as np
import pytest

from analysis.sem.errors import ModelError
from analysis.sem.syntax import evaluate, parse_model
from analysis.sem.table import build_table
from analysis.synergy.standardise import standardised_definitions

GOLDEN = Path(__file__).parents[1] / "golden"
PRINTED = 1e-6  # the reference has ten digits, its standardised solution rests on them


def values_of(definitions: tuple[str, ...], syntax: str, known: dict[str, float]) -> dict[str, float]:
    """Every definition evaluated at known labels and plabels."""
    table = build_table(parse_model("\n".join((syntax, *definitions))))
    values = dict(known)
    for definition in table.definitions:
        values[definition.name] = float(evaluate((definition,), values)[0])
    return values


def labelled(case: dict, syntax: str) -> dict[str, float]:
    """lavaan's estimates by label and by our plabel."""
    by_key = {(r["lhs"], r["op"], r["rhs"]): r["est"] for r in case["estimates"]}
    known: dict[str, float] = {}
    for row in build_table(parse_model(syntax)).rows.to_dict("records"):
        key = (row["lhs"], row["op"], row["rhs"])
        if key in by_key:
            known[row["plabel"]] = by_key[key]
            if row["label"]:
                known[row["label"]] = by_key[key]
    return known


@pytest.fixture(scope="module")
def bollen() -> dict:
    return json.loads((GOLDEN / "cases" / "bollen_ml.json").read_text())


def test_paths_and_indirect_effects_are_lavaans_std_all(bollen: dict) -> None:
    syntax = bollen["model"]
    asked = {"z.1": "p1", "z.2": "p2", "z.3": "p3", "z.4": "indirect", "z.5": "total"}
    found = values_of(standardised_definitions(syntax, {}, asked), syntax, labelled(bollen, syntax))
    std = {(r["lhs"], r["op"], r["rhs"]): r["est.std"] for r in bollen["standardized"]}
    expected = [
        std["dem60", "~", "ind60"],
        std["dem65", "~", "ind60"],
        std["dem65", "~", "dem60"],
        std["dem60", "~", "ind60"] * std["dem65", "~", "dem60"],
        std["dem65", "~", "ind60"] + std["dem60", "~", "ind60"] * std["dem65", "~", "dem60"],
    ]
    np.testing.assert_allclose([found[name] for name in asked], expected, rtol=PRINTED)


def test_a_product_gets_gamma_two_primes() -> None:
    case = json.loads((GOLDEN / "cases" / "two_way_interaction_ml.json").read_text())
    syntax = case["model"].replace("f3 ~ f1 + f2 + f12", "f3 ~ a*f1 + b*f2 + g*f12")
    definitions = standardised_definitions(syntax, {"f12": ("f1", "f2")}, {"z.g2": "g", "z.b2": "b"})
    found = values_of(definitions, syntax, labelled(case, syntax))
    est = {(r["lhs"], r["op"], r["rhs"]): r["est"] for r in case["estimates"]}
    std = {(r["lhs"], r["op"], r["rhs"]): r["est.std"] for r in case["standardized"]}
    # Wen, Marsh & Hau (2010): γ'' = γ'·√(φ_11·φ_22 / φ_12,12), with γ' the completely standardised value.
    ratio = est["f1", "~~", "f1"] * est["f2", "~~", "f2"] / est["f12", "~~", "f12"]
    assert found["z.g2"] == pytest.approx(std["f3", "~", "f12"] * np.sqrt(ratio), rel=PRINTED)
    assert found["z.b2"] == pytest.approx(std["f3", "~", "f2"], rel=PRINTED)


def test_an_indicator_that_is_also_an_outcome_is_standardised_by_its_whole_variance() -> None:
    syntax = "f =~ 1*x1 + l*x2 + x3\nx2 ~ d*g\ng =~ 1*y1 + y2 + y3"
    definitions = standardised_definitions(syntax, {}, {"z.d": "d"})
    rows = build_table(parse_model(syntax)).rows
    plabel = {(r["lhs"], r["op"], r["rhs"]): r["plabel"] for r in rows.to_dict("records")}
    numbers = {
        ("f", "~~", "f"): 1.5, ("g", "~~", "g"): 0.8, ("f", "~~", "g"): 0.4, ("x2", "~~", "x2"): 0.6
    }  # fmt: skip
    known = {plabel[key]: value for key, value in numbers.items()} | {"l": 0.9, "d": 0.5}
    variance = 0.9**2 * 1.5 + 0.5**2 * 0.8 + 2 * 0.9 * 0.5 * 0.4 + 0.6
    assert values_of(definitions, syntax, known)["z.d"] == pytest.approx(0.5 * np.sqrt(0.8 / variance))


@pytest.mark.parametrize(
    ("syntax", "estimand", "why"),
    [("f =~ x + y + z\ng =~ u + v + w\nf ~ a*g", "b", "not the label"),
     ("f =~ x + y + z\ng =~ u + v + w\nf ~ a*g\ng ~ c*f", "a", "depends on itself")],
)  # fmt: skip
def test_what_cannot_be_standardised_says_why(syntax: str, estimand: str, why: str) -> None:
    with pytest.raises(ModelError, match=why):
        standardised_definitions(syntax, {}, {"z.x": estimand})
