"""Signs that answers were made up: one trait under everything, and times that are too regular."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.screening.psychometric_pairs import pairwise_correlations
from analysis.unavailable import Unavailable

COLLAPSE = 0.95
"""Items of different constructs correlate this much of what items of one construct do."""
COHERENCE = 0.30
"""Below this mean correlation within constructs, a collapse is noise and not a trait."""
REGULAR = 0.10
"""Standard deviation of log times below which people would have to work like clocks (real ones: 0.3–0.6)."""
LEAST = 50


@dataclass(frozen=True, slots=True)
class Fabrication:
    """What speaks for fabrication in a whole sample.

    ``within`` and ``between``: mean item correlations inside and across constructs; ``collapse`` their
    ratio, an HTMT over everything. ``log_time_sd``: spread of log answering times, None without times.
    ``signs`` says in words which limits are passed, empty for none.
    """

    within: float
    between: float
    collapse: float
    log_time_sd: float | None
    signs: tuple[str, ...]


def look_for_fabrication(
    turned: np.ndarray, blocks: Sequence[Sequence[int]], seconds: np.ndarray | None
) -> Fabrication | Unavailable:
    """Signs over (n, p) reverse-coded answers whose ``blocks`` are constructs, and (n,) seconds.

    Answers drawn from one trait to hit a target alpha look reliable within constructs, but correlate as
    much across them; honest answers to different constructs do not.
    """
    n = len(turned)
    several = [list(block) for block in blocks if len(block) > 1]
    if n < LEAST:
        return Unavailable(f"{n} respondents are too few to judge (at least {LEAST})")
    if len(several) < 2:
        return Unavailable("fewer than two constructs have two items")
    correlation = pairwise_correlations(turned)
    owner = np.full(turned.shape[1], -1)
    for k, block in enumerate(several):
        owner[block] = k
    pairs = np.tril(np.ones_like(correlation, dtype=bool), -1) & (owner >= 0) & (owner[:, None] >= 0)
    same = owner == owner[:, None]
    within = float(correlation[pairs & same].mean())
    between = float(correlation[pairs & ~same].mean())
    collapse = between / within if within > 0 else 0.0
    spread = _log_spread(seconds)
    signs = []
    if within >= COHERENCE and collapse >= COLLAPSE:
        signs.append(
            f"items of different constructs correlate {between:.2f}, those of one construct {within:.2f}: "
            "one trait lies under everything"
        )
    if spread is not None and spread < REGULAR:
        signs.append(f"answering times hardly differ (standard deviation of log seconds {spread:.3f})")
    return Fabrication(within, between, collapse, spread, tuple(signs))


def _log_spread(seconds: np.ndarray | None) -> float | None:
    if seconds is None:
        return None
    known = seconds[np.isfinite(seconds) & (seconds > 0)]
    return float(np.log(known).std(ddof=1)) if len(known) >= LEAST else None
