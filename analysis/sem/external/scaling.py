"""Units of variables for an engine that is sensitive to them: scales, and factors from its numbers to ours.

With x* = x / s, a path is A_ij = A*_ij s_i / s_j, a covariance S_ij = S*_ij s_i s_j, an intercept
m_i = m*_i s_i. Parameters tied to one value must keep one factor: variables that ties compare share a scale.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

# Stands among the variables for "scale 1": ties between parameters of different kinds allow no other.
_UNIT = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One parameter of one group as a cell: kind "A", "S" or "m", row and column variable, fixed value.

    free: index of the free row, 0 for a fixed one; value: NaN where free or a sample moment (exo);
    loading: written with =~.
    """

    kind: str
    row: str
    col: str
    free: int
    value: float
    exo: bool = False
    loading: bool = False

    @property
    def is_zero(self) -> bool:
        """Fixed at 0."""
        return not self.free and self.value == 0.0


def variable_scales(
    cells: Sequence[Cell],
    ties: Iterable[Sequence[Cell]],
    deviations: Mapping[str, float],
    latent: Sequence[str],
    common: bool = False,
) -> dict[str, float]:
    """The scale of each variable: about its standard deviation; for a latent variable its marker's scale.

    With ``common`` all have one scale (objectives that are not free of units allow only that).
    """
    clusters = _Clusters([_UNIT, *deviations, *latent])
    for tie in ties:
        if len({cell.kind for cell in tie}) > 1:
            clusters.join([_UNIT, *(name for cell in tie for name in (cell.row, cell.col) if name)])
        else:
            clusters.join([cell.row for cell in tie])
            clusters.join([cell.col for cell in tie if cell.col])
    if common:
        clusters.join([*deviations, *latent])
    scale = _observed_scales(clusters, deviations)
    _follow_markers(clusters, scale, cells, latent)
    return {name: scale.get(clusters.of(name), 1.0) for name in (*deviations, *latent)}


def factor(cell: Cell, scales: Mapping[str, float]) -> float:
    """What the scaled value of a cell must be multiplied by to give ours."""
    if cell.kind == "A":
        return scales[cell.row] / scales[cell.col]
    return scales[cell.row] * (scales[cell.col] if cell.kind == "S" else 1.0)


class _Clusters:
    """Disjoint sets of names."""

    def __init__(self, names: Iterable[str]) -> None:
        self._parent = {name: name for name in names}

    def of(self, name: str) -> str:
        while self._parent[name] != name:
            name = self._parent[name]
        return name

    def join(self, names: Sequence[str]) -> None:
        for name in names[1:]:
            self._parent[self.of(name)] = self.of(names[0])


def _observed_scales(clusters: _Clusters, deviations: Mapping[str, float]) -> dict[str, float]:
    """Geometric mean of the standard deviations in each cluster."""
    logs: dict[str, list[float]] = {}
    for name, deviation in deviations.items():
        logs.setdefault(clusters.of(name), []).append(math.log(deviation))
    scale = {cluster: math.exp(sum(values) / len(values)) for cluster, values in logs.items()}
    scale[clusters.of(_UNIT)] = 1.0
    return scale


def _follow_markers(
    clusters: _Clusters, scale: dict[str, float], cells: Sequence[Cell], latent: Sequence[str]
) -> None:
    """Give each latent cluster the scale of an indicator with a fixed loading, up through higher orders."""
    markers = [
        (cell.col, cell.row)
        for cell in cells
        if cell.kind == "A" and not cell.free and cell.value and cell.col in latent
    ]
    for _ in latent:
        for name, indicator in markers:
            if clusters.of(indicator) in scale:
                scale.setdefault(clusters.of(name), scale[clusters.of(indicator)])
