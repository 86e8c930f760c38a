"""Term trees before ``*`` to modifiers."""

from __future__ import annotations

import math

from analysis.sem.syntax.evaluation import evaluate
from analysis.sem.syntax.expression import Expression
from analysis.sem.syntax.relations import as_expression
from analysis.sem.syntax.source import Source
from analysis.sem.syntax.statements import Modifiers
from analysis.sem.syntax.terms import Apply, Join, Literal, Symbol, Term, Text

_UNSUPPORTED = {
    "lower": "bounds are not supported",
    "upper": "bounds are not supported",
    "prior": "priors belong to Bayesian estimation, which is not supported",
    "rv": "random slopes are not supported",
    "efa": "exploratory blocks (efa) are not supported",
}


def read_modifiers(source: Source, term: Term) -> Modifiers:
    """The modifiers a term stands for: a number, NA, a label, c(…), start(…), label(…), equal(…) or a chain.

    Raises ModelError at the part that is none of these.
    """
    if isinstance(term, Symbol):
        return Modifiers(fixed=(None,)) if term.name == "NA" else Modifiers(label=(term.name,))
    if isinstance(term, Text):
        return Modifiers(label=(term.text,))
    if isinstance(term, Apply) and term.function in {"start", "label", "equal", "c"}:
        return _vector(source, term)
    if isinstance(term, Apply) and term.function in _UNSUPPORTED:
        raise source.fault(term.position, f"{term.function}(): {_UNSUPPORTED[term.function]}")
    if _is_constant(term):
        return Modifiers(fixed=(constant(source, term),))
    if isinstance(term, Join) and term.operator == "*":
        chain = merge(
            source, term.position, read_modifiers(source, term.left), read_modifiers(source, term.right)
        )
        if chain.label and any(value is not None for value in chain.fixed):
            # lavaan 0.6 drops the number here, later releases fix the parameter at it.
            raise source.fault(
                term.position, "a number and a label in one chain", "write a*x to label, 2*x to fix x"
            )
        return chain
    raise source.fault(
        term.position,
        "this is neither a number nor a label",
        "a modifier is a number, NA, a label, start(…), equal(…) or c(…), one entry for each group",
    )


def merge(source: Source, position: int, first: Modifiers, second: Modifiers) -> Modifiers:
    """Modifiers of one variable written in two places, ``a*x + start(.5)*x``.

    Raises ModelError if they contradict each other.
    """
    pairs = ((first.fixed, second.fixed), (first.start, second.start), (first.label, second.label))
    if any(one and other and one != other for one, other in pairs):
        raise source.fault(position, "two modifiers of one kind for the same parameter", "keep one of them")
    merged = Modifiers(*(one or other for one, other in pairs))  # type: ignore[arg-type]
    if merged.start and any(value is not None for value in merged.fixed):
        raise source.fault(
            position, "a fixed parameter has no starting value", "keep the number or start(), not both"
        )
    return merged


def constant(source: Source, term: Term) -> float:
    """The value of a term without names. Raises ModelError if it has names or is not finite."""
    if not _is_constant(term):
        raise source.fault(term.position, "a number is needed here")
    value = float(evaluate([_Value(as_expression(source, term))], {})[..., 0])
    if not math.isfinite(value):
        raise source.fault(term.position, f"this comes to {value}, not to a number")
    return value


class _Value:
    __slots__ = ("expression",)

    def __init__(self, expression: Expression) -> None:
        self.expression = expression


def _is_constant(term: Term) -> bool:
    if isinstance(term, Apply):
        return term.function not in {"start", "label", "equal", "c", *_UNSUPPORTED} and all(
            _is_constant(argument) for argument in term.arguments
        )
    if isinstance(term, Join):
        return term.operator != "?" and _is_constant(term.left) and _is_constant(term.right)
    return isinstance(term, Literal)


def _vector(source: Source, term: Apply) -> Modifiers:
    entries = [entry for argument in term.arguments for entry in _entries(source, argument)]
    if not entries:
        raise source.fault(term.position, f"{term.function}() is empty")
    numbers = [entry for entry in entries if isinstance(entry, float)]
    names = [entry for entry in entries if isinstance(entry, str)]
    if numbers and names:
        raise source.fault(
            term.position, "numbers and labels are mixed", "write c(a, b)*x + c(1, NA)*x, labels apart"
        )
    if term.function == "start":
        if len(numbers) != len(entries):
            raise source.fault(term.position, "start() takes numbers")
        return Modifiers(start=tuple(numbers))
    if term.function != "c" and numbers:
        raise source.fault(term.position, f"{term.function}() takes names")
    if names or term.function != "c":
        return Modifiers(label=tuple(entry if isinstance(entry, str) else "" for entry in entries))
    return Modifiers(fixed=tuple(entry if isinstance(entry, float) else None for entry in entries))


def _entries(source: Source, term: Term) -> list[float | str | None]:
    """One entry, or those of a nested c(…); None stands for NA."""
    if isinstance(term, Apply) and term.function == "c":
        return [entry for argument in term.arguments for entry in _entries(source, argument)]
    if isinstance(term, Symbol):
        return [None if term.name == "NA" else term.name]
    if isinstance(term, Text):
        return [term.text]
    return [constant(source, term)]
