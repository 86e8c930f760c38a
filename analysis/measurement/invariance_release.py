"""Which equality across groups to free next in the search for partial invariance."""

from __future__ import annotations

from collections.abc import Collection

from analysis.sem.fit import Fit
from analysis.sem.inference.release_table import release_tests

OPERATOR = {"metric": "=~", "scalar": "~1", "strict": "~~"}
"""The parameters a level newly holds equal."""


def next_release(fit: Fit, level: str, freed: Collection[str], invariant: int) -> str | None:
    """The level's equality with the largest score test that may be freed.

    It may not be freed where that would leave a factor with fewer than ``invariant`` indicators of which
    nothing is freed. None where nothing is left.
    """
    factors = _indicators(fit)
    tests = release_tests(fit)
    own = tests[tests["op"] == OPERATOR[level]]
    if level == "strict":
        own = own[own["lhs"] == own["rhs"]]
    entries = own["lhs"] + own["op"] + own["rhs"]
    # One tie a group and parameter: a parameter that is far off in any group comes first.
    for entry in entries[own["chisq"].sort_values(ascending=False, kind="stable").index].unique():
        if entry in freed:
            continue
        changed = {_indicator(e) for e in (*freed, entry)}
        name = _indicator(entry)
        loads = [indicators for indicators in factors.values() if name in indicators]
        if loads and all(sum(i not in changed for i in own_) >= invariant for own_ in loads):
            return str(entry)
    return None


def _indicator(entry: str) -> str:
    if "=~" in entry:
        return entry.split("=~")[1]
    return entry.split("~")[0]


def _indicators(fit: Fit) -> dict[str, set[str]]:
    loadings = fit.estimates[fit.estimates["op"] == "=~"]
    found: dict[str, set[str]] = {}
    for factor, indicator in zip(loadings["lhs"], loadings["rhs"], strict=True):
        found.setdefault(str(factor), set()).add(str(indicator))
    return found
