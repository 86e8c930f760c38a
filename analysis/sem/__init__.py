"""Structural equation models: fit, compare, simulate; lavaan's language and defaults.

Names load on first use, so that importing the package costs nothing.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from analysis.sem.errors import DataError, ModelError, SemError
from analysis.sem.findings import Finding

if TYPE_CHECKING:
    from analysis.sem.api import fit
    from analysis.sem.compare import compare
    from analysis.sem.fit import Fit
    from analysis.sem.invariance import invariance
    from analysis.sem.simulate import simulate

__all__ = [
    "DataError",
    "Finding",
    "Fit",
    "ModelError",
    "SemError",
    "compare",
    "fit",
    "invariance",
    "simulate",
]

_HOMES = {
    "Fit": "analysis.sem.fit",
    "compare": "analysis.sem.compare",
    "fit": "analysis.sem.api",
    "invariance": "analysis.sem.invariance",
    "simulate": "analysis.sem.simulate",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


class _Package(ModuleType):
    """Keeps `sem.fit` the function: importing the submodule `fit` would put the module in its place."""

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in _HOMES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
