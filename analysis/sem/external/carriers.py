"""Which observed variables need a latent variable to carry their residual in semopy."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from analysis.sem.external.scaling import Cell


def lifted_variables(cells: Iterable[Cell], observed: Collection[str]) -> frozenset[str]:
    """Observed variables whose residual semopy could not let covary as the model says.

    semopy keeps the residuals of variables that predict nothing apart from all other variables, so that the
    two cannot covary. A variable without any path it does not know at all. Whoever covaries with a lifted
    residual and predicts nothing must be lifted too.
    """
    cells = list(cells)
    paths = [cell for cell in cells if cell.kind == "A" and cell.row != cell.col]
    senders, receivers = {cell.col for cell in paths}, {cell.row for cell in paths}
    ends = {name for name in observed if name not in senders}
    lifted = ends - receivers
    pairs = [
        pair
        for cell in cells
        if cell.kind == "S" and cell.row != cell.col and not cell.is_zero
        for pair in ((cell.row, cell.col), (cell.col, cell.row))
    ]
    while True:
        more = {
            one
            for one, other in pairs
            if one in ends and one not in lifted and (other not in ends or other in lifted)
        }
        if not more:
            return frozenset(lifted)
        lifted |= more
