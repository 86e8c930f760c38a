"""Statements and options to the parameter table, as lavaan's ``sem()`` would have it."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from analysis.sem.errors import ModelError
from analysis.sem.syntax.statements import ModelStatements, ParameterStatement
from analysis.sem.table.checks import check_group_equal, check_group_partial, check_names, group_of_block
from analysis.sem.table.columns import Columns, columns_from
from analysis.sem.table.defaults import group_rows
from analysis.sem.table.groups import repeat_for_groups
from analysis.sem.table.labels import apply_modifiers, effective_labels, tie_equal_labels
from analysis.sem.table.parameter_table import ParameterTable
from analysis.sem.table.relations import resolve_relations
from analysis.sem.table.roles import Roles, roles
from analysis.sem.table.row import Options, Row


def build_table(
    statements: ModelStatements,
    *,
    groups: Sequence[str] = (),
    group_equal: Sequence[str] = (),
    group_partial: Sequence[str] = (),
    meanstructure: bool | None = None,
    std_lv: bool = False,
    orthogonal: bool = False,
    ordered: Mapping[str, int] | None = None,
    observed_names: Collection[str] = (),
    fixed_x: bool = True,
    conditional_x: bool = False,
) -> ParameterTable:
    """The complete parameter table of a model, with the defaults of lavaan 0.6-14's ``sem()``.

    - groups: labels in the order of their numbers; empty for one sample
    - group_equal: lavaan's keywords; group_partial: exceptions, such as ``"f=~x2"`` or ``"x3~1"``
    - meanstructure: None for lavaan's rule (with groups yes, otherwise no); forced by intercepts in the
      model, ordered variables, equal intercepts or means, and conditional_x. FIML needs True
    - ordered: number of thresholds by variable; observed predictors among them stay numeric
    - observed_names: the data's columns, to check names against; empty to skip that check
    - fixed_x: lavaan's default is True for ML and its robust variants, False for GLS, ULS and DWLS on
      numeric data. conditional_x: True for ordered outcomes with observed predictors

    Raises ModelError with the place in the model text.
    """
    check_group_equal(group_equal)
    equal = set(group_equal)
    thresholds = dict(ordered or {})
    categorical = bool(thresholds) or bool(statements.thresholded)
    if categorical and equal & {"intercepts", "thresholds"}:
        equal |= {"intercepts", "thresholds"}
    if meanstructure is None:
        meanstructure = bool(groups)
    options = Options(
        groups=tuple(groups),
        group_equal=frozenset(equal),
        group_partial=frozenset("".join(entry.split()) for entry in group_partial),
        meanstructure=meanstructure
        or categorical
        or conditional_x
        or bool(equal & {"intercepts", "means"})
        or any(statement.op == "~1" for statement in statements.parameters),
        std_lv=std_lv,
        orthogonal=orthogonal,
        ordered=thresholds,
        fixed_x=fixed_x,
        conditional_x=conditional_x,
    )
    return _assemble(statements, options, observed_names)


def _assemble(statements: ModelStatements, options: Options, columns: Collection[str]) -> ParameterTable:
    blocks = _statements_by_group(statements, options)
    parts = [roles((s.lhs, s.op, s.rhs) for s in block) for block in blocks]
    for part in parts:
        check_names(statements, part, columns)
    if any(set(part.observed) != set(parts[0].observed) for part in parts):
        raise ModelError(
            "the “group:” blocks use different observed variables",
            mend="use the same variables in each block; fix what a group does not have",
        )
    ordered = _ordered_names(statements, parts[0], options)
    per_group = [group_rows(block, part, ordered, options) for block, part in zip(blocks, parts, strict=True)]
    if statements.blocks:
        rows = [row for group in per_group for row in group]
        for number, group in enumerate(per_group, 1):
            for row in group:
                row.group = number
    else:
        rows = repeat_for_groups(per_group[0], parts[0], options)
    apply_modifiers(rows, statements.source)
    check_group_partial(rows, options)
    pairs = tie_equal_labels(rows, effective_labels(rows, parts[0], options))
    plabels = [f".p{index + 1}." for index in range(len(rows))]
    definitions, constraints = resolve_relations(
        statements.source,
        statements.relations,
        {*plabels, *(row.label for row in rows if row.label)},
    )
    return ParameterTable(
        columns=_columns(rows, plabels, statements),
        groups=options.groups,
        observed=parts[0].observed,
        latent=parts[0].latent,
        ordered=ordered,
        exogenous=parts[0].exogenous if options.fixed_x or options.conditional_x else (),
        equalities=tuple((plabels[first], plabels[other]) for first, other in pairs),
        constraints=constraints,
        definitions=definitions,
        meanstructure=options.meanstructure,
        fixed_x=options.fixed_x,
        conditional_x=options.conditional_x,
    )


def _statements_by_group(statements: ModelStatements, options: Options) -> list[list[ParameterStatement]]:
    """The statements of each ``group:`` block in the order of groups; one list without blocks."""
    numbers = group_of_block(statements, options.groups) if statements.blocks else {"": 1}
    everything = roles((s.lhs, s.op, s.rhs) for s in statements.parameters)
    rank = {name: index for index, name in enumerate((*everything.latent, *everything.observed))}
    blocks: list[list[ParameterStatement]] = [[] for _ in numbers]
    for statement in statements.parameters:
        blocks[numbers[statement.block] - 1].append(_oriented(statement, rank))
    return blocks


def _oriented(statement: ParameterStatement, rank: Mapping[str, int]) -> ParameterStatement:
    """A covariance with its sides in lavaan's order, so that it meets its default row."""
    if statement.op != "~~" or rank[statement.lhs] <= rank[statement.rhs]:
        return statement
    return replace(
        statement,
        lhs=statement.rhs,
        rhs=statement.lhs,
        lhs_position=statement.position,
        position=statement.lhs_position,
    )


def _ordered_names(statements: ModelStatements, part: Roles, options: Options) -> tuple[str, ...]:
    declared = {name for name in options.ordered if name not in part.exogenous}
    return tuple(name for name in part.observed if name in declared or name in statements.thresholded)


def _columns(rows: Sequence[Row], plabels: Sequence[str], statements: ModelStatements) -> Columns:
    numbers = iter(range(1, len(rows) + 1))
    records = [
        (
            *row.formula,
            int(row.user),
            row.group,
            next(numbers) if row.free else 0,
            row.ustart,
            int(row.exo),
            row.label,
            plabel,
        )
        for row, plabel in zip(rows, plabels, strict=True)
    ]
    records += [
        (r.lhs, r.op, r.rhs, 1, 0, 0, math.nan, 0, r.lhs if r.op == ":=" else "", "")
        for r in statements.relations
    ]
    return columns_from(records)
