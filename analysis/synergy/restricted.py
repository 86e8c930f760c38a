"""A product model without the effects of its products: the rival, on the same indicators.

A model without products has other observed variables, so no test and no information criterion compares it
with the product model. With the products' indicators present and their paths 0 it says the same of
everything else, and is nested (Jöreskog & Yang 1996; Klein & Moosbrugger 2000 test interactions so).
"""

from __future__ import annotations

import re

from analysis.sem.syntax import parse_model
from analysis.synergy.compiled import CompiledModel
from analysis.unavailable import Unavailable


def in_data_of(model: CompiledModel, rival: CompiledModel) -> str | Unavailable:
    """The text of ``rival`` on the indicators of ``model``: paths of products it does not have are 0."""
    gone = [name for name in model.products if name not in rival.products]
    if not gone:
        return Unavailable(f"{rival.code} lacks no product of {model.code}")
    own = {pair for pair in _paths(model) if pair[1] not in gone}
    if own != _paths(rival):
        return Unavailable(f"{rival.code} differs from {model.code} in more than products")
    lines = []
    for line in model.structural.splitlines():
        # Definitions may name what is no parameter any more.
        if ":=" in line:
            continue
        if "~" in line and "~~" not in line and "=~" not in line:
            for name in gone:
                line = re.sub(
                    rf"(?<![\w.])(?:[A-Za-z][\w.]*\s*\*\s*)?{re.escape(name)}(?!\w)", f"0*{name}", line
                )
        lines.append(line)
    return "\n".join((model.measurement, *lines))


def _paths(model: CompiledModel) -> set[tuple[str, str]]:
    return {(s.lhs, s.rhs) for s in parse_model(model.syntax).parameters if s.op == "~"}
