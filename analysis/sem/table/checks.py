"""What must hold before a table can be built: options, groups, names against the data's columns."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from difflib import get_close_matches

from analysis.sem.errors import ModelError
from analysis.sem.syntax.statements import ModelStatements
from analysis.sem.table.roles import Roles
from analysis.sem.table.row import Options, Row

GROUP_EQUAL = (
    "loadings",
    "intercepts",
    "means",
    "thresholds",
    "regressions",
    "residuals",
    "residual.covariances",
    "lv.variances",
    "lv.covariances",
)


def check_group_equal(keywords: Collection[str]) -> None:
    """Raises ModelError for a keyword that ``group_equal`` does not know."""
    for keyword in keywords:
        if keyword not in GROUP_EQUAL:
            close = get_close_matches(keyword, GROUP_EQUAL, 1)
            hint = f"did you mean “{close[0]}”? " if close else ""
            raise ModelError(
                f"group_equal does not know “{keyword}”", mend=f"{hint}known are {', '.join(GROUP_EQUAL)}"
            )


def check_group_partial(rows: Sequence[Row], options: Options) -> None:
    """Raises ModelError for a ``group_partial`` entry that names no parameter of the model."""
    known = {"".join(row.formula) for row in rows}
    known |= {row.rhs + row.op + row.lhs for row in rows if row.op == "~~"}
    for entry in sorted(options.group_partial):
        if entry not in known and not (entry.endswith("~1") and not options.meanstructure):
            close = get_close_matches(entry, sorted(known), 1)
            raise ModelError(
                f"group_partial names “{entry}”, which is no parameter of the model",
                mend=f"did you mean “{close[0]}”?"
                if close
                else "write it as in the model, such as f=~x2 or x3~1",
            )


def check_names(statements: ModelStatements, roles: Roles, columns: Collection[str]) -> None:
    """Raises ModelError if an observed variable is no column, or a latent variable has a column's name.

    Without columns (``columns`` empty) there is nothing to compare with.
    """
    if not roles.observed:
        raise ModelError("the model has no observed variables", mend="give each latent variable indicators")
    if not columns:
        return
    for statement in statements.parameters:
        sides = [(statement.lhs, statement.lhs_position)]
        if statement.op in ("=~", "~", "~~"):
            sides.append((statement.rhs, statement.position))
        for name, position in sides:
            if name in roles.latent and name in columns:
                raise statements.source.fault(
                    position,
                    f"“{name}” is a latent variable here and a column of the data",
                    "rename one of the two",
                )
            if name not in roles.latent and name not in columns:
                close = get_close_matches(name, sorted(map(str, columns)), 1)
                raise statements.source.fault(
                    position,
                    f"“{name}” is neither a column of the data nor a latent variable of the model",
                    f"did you mean “{close[0]}”?" if close else "check the spelling, or define it with =~",
                )


def group_of_block(statements: ModelStatements, groups: Sequence[str]) -> dict[str, int]:
    """Group number (from 1) of each ``group:`` block, given by label or by number.

    Raises ModelError unless blocks and groups are the same.
    """
    labels = list(groups) or ["1"]
    result: dict[str, int] = {}
    for block in statements.blocks:
        if block in labels:
            result[block] = labels.index(block) + 1
        elif block.isdigit() and 1 <= int(block) <= len(labels):
            result[block] = int(block)
        else:
            raise ModelError(
                f"the model has a block “group: {block}”, the data have no such group",
                mend=f"groups are {', '.join(labels)}",
            )
    if sorted(result.values()) != list(range(1, len(labels) + 1)):
        raise ModelError(
            f"the model has {len(result)} “group:” blocks for {len(labels)} groups",
            mend="write one block for each group, or one model without blocks for all",
        )
    return result
