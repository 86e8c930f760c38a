"""Signs that answers were made up: one trait under everything, and times that are too regular."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.screening.psychometric_pairs import pairwise_correlations
from analysis.unavailable import Unavailable

COLLAPSE = 0.95
"""Items of different constructs correlate this much of what items of one construct do."""
EXCLUDED = 0.90
"""Honest constructs may be related so closely; the collapse's lower bound must leave no room for it."""
ONE_LOOK, MANY_LOOKS = 1.645, 2.6
"""Standard errors below the collapse where that bound lies, for the whole sample and for windows of it."""
GROUPS = 20
"""Of rows, left out in turn for the collapse's standard error (delete-a-group jackknife, Kott 2001)."""
COHERENCE = 0.30
"""Below this mean correlation within constructs, a collapse is noise and not a trait."""
REGULAR = 0.10
"""Standard deviation of log times below which people would have to work like clocks (real ones: 0.3–0.6)."""
LEAST = 50
WINDOW, STEP = 100, 25
"""Answers in a row that are looked at together, and how far the next look is."""
DISTINCT = 0.80
"""Collapse of everyone else below which a batch with one trait under it stands out."""


@dataclass(frozen=True, slots=True)
class Fabrication:
    """What speaks for fabrication in a whole sample.

    ``within`` and ``between``: mean item correlations inside and across constructs; ``collapse`` their
    ratio, an HTMT over everything. ``log_time_sd``: spread of log answering times, None without times.
    ``batch``: rows that came in a row and have one trait under everything while the others have not, empty
    for none. ``signs`` says in words which limits are passed, empty for none.
    """

    within: float
    between: float
    collapse: float
    log_time_sd: float | None
    signs: tuple[str, ...]
    batch: tuple[int, ...] = ()


def look_for_fabrication(
    turned: np.ndarray,
    blocks: Sequence[Sequence[int]],
    seconds: np.ndarray | None,
    arrived: np.ndarray | None = None,
) -> Fabrication | Unavailable:
    """Signs over (n, p) reverse-coded answers whose ``blocks`` are constructs, (n,) seconds and arrivals.

    Answers drawn from one trait to hit a target alpha look reliable within constructs, but correlate as
    much across them; honest answers to different constructs do not. Among honest ones a fabricated batch is
    found where it arrived (without times of arrival: stands) in a row.
    """
    n = len(turned)
    several = [list(block) for block in blocks if len(block) > 1]
    if n < LEAST:
        return Unavailable(f"{n} respondents are too few to judge (at least {LEAST})")
    if len(several) < 2:
        return Unavailable("fewer than two constructs have two items")
    owner = np.full(turned.shape[1], -1)
    for k, block in enumerate(several):
        owner[block] = k
    within, between = _inside_and_across(turned, owner)
    collapse = _collapse(within, between)
    spread = _log_spread(seconds)
    signs = []
    if _one_trait(turned, owner, ONE_LOOK):
        signs.append(
            f"items of different constructs correlate {between:.2f}, those of one construct {within:.2f}: "
            "one trait lies under everything"
        )
    batch = () if signs else _batch(turned, owner, arrived)
    if batch:
        signs.append(
            f"{len(batch)} answers in a row (rows {min(batch) + 1} to {max(batch) + 1}) have one trait under "
            "everything, the others have not"
        )
    if spread is not None and spread < REGULAR:
        signs.append(f"answering times hardly differ (standard deviation of log seconds {spread:.3f})")
    return Fabrication(within, between, collapse, spread, tuple(signs), batch)


def _inside_and_across(turned: np.ndarray, owner: np.ndarray) -> tuple[float, float]:
    """Mean correlations of items of one construct and of different ones; ``owner`` (p,), −1 for none."""
    correlation = pairwise_correlations(turned)
    pairs = np.tril(np.ones_like(correlation, dtype=bool), -1) & (owner >= 0) & (owner[:, None] >= 0)
    same = owner == owner[:, None]
    return float(correlation[pairs & same].mean()), float(correlation[pairs & ~same].mean())


def _collapse(within: float, between: float) -> float:
    return between / within if within > 0 else 0.0


def _one_trait(turned: np.ndarray, owner: np.ndarray, z: float) -> bool:
    """Whether items of different constructs correlate like those of one, beyond sampling error."""
    within, between = _inside_and_across(turned, owner)
    collapse = _collapse(within, between)
    if within < COHERENCE or collapse < COLLAPSE:
        return False
    parts = np.arange(len(turned)) % GROUPS
    without = np.array([_collapse(*_inside_and_across(turned[parts != g], owner)) for g in range(GROUPS)])
    se = np.sqrt((GROUPS - 1) / GROUPS * ((without - without.mean()) ** 2).sum())
    return bool(collapse - z * se > EXCLUDED)


def _batch(turned: np.ndarray, owner: np.ndarray, arrived: np.ndarray | None) -> tuple[int, ...]:
    """Rows of the longest run of windows with one trait under them; the others must not have it."""
    n = len(turned)
    if n < 2 * WINDOW:
        return ()
    order = np.arange(n) if arrived is None else np.argsort(arrived, kind="stable")
    inside = np.zeros(n, dtype=bool)
    for start in range(0, n - WINDOW + 1, STEP):
        if _one_trait(turned[order[start : start + WINDOW]], owner, MANY_LOOKS):
            inside[start : start + WINDOW] = True
    edges = np.flatnonzero(np.diff(np.concatenate([[0], inside.astype(int), [0]])))
    if not len(edges):
        return ()
    first, last = max(
        zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True), key=lambda run: run[1] - run[0]
    )
    others = np.delete(order, slice(first, last))
    if len(others) < LEAST or _collapse(*_inside_and_across(turned[others], owner)) >= DISTINCT:
        return ()
    return tuple(sorted(int(row) for row in order[first:last]))


def _log_spread(seconds: np.ndarray | None) -> float | None:
    if seconds is None:
        return None
    known = seconds[np.isfinite(seconds) & (seconds > 0)]
    return float(np.log(known).std(ddof=1)) if len(known) >= LEAST else None
