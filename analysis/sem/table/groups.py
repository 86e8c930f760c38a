"""The rows of one group repeated for all, and what equality across groups sets free in the later ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from analysis.sem.table.roles import Roles
from analysis.sem.table.row import Options, Row


def repeat_for_groups(rows: Sequence[Row], roles: Roles, options: Options) -> list[Row]:
    """Rows of group 1, 2, …: equal intercepts free latent means from the second group on, equal loadings
    free latent variances under std_lv, equal thresholds free the scales of ordered variables.
    """
    equal = options.group_equal
    result = [replace(row) for row in rows]
    for group in range(2, options.n_groups + 1):
        for original in rows:
            row = replace(original, group=group)
            latent_default = row.lhs in roles.latent and not row.user
            if latent_default and row.op == "~1" and "means" not in equal:
                if equal & {"intercepts", "thresholds"}:
                    row.release()
            elif latent_default and row.is_variance and options.std_lv:
                if "loadings" in equal and "lv.variances" not in equal:
                    row.release()
            elif row.op == "~*~" and "thresholds" in equal:
                row.release()
            result.append(row)
    return result
