"""No circles among imports: what a module needs can be read, tested and changed without what needs it.

Imports inside functions count, for a circle that is only put off is still one. Between modules those under
TYPE_CHECKING count too. Between parts of a package they do not: a sample may name the type of the ordinal
statistics it carries without depending on how they are made.
"""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def module_name(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {
    module_name(path): path
    for package in ("analysis", "questionnaire")
    for path in sorted((ROOT / package).rglob("*.py"))
}


def is_type_checking(node):
    return isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")


def imported(tree, known, *, for_types):
    """Names of the known modules that the source tree imports."""
    out, stack = set(), [tree]
    while stack:
        node = stack.pop()
        if is_type_checking(node) and not for_types:
            stack.extend(node.orelse)
            continue
        if isinstance(node, ast.Import):
            out |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                out.add(whole if whole in known else node.module)
        stack.extend(ast.iter_child_nodes(node))
    return out & known.keys()


def circles(edges):
    """Sets of more than one node that reach each other (Tarjan, 1972)."""
    number, low, stack, out = {}, {}, [], []

    def visit(node):
        number[node] = low[node] = len(number)
        stack.append(node)
        for other in sorted(edges.get(node, ())):
            if other not in number:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in stack:
                low[node] = min(low[node], number[other])
        if low[node] == number[node]:
            place = stack.index(node)
            found = stack[place:]
            del stack[place:]
            if len(found) > 1:
                out.append(sorted(found))

    for node in sorted(edges):
        if node not in number:
            visit(node)
    return out


TREES = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in MODULES.items()}


def graph(*, for_types):
    return {name: imported(tree, MODULES, for_types=for_types) - {name} for name, tree in TREES.items()}


ALL, AT_WORK = graph(for_types=True), graph(for_types=False)


def between_parts(package, edges):
    """The same imports seen from one package: its modules and packages as wholes."""
    inside = f"{package}."

    def part(name):
        return name.removeprefix(inside).split(".")[0]

    out = {}
    for name, others in edges.items():
        if name.startswith(inside):
            own = {part(other) for other in others if other.startswith(inside)}
            out.setdefault(part(name), set()).update(own - {part(name)})
    return out


PACKAGES = sorted({name.rsplit(".", depth)[0] for name in MODULES for depth in range(1, name.count(".") + 1)})


def test_modules_do_not_import_each_other_in_a_circle():
    assert circles(ALL) == []


@pytest.mark.parametrize("package", PACKAGES)
def test_the_parts_of_a_package_do_not_import_each_other_in_a_circle(package):
    assert circles(between_parts(package, AT_WORK)) == []


@pytest.mark.parametrize(
    ("source", "for_types", "expected"),
    [
        ("import a.b", False, {"a.b"}),
        ("from a import b", False, {"a.b"}),
        ("from a.b import name", False, {"a.b"}),
        ("from a import name", False, {"a"}),
        ("def f():\n    from a import b", False, {"a.b"}),
        ("if TYPE_CHECKING:\n    from a import b", False, set()),
        ("if typing.TYPE_CHECKING:\n    from a import b", True, {"a.b"}),
        ("import os", False, set()),
    ],
)
def test_every_kind_of_import_is_seen(source, for_types, expected):
    assert imported(ast.parse(source), {"a": None, "a.b": None}, for_types=for_types) == expected


@pytest.mark.parametrize(
    ("edges", "expected"),
    [
        ({"a": {"b"}, "b": {"c"}, "c": set()}, []),
        ({"a": {"b"}, "b": {"c"}, "c": {"b"}}, [["b", "c"]]),
        ({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}, [["a", "b", "c"]]),
    ],
)
def test_circles_are_found(edges, expected):
    assert circles(edges) == expected


def test_a_circle_between_packages_is_seen_without_one_between_modules():
    edges = {"p.a.one": {"p.b.one"}, "p.b.two": {"p.a.two"}, "p.a.two": set(), "p.b.one": set()}
    assert circles(edges) == []
    assert circles(between_parts("p", edges)) == [["a", "b"]]
