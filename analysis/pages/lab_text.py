"""The text of a model in the lab: what it may start from, what is wrong with it and where, what is added."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from analysis.synergy.structure import JOINT
from questionnaire.instrument import Role
from questionnaire.study import Study

NAME = re.compile(r"[^\W\d][\w.]*")


@dataclass(frozen=True, slots=True)
class Fault:
    """What keeps a text from being a model.

    ``marked``: the line with a mark under the character, "" where no line is at fault; ``where``: its line
    and column.
    """

    message: str
    mend: str
    marked: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """A text that is a model: ``formulas``, ``free`` parameters, and what stands ``twice`` in one formula."""

    formulas: int
    free: int
    twice: tuple[str, ...] = ()


def look(syntax: str, names: Collection[str], ordered: dict[str, int] | None = None) -> Fault | Read:
    """Read a model over columns called ``names``; ``ordered``: thresholds of those taken as ordered."""
    from analysis.sem import SemError
    from analysis.sem.syntax import parse_model
    from analysis.sem.table import build_table

    if not bare(syntax):
        return Fault("the model has no formulas", "write for example  f =~ x1 + x2 + x3")
    try:
        statements = parse_model(syntax)
        latent = {one.lhs for one in statements.parameters if one.op == "=~"}
        known = {*names, *products_in(syntax, names)} - latent
        used = {name: count for name, count in (ordered or {}).items() if name in mentioned(syntax)}
        table = build_table(statements, observed_names=tuple(known), ordered=used or None)
    except SemError as error:
        return fault_of(error)
    return Read(len(_formulas(syntax)), table.n_free, _twice(syntax))


def fault_of(error: Exception) -> Fault:
    """What the engine says of a model, in parts."""
    message, place, mend = (str(getattr(error, part, "")) for part in ("message", "place", "mend"))
    # The place may hold the line with a mark under the character, then where that is.
    marked, _, where = place.rpartition("\n")
    return Fault(message or str(error), mend, marked, where)


def names_of(study: Study) -> tuple[str, ...]:
    """Columns the lab makes for any answers to the study: items, and means as ``CODE`` and ``CODE_p``."""
    codes = [construct.code for construct in study.constructs]
    return (*study.items, *codes, *(f"{code}_p" for code in codes))


def starts(study: Study) -> dict[str, str]:
    """Models of the study that need no answers to be written: code → syntax."""
    from analysis.synergy.compile import compile_model
    from analysis.synergy.compiled import CompiledModel

    found = {}
    for model in study.models:
        compiled = compile_model(study, model, error_variances={})
        if isinstance(compiled, CompiledModel):
            found[model.code] = compiled.syntax
    return found


def all_constructs(study: Study) -> str:
    """A confirmatory model of what the study measures."""
    constructs = [c for c in study.constructs if c.role not in (Role.OPTIONAL, Role.MARKER)]
    return "\n".join(f"{c.code} =~ {' + '.join(item.code for item in c.items)}" for c in constructs)


def with_parameter(syntax: str, lhs: str, op: str, rhs: str) -> str:
    """The text with one more parameter, on a line of its own."""
    return f"{syntax.rstrip()}\n{lhs} {op} {rhs}"


def bare(syntax: str) -> str:
    """The text without comments."""
    return "\n".join(line.split("#")[0].split("!")[0] for line in syntax.splitlines()).strip()


def mentioned(syntax: str) -> list[str]:
    """Every name in the text, in order."""
    return list(dict.fromkeys(NAME.findall(bare(syntax))))


def products_in(syntax: str, names: Collection[str]) -> list[str]:
    """Products of known columns that the text asks for, written ``A_x_B``."""
    parts = {name: name.split(JOINT) for name in mentioned(syntax)}
    return [name for name, own in parts.items() if len(own) > 1 and all(part in names for part in own)]


def _formulas(syntax: str) -> list[str]:
    return [line for line in bare(syntax).replace(";", "\n").splitlines() if line.strip()]


def _twice(syntax: str) -> tuple[str, ...]:
    """Bare names that a formula holds more than once: the engine, as lavaan, takes each once."""
    found: list[str] = []
    for formula in _formulas(syntax):
        terms = re.split(r"=~|~~|~", formula, maxsplit=1)[-1].split("+")
        counted = Counter(term.strip() for term in terms)
        found += [name for name, count in counted.items() if count > 1 and NAME.fullmatch(name)]
    return tuple(dict.fromkeys(found))
