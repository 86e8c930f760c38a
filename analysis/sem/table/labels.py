"""Labels: modifiers onto rows, then equalities from labels that occur more than once."""

from __future__ import annotations

import math
from collections.abc import Sequence

from analysis.sem.errors import ModelError
from analysis.sem.syntax.source import Source
from analysis.sem.syntax.statements import Modifiers, ParameterStatement
from analysis.sem.table.roles import Roles
from analysis.sem.table.row import Options, Row


def apply_modifiers(rows: Sequence[Row], source: Source) -> None:
    """Set value, start and label of each row from its statement; one entry serves every group.

    Raises ModelError if a vector has another length than there are groups.
    """
    repeats: dict[int, list[Row]] = {}
    for row in rows:
        if row.statement is not None:
            repeats.setdefault(id(row.statement), []).append(row)
    for same in repeats.values():
        statement = same[0].statement
        if statement is not None:
            _check_lengths(source, statement, len(same))
            for index, row in enumerate(same):
                _apply(row, statement.modifiers, index)


def _check_lengths(source: Source, statement: ParameterStatement, n_groups: int) -> None:
    modifiers = statement.modifiers
    for entries in (modifiers.fixed, modifiers.start, modifiers.label):
        if len(entries) not in (0, 1, n_groups):
            raise source.fault(
                statement.position,
                f"{len(entries)} modifiers for {n_groups} group{'s' if n_groups > 1 else ''}",
                "give one, or one for each group",
            )


def _apply(row: Row, modifiers: Modifiers, index: int) -> None:
    if modifiers.fixed:
        value = modifiers.fixed[index % len(modifiers.fixed)]
        if value is None:
            row.release()
        else:
            row.fix(value)
    if modifiers.start:
        row.ustart = modifiers.start[index % len(modifiers.start)]
    if modifiers.label:
        row.label = modifiers.label[index % len(modifiers.label)]


def effective_labels(rows: Sequence[Row], roles: Roles, options: Options) -> list[str]:
    """One label a row: the user's, otherwise the formula's text, with group 1's text where
    ``group_equal`` ties a later group's row to it.
    """
    tied = {
        row.formula
        for row in rows
        if row.group == 1 and _is_tied(row, roles, options) and not _is_partial(row, options)
    }
    labels = []
    for row in rows:
        text = "".join(row.formula)
        suffix = "" if row.group == 1 or row.formula in tied else f".g{row.group}"
        labels.append(row.label or text + suffix)
    return labels


def tie_equal_labels(rows: Sequence[Row], labels: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """Pairs of row indices (first of its label, other) that share a free parameter.

    Rows that share a label with a fixed row are fixed at its value, as in lavaan. Rows without a label of
    their own get the first row's plabel.
    """
    members: dict[str, list[int]] = {}
    repeated: dict[str, None] = {}
    for index, label in enumerate(labels):
        members.setdefault(label, []).append(index)
        if len(members[label]) > 1:
            repeated[label] = None
    pairs: list[tuple[int, int]] = []
    for label in repeated:
        together = members[label]
        value = _fixed_value(label, [rows[index] for index in together])
        for index in together:
            if value is not None:
                rows[index].fix(value)
            elif not rows[index].label:
                rows[index].label = f".p{together[0] + 1}."
        if value is None:
            pairs.extend((together[0], index) for index in together[1:])
    return tuple(pairs)


def _fixed_value(label: str, rows: Sequence[Row]) -> float | None:
    """The value at which rows that are to be equal are fixed, None if all are free."""
    values = {row.ustart for row in rows if not row.free and not math.isnan(row.ustart)}
    if len(values) > 1:
        told = " and ".join(f"{value:g}" for value in sorted(values))
        raise ModelError(
            f"parameters that are to be equal (“{label}”) are fixed at different values: {told}",
            mend="fix them at one value, or give them different labels",
        )
    if values:
        return values.pop()
    return None if all(row.free for row in rows) else math.nan


def _is_tied(row: Row, roles: Roles, options: Options) -> bool:
    return (tie := _keyword(row, roles)) is not None and tie in options.group_equal


def _keyword(row: Row, roles: Roles) -> str | None:
    """The ``group_equal`` keyword that speaks of this row."""
    if row.op in ("=~", "~", "|"):
        return {"=~": "loadings", "~": "regressions", "|": "thresholds"}[row.op]
    if row.op == "~1":
        return "means" if row.lhs in roles.latent else "intercepts" if row.lhs in roles.endogenous else None
    if row.op == "~~" and row.lhs in roles.latent:
        return "lv.variances" if row.is_variance else "lv.covariances"
    if row.op == "~~" and row.lhs in roles.endogenous:
        return "residuals" if row.is_variance else "residual.covariances"
    return None


def _is_partial(row: Row, options: Options) -> bool:
    return "".join(row.formula) in options.group_partial or (
        row.op == "~~" and row.rhs + row.op + row.lhs in options.group_partial
    )
