"""Model text to statements."""

from __future__ import annotations

from dataclasses import dataclass, field

from analysis.sem.errors import ModelError
from analysis.sem.syntax.formula import read_formula
from analysis.sem.syntax.lines import Line, logical_lines
from analysis.sem.syntax.relations import as_expression, names_with_positions
from analysis.sem.syntax.source import Source
from analysis.sem.syntax.statements import (
    NO_MODIFIERS,
    ModelStatements,
    ParameterStatement,
    RelationStatement,
)
from analysis.sem.syntax.terms import Cursor, Join, Symbol, Text, parse_term
from analysis.sem.syntax.tokens import Token, tokenise

_UNSUPPORTED = {
    "<~": ("formative (composite) constructs are not supported", "measure it with =~, or use a sum score"),
    "%": ("“%” is not supported", "remove this line"),
    **dict.fromkeys(
        ("<", ">", "<=", ">="), ("inequality constraints are not supported", "fix or equate the parameters")
    ),
}


def parse_model(text: object) -> ModelStatements:
    """Read a model, a text in lavaan's language.

    Raises ModelError with line, column and a caret at the first thing that is not understood or supported.
    """
    if not isinstance(text, str):
        raise ModelError(f"the model is a {type(text).__name__}, not text", mend='give "f =~ x1 + x2 + x3"')
    source = Source(text)
    state = _State(source)
    for line in logical_lines(source, tokenise(source)):
        _read_line(state, line)
    if not state.parameters:
        raise ModelError("the model has no formulas", mend="write for example  f =~ x1 + x2 + x3")
    return ModelStatements(source, tuple(state.parameters), tuple(state.relations), tuple(state.blocks))


@dataclass(slots=True)
class _State:
    source: Source
    parameters: list[ParameterStatement] = field(default_factory=list)
    relations: list[RelationStatement] = field(default_factory=list)
    blocks: list[str] = field(default_factory=list)
    block: str = ""
    seen: dict[tuple[str, str, str, str], ParameterStatement] = field(default_factory=dict)


def _read_line(state: _State, line: Line) -> None:
    operator = next((token for token in line if token.kind == "operator"), None)
    if operator is None:
        raise state.source.fault(
            line[0].position,
            "no operator in this line",
            "a formula needs one of =~ ~ ~~ := == |; a line that goes on needs a “+” at its end",
        )
    if operator.text in _UNSUPPORTED:
        raise state.source.fault(operator.position, *_UNSUPPORTED[operator.text])
    if operator.text == ":":
        _open_block(state, line, operator)
    elif operator.text in {":=", "=="}:
        state.relations.append(_relation(state.source, line, operator))
    else:
        for statement in read_formula(state.source, line, operator, state.block):
            _add(state, statement)


def _open_block(state: _State, line: Line, operator: Token) -> None:
    name = line[0]
    if operator is not line[1] or name.text.lower() not in {"group", "level", "block", "class"}:
        raise state.source.fault(operator.position, "“:” opens a block only as in  group: 1")
    if name.text.lower() != "group":
        raise state.source.fault(name.position, f"“{name.text}:” blocks are not supported")
    label = state.source.text[operator.end : line[-1].end].strip().strip("\"'")
    if not label:
        raise state.source.fault(operator.position, "which group?", "write its label or number")
    if state.parameters and not state.blocks:
        raise state.source.fault(
            state.parameters[0].position,
            "this formula stands before the first “group:” and would belong to no group",
            "move it into a block, or repeat it in each",
        )
    state.block = label
    if label not in state.blocks:
        state.blocks.append(label)


def _relation(source: Source, line: Line, operator: Token) -> RelationStatement:
    cursor = Cursor(source, line)
    left = parse_term(cursor)
    if cursor.take() is not operator:
        raise source.fault(line[0].position, f"the left side of “{operator.text}” is not an expression")
    right = parse_term(cursor)
    if cursor.peek().kind != "end":
        raise source.fault(cursor.peek().position, f"unexpected “{cursor.peek().text}” in an expression")
    at = line.index(operator)
    texts = ["".join(token.text.strip("\"'") for token in side) for side in (line[:at], line[at + 1 :])]
    if operator.text == ":=":
        if not isinstance(left, Symbol | Text) or texts[0] == "NA":
            raise source.fault(line[0].position, "the left side of “:=” is one new name")
        whole, named = right, right
    else:
        whole = named = Join("-", left, right, operator.position)
    return RelationStatement(
        operator.text,
        texts[0],
        texts[1],
        as_expression(source, whole),
        names_with_positions(named),
        line[0].position,
    )


def _add(state: _State, statement: ParameterStatement) -> None:
    """Append a statement unless it repeats one; a repetition that says something else is an error."""
    key = (statement.block, statement.op, statement.lhs, statement.rhs)
    mirrored = (statement.block, statement.op, statement.rhs, statement.lhs)
    earlier = state.seen.get(key) or (state.seen.get(mirrored) if statement.op == "~~" else None)
    if earlier is None:
        state.seen[key] = statement
        state.parameters.append(statement)
        return
    same_direction = statement.op == "~~" and statement.lhs == earlier.lhs != statement.rhs
    if same_direction and statement.modifiers in (earlier.modifiers, NO_MODIFIERS):
        return
    line, _ = state.source.line_and_column(earlier.position)
    raise state.source.fault(
        statement.position,
        f"“{statement.lhs} {statement.op} {statement.rhs}” stands already in line {line}",
        "keep one of the two",
    )
