"""The user's := and == made ready: names known, definitions in an order that works, none circular."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from difflib import get_close_matches
from graphlib import CycleError, TopologicalSorter

from analysis.sem.errors import ModelError
from analysis.sem.syntax.expression import Expression, substitute
from analysis.sem.syntax.source import Source
from analysis.sem.syntax.statements import RelationStatement
from analysis.sem.table.parameter_table import Constraint, Definition


def resolve_relations(
    source: Source, relations: Sequence[RelationStatement], labels: Collection[str]
) -> tuple[tuple[Definition, ...], tuple[Constraint, ...]]:
    """Definitions and constraints over labels and plabels only; one definition may use another.

    ``labels`` are those of the model's parameters. Raises ModelError at unknown, repeated or circular names.
    """
    definitions = {relation.lhs: relation for relation in relations if relation.op == ":="}
    _check_new_names(source, relations, labels)
    for relation in relations:
        _check_known(source, relation, {*labels, *definitions})
    closed: dict[str, Expression] = {}
    for name in _order(source, definitions):
        closed[name] = substitute(definitions[name].expression, closed)
    return (
        tuple(Definition(name, relation.rhs, closed[name]) for name, relation in definitions.items()),
        tuple(
            Constraint(relation.lhs, relation.rhs, substitute(relation.expression, closed))
            for relation in relations
            if relation.op == "=="
        ),
    )


def _check_new_names(source: Source, relations: Iterable[RelationStatement], labels: Collection[str]) -> None:
    seen: set[str] = set()
    for relation in relations:
        if relation.op == ":=":
            if relation.lhs in labels or relation.lhs in seen:
                what = "a label in the model" if relation.lhs in labels else "defined"
                raise source.fault(
                    relation.position, f"“{relation.lhs}” is already {what}", "choose another name"
                )
            seen.add(relation.lhs)


def _check_known(source: Source, relation: RelationStatement, known: Collection[str]) -> None:
    for name, position in relation.names:
        if name not in known:
            close = get_close_matches(name, sorted(known), 1)
            mend = f"did you mean “{close[0]}”?" if close else "label a parameter with it:  y ~ label*x"
            raise source.fault(position, f"no parameter has the label “{name}”", mend)


def _order(source: Source, definitions: dict[str, RelationStatement]) -> list[str]:
    needs = {name: [n for n, _ in r.names if n in definitions] for name, r in definitions.items()}
    try:
        return list(TopologicalSorter(needs).static_order())
    except CycleError as error:
        circle = [str(name) for name in error.args[1]]
        raise _circular(source, definitions[circle[0]].position, circle) from None


def _circular(source: Source, position: int, circle: Sequence[str]) -> ModelError:
    return source.fault(
        position, f"definitions run in a circle: {' → '.join(circle)}", "define one of them by labels alone"
    )
