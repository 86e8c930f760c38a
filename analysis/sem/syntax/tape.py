"""An expression tree as a list of steps: what evaluation walks over, many times for one tree."""

from __future__ import annotations

from typing import TypeAlias

from analysis.sem.kept import kept
from analysis.sem.syntax.expression import Binary, Call, Expression, postorder

Step: TypeAlias = tuple[Expression, str, int, int]
"""Node, its function or operator ("" for a leaf), and the places of its arguments (-1 for none)."""

Tape: TypeAlias = tuple[Step, ...]


def tape_of(expression: Expression) -> Tape:
    """Every distinct node once, arguments before what uses them; the expression itself is last."""
    return _tape(expression) if isinstance(expression, Call | Binary) else ((expression, "", -1, -1),)


# Trees compare by identity and are walked at every evaluation.
@kept(each=64)
def _tape(expression: Call | Binary) -> Tape:
    place: dict[int, int] = {}
    steps: list[Step] = []
    for node in postorder(expression):
        if isinstance(node, Binary):
            steps.append((node, node.operator, place[id(node.left)], place[id(node.right)]))
        elif isinstance(node, Call):
            steps.append((node, node.function, place[id(node.argument)], -1))
        else:
            steps.append((node, "", -1, -1))
        place[id(node)] = len(steps) - 1
    return tuple(steps)
