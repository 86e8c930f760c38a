"""All ways of matching indicators into products: an estimate that hangs on one of them is no finding."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import permutations, product

import pandas as pd

from analysis.sem.syntax import parse_model
from analysis.synergy.compiled import CompiledModel
from analysis.unavailable import Unavailable

LARGEST = 36
"""More matchings than this are not tried: 6 × 6 for three variables of three indicators each."""


@dataclass(frozen=True, slots=True, eq=False)
class MatchingSpread:
    """One hypothesis under every matching of indicators (Foldnes & Hagtvet 2014).

    ``planned`` is the estimate of the planned matching. ``rows``: one a matching, ``matching estimate se
    verdict reason``, the planned first; the verdict is by the rule alone, and empty where the model failed.
    """

    hypothesis: str
    model: str
    planned: float
    rows: pd.DataFrame

    @property
    def fitted(self) -> pd.DataFrame:
        """The rows of matchings that could be fitted."""
        return self.rows[self.rows["verdict"] != ""]

    @property
    def share_supported(self) -> float:
        """Share of the fitted matchings under which the rule supports the hypothesis, trivially or not."""
        return float(self.fitted["verdict"].str.startswith("supported").mean())


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A hypothesis on products that was not tried under other matchings, and why."""

    hypothesis: str
    model: str
    reason: str


def orders(compiled: CompiledModel) -> list[dict[str, tuple[int, ...]]] | Unavailable:
    """Every order of indicators that gives another matching, the planned one first.

    The first variable keeps its order, as only the relative one matters.
    """
    counts = _counts(compiled)
    if not counts:
        return Unavailable("the model has no latent products")
    if any(len(set(parts)) < len(parts) for parts in compiled.products.values()):
        return Unavailable("a square matches every indicator with itself")
    if len(set(counts.values())) > 1:
        return Unavailable("the variables have different numbers of indicators, so some stay unmatched")
    first, *others = counts
    every = list(permutations(range(counts[first])))
    if len(every) == 1 or len(every) ** len(others) > LARGEST:
        return Unavailable(f"there are {len(every) ** len(others)} matchings")
    return list(_orders(others, every))


def _orders(others: list[str], every: list[tuple[int, ...]]) -> Iterator[dict[str, tuple[int, ...]]]:
    for choice in product(every, repeat=len(others)):
        yield dict(zip(others, choice, strict=True))


def _counts(compiled: CompiledModel) -> Mapping[str, int]:
    rows = [s for s in parse_model(compiled.measurement).parameters if s.op == "=~"]
    variables = dict.fromkeys(part for parts in compiled.products.values() for part in parts)
    return {v: sum(row.lhs == v for row in rows) for v in variables}
