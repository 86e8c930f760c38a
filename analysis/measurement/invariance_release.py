"""Which equality across groups or waves to free next in the search for partial invariance."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pandas as pd


def next_release(
    ties: pd.DataFrame,
    factors: Mapping[str, Collection[str]],
    level: str,
    freed: Collection[str],
    invariant: int,
) -> str | None:
    """The level's equality with the largest score test that may be freed; ``ties``: ``entry chisq``.

    It may not be freed where that would leave a factor with fewer than ``invariant`` indicators of which
    nothing is freed. None where nothing is left.
    """
    # One tie a group and parameter: a parameter that is far off in any group comes first.
    own = ties[[level_of(entry) == level for entry in ties["entry"]]]
    ordered = own.sort_values("chisq", ascending=False, kind="stable")["entry"].unique()
    for entry in ordered:
        if entry in freed:
            continue
        changed = {_indicator(e) for e in (*freed, entry)}
        name = _indicator(entry)
        loads = [indicators for indicators in factors.values() if name in indicators]
        if loads and all(sum(i not in changed for i in own_) >= invariant for own_ in loads):
            return str(entry)
    return None


def in_deviations(ties: pd.DataFrame, deviations: pd.Series[float]) -> pd.DataFrame:
    """Changes (``entry change``) over their indicator's standard deviation, variances over its square."""
    unit = ties["entry"].map(_indicator).map(deviations)
    power = ties["entry"].str.contains("~~", regex=False).map({True: 2, False: 1})
    return ties.assign(change=ties["change"] / unit**power)


def level_of(entry: str) -> str:
    """The level that newly holds a parameter equal, "" for none."""
    if "=~" in entry:
        return "metric"
    if "~1" in entry:
        return "scalar"
    first, _, second = entry.partition("~~")
    return "strict" if first == second else ""


def _indicator(entry: str) -> str:
    if "=~" in entry:
        return entry.split("=~")[1]
    return entry.split("~")[0]
