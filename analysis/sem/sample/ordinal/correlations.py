"""Second step: all correlations given the margins, with scores and cross-information with the first step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.sem.sample.ordinal.bivariate_normal import Array
from analysis.sem.sample.ordinal.layout import Index, Layout
from analysis.sem.sample.ordinal.margins import ContinuousMargin, OrdinalMargin
from analysis.sem.sample.ordinal.pairs import Cells, build_cells
from analysis.sem.sample.ordinal.polychoric import BOUND, CellScores, cell_scores, move_off_zero, polychoric
from analysis.sem.sample.ordinal.polyserial import pearson_scores, polyserial, polyserial_scores

Margin = OrdinalMargin | ContinuousMargin

# Cases × pairs handled in one block: bounds the memory of the casewise arrays, whatever the number of items.
BLOCK_WITHOUT_COVARIATES = 4_000_000
BLOCK_WITH_COVARIATES = 200_000


@dataclass(frozen=True, slots=True)
class Correlations:
    """Second-step results for P pairs, n cases, m statistics of the first step.

    rho: (P,) · cross: (P, m) sum over cases of a pair's score times the pair's scores by first-step
    statistics (Muthén, 1984, A21) · score_columns: functions that write the scores of given rows into an
    (rows, P) array · empty: pairs with an empty cell in their two-way table (not sought with covariates).
    """

    rho: Array
    cross: Array
    score_columns: tuple[Callable[[slice, Array], None], ...]
    empty: tuple[int, ...]


def correlate(layout: Layout, margins: list[Margin], values: Array, x: Array) -> Correlations:
    """Correlations of all pairs of ``margins``; ``values`` (n, p) only give the starts; ``x``: (n, q)."""
    n_pairs = len(layout.pairs)
    rho, cross = np.zeros(n_pairs), np.zeros((n_pairs, layout.n_univariate))
    start = _starts(layout, values)
    columns: list[Callable[[slice, Array], None]] = []
    empty: list[int] = []
    both = [n for n, (i, j) in enumerate(layout.pairs) if layout.n_categories[i] and layout.n_categories[j]]
    patterns, pattern_of_case = _patterns(x)
    block = BLOCK_WITHOUT_COVARIATES if len(patterns) == 1 else BLOCK_WITH_COVARIATES
    step = max(1, block // len(values))
    for first in range(0, len(both), step):
        numbers = np.array(both[first : first + step])
        cells, scores, found = _ordinal_block(layout, margins, numbers, patterns, pattern_of_case, start)
        rho[numbers] = found
        _add_cross(cross, layout, numbers, cells, scores, patterns)
        columns.append(_gather(numbers, cells, scores))
        if len(patterns) == 1:
            empty += [int(n) for n in numbers[np.unique(cells.pair[cells.weight == 0.0])]]
    rest = sorted(set(range(n_pairs)) - set(both))
    if rest:
        columns.append(_casewise(layout, margins, np.array(rest), x, start, rho, cross))
    return Correlations(rho, cross, tuple(columns), tuple(sorted(empty)))


def _starts(layout: Layout, values: Array) -> Array:
    """Pearson correlations of the codes as they stand."""
    first, second = layout.pair_index
    centred = values - values.mean(axis=0)
    cross = centred.T @ centred
    scale = np.sqrt(np.diag(cross))
    return np.asarray((cross / np.outer(scale, scale))[first, second])


def _patterns(x: Array) -> tuple[Array, Index]:
    if not x.shape[1]:
        return np.zeros((1, 0)), np.zeros(len(x), dtype=np.intp)
    patterns, of_case = np.unique(x, axis=0, return_inverse=True)
    return patterns, of_case.ravel()


def _ordinal_block(
    layout: Layout,
    margins: list[Margin],
    numbers: Index,
    patterns: Array,
    pattern_of_case: Index,
    start: Array,
) -> tuple[Cells, CellScores, Array]:
    ordinal = {v: m for v, m in enumerate(margins) if isinstance(m, OrdinalMargin)}
    pairs = [layout.pairs[n] for n in numbers]
    cells = build_cells(ordinal, pairs, patterns, pattern_of_case)
    weight = move_off_zero(cells, len(pairs)) if len(patterns) == 1 else cells.weight
    rho = polychoric(cells, weight, start[numbers])
    return cells, cell_scores(cells, rho), rho


def _gather(numbers: Index, cells: Cells, scores: CellScores) -> Callable[[slice, Array], None]:
    cell_of_case, values = cells.cell_of_case, scores.rho

    def write(rows: slice, out: Array) -> None:
        out[:, numbers] = values[cell_of_case[:, rows]].T

    return write


def _add_cross(
    cross: Array, layout: Layout, numbers: Index, cells: Cells, scores: CellScores, patterns: Array
) -> None:
    weighted = cells.weight * scores.rho
    variables = np.array([layout.pairs[n] for n in numbers])
    row = numbers[cells.pair]
    for side, category in enumerate((cells.first, cells.second)):
        variable = variables[cells.pair, side]
        last = np.array(layout.n_categories)[variable] - 1
        place = layout.location_start[variable] + category
        above, below = category < last, category > 0
        np.add.at(cross, (row[above], place[above]), (weighted * scores.upper[side])[above])
        np.add.at(cross, (row[below], place[below] - 1), (weighted * scores.lower[side])[below])
        for k in range(layout.n_covariates):
            value = weighted * scores.shift[side] * patterns[cells.pattern, k]
            np.add.at(cross, (row, layout.n_locations + variable + layout.n_variables * k), value)


def _casewise(
    layout: Layout, margins: list[Margin], numbers: Index, x: Array, start: Array, rho: Array, cross: Array
) -> Callable[[slice, Array], None]:
    """Pairs with a continuous variable: fills ``rho`` and ``cross``, keeps the scores casewise."""
    kept = np.empty((len(x), len(numbers)))
    for column, number in enumerate(numbers):
        i, j = layout.pairs[number]
        first, second = margins[i], margins[j]
        if isinstance(first, ContinuousMargin) and isinstance(second, ContinuousMargin):
            parts = _pearson(layout, (i, j), (first, second), x)
        elif isinstance(first, ContinuousMargin) and isinstance(second, OrdinalMargin):
            parts = _polyserial(layout, i, first, j, second, x, start[number])
        elif isinstance(first, OrdinalMargin) and isinstance(second, ContinuousMargin):
            parts = _polyserial(layout, j, second, i, first, x, start[number])
        rho[number], kept[:, column], terms = parts
        for place, by_first_step in terms:
            cross[number, place] = kept[:, column] @ by_first_step

    def write(rows: slice, out: Array) -> None:
        out[:, numbers] = kept[rows]

    return write


Terms = list[tuple[NDArray[np.intp] | int, Array]]


def _pearson(
    layout: Layout, variables: tuple[int, int], margins: tuple[ContinuousMargin, ContinuousMargin], x: Array
) -> tuple[float, Array, Terms]:
    sd = np.sqrt([m.variance for m in margins])
    z = np.stack([m.residuals for m in margins]) / sd[:, None]
    rho = float(np.clip(z[0] @ z[1] / z.shape[1], -BOUND, BOUND))
    scores = pearson_scores(z, sd, rho)
    terms: Terms = []
    for variable, mean, variance in zip(variables, scores.means, scores.variances, strict=True):
        terms += [(layout.locations(variable)[0], mean), (layout.variance(variable), variance)]
        terms.append((layout.slopes(variable), mean[:, None] * x))
    return rho, scores.rho, terms


def _polyserial(
    layout: Layout,
    c: int,
    continuous: ContinuousMargin,
    o: int,
    ordinal: OrdinalMargin,
    x: Array,
    start: float,
) -> tuple[float, Array, Terms]:
    sd = float(np.sqrt(continuous.variance))
    z = continuous.residuals / sd
    lower, upper = ordinal.limits(ordinal.codes, x @ ordinal.slopes)
    rho = polyserial(z, lower, upper, start)
    scores = polyserial_scores(z, sd, lower, upper, rho)
    by_threshold = np.zeros((len(z), ordinal.n_categories + 1))
    rows = np.arange(len(z))
    by_threshold[rows, ordinal.codes + 1] = scores.upper
    by_threshold[rows, ordinal.codes] = scores.lower
    terms: Terms = [
        (layout.locations(c)[0], scores.mean),
        (layout.variance(c), scores.variance),
        (layout.slopes(c), scores.mean[:, None] * x),
        (layout.locations(o), by_threshold[:, 1:-1]),
        (layout.slopes(o), scores.shift[:, None] * x),
    ]
    return rho, scores.rho, terms
