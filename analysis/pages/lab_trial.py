"""What the lab is asked for and what it finds, as plain values that go to a worker process and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from analysis.pages.lab_compare import Compared
from analysis.pages.lab_text import Fault
from analysis.unavailable import Unavailable


@dataclass(frozen=True, slots=True)
class Settings:
    """How all models are fitted.

    ``kept`` takes only rows that the primary screening keeps; ``scoring`` is raw or normal; ``ordered`` takes
    items as ordered categories; ``group`` is one of the study's groups, "" for none, and ``equal`` what is
    the same in all of them.
    """

    estimator: str
    missing: str
    kept: bool
    bootstrap: int
    seed: int
    scoring: str = "raw"
    ordered: bool = False
    group: str = ""
    equal: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """A bootstrap: ``draws`` × parameters, ``estimates`` with its errors and intervals, ``failed`` draws."""

    draws: pd.DataFrame
    estimates: pd.DataFrame
    failed: int
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Tried:
    """One fit, as plain tables; ``data`` are its columns, ``ordered`` those taken as ordered."""

    n_obs: int
    converged: bool
    estimates: pd.DataFrame
    measures: pd.Series
    r2: pd.DataFrame
    residuals: pd.DataFrame | Unavailable
    indices: pd.DataFrame | Unavailable
    problems: tuple[str, ...]
    drawn: Drawn | Unavailable
    data: pd.DataFrame
    ordered: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """Every model by its name, and their comparison where there are several that could be fitted."""

    models: Mapping[str, Tried | Fault]
    comparison: Compared | Unavailable | None
