"""The path diagram: layers from causes to outcomes, and what width, colour and dash mean."""

import re
from itertools import combinations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.reporting.diagram import NEGATIVE, POSITIVE, UNDECIDED, path_diagram, wrap
from analysis.reporting.diagram_layout import NODE_HEIGHT, NODE_WIDTH, layers_of, place


@pytest.mark.parametrize(
    ("edges", "layers"),
    [
        ([], {"a": 0, "b": 0, "c": 0}),
        ([("a", "b"), ("b", "c")], {"a": 0, "b": 1, "c": 2}),
        ([("a", "c"), ("a", "b"), ("b", "c")], {"a": 0, "b": 1, "c": 2}),
        ([("a", "b"), ("b", "a"), ("b", "c")], {"b": 0, "a": 1, "c": 1}),
        ([("a", "a")], {"a": 0, "b": 0, "c": 0}),
    ],
)
def test_layers_count_from_the_causes(edges, layers):
    assert layers_of(edges, ["a", "b", "c"]) == layers


def rows(*parameters):
    return pd.DataFrame(parameters, columns=["lhs", "op", "rhs", "std_all", "pvalue"])


def factor(name, count):
    return [(name, "=~", f"{name}{k}", 0.8, 0.0) for k in range(count)]


@settings(deadline=None)
@given(
    st.lists(st.integers(1, 6), min_size=1, max_size=7),
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=10),
)
def test_no_two_variables_stand_on_each_other(counts, pairs):
    names = [f"f{k}_" for k in range(len(counts))]
    parameters = [row for name, count in zip(names, counts, strict=True) for row in factor(name, count)]
    chosen = {(min(a, b), max(a, b)) for a, b in pairs if a != b and max(a, b) < len(names)}
    parameters += [(names[b], "~", names[a], 0.3, 0.01) for a, b in chosen]
    layout = place(rows(*parameters), set(names))
    for one, other in combinations(layout.nodes.values(), 2):
        assert abs(one.x - other.x) >= NODE_WIDTH or abs(one.y - other.y) >= NODE_HEIGHT
    for node in layout.nodes.values():
        assert NODE_WIDTH / 2 <= node.x <= layout.width - NODE_WIDTH / 2
        assert NODE_HEIGHT / 2 <= node.y <= layout.height - NODE_HEIGHT / 2


@pytest.mark.parametrize(
    ("estimate", "pvalue", "colour", "dashed"),
    [
        (0.4, 0.001, POSITIVE, False),
        (-0.4, 0.001, NEGATIVE, False),
        (0.4, 0.2, UNDECIDED, True),
        (0.4, float("nan"), UNDECIDED, True),
    ],
)
def test_an_arrow_says_sign_and_certainty(estimate, pvalue, colour, dashed):
    parameters = rows(*factor("x", 3), *factor("y", 3), ("y", "~", "x", estimate, pvalue))
    svg, _ = path_diagram(parameters, {}, "t")
    (arrow,) = re.findall(r"<path [^>]*marker-end[^>]*>", svg)
    assert f'stroke="{colour}"' in arrow
    assert ("stroke-dasharray" in arrow) is dashed
    assert f">{estimate:.2f}</text>".replace("-", "−") in svg


def test_names_are_escaped_and_products_called_by_their_parts():
    parameters = rows(
        *factor("x", 2), ("x_x_z", "=~", "x1_x_z1", 0.7, 0.0), *factor("y", 2), ("y", "~", "x_x_z", 0.1, 0.5)
    )
    svg, _ = path_diagram(parameters, {"x": '<script>"&'}, "<t>")
    assert "<script>" not in svg
    assert "x × z" in svg
    assert "x1_x_z1" not in svg


@pytest.mark.parametrize(
    ("label", "lines"),
    [
        ("Trust", ["Trust"]),
        ("Participation intention", ["Participation", "intention"]),
        ("认知性社会资本", ["认知性社会资本"]),
        ("技术信任与透明程度感知", ["技术信任与透明程", "度感知"]),
        ("one two three four five six seven eight", ["one two three", "four five six…"]),
    ],
)
def test_labels_wrap_into_two_lines(label, lines):
    assert wrap(label) == lines
