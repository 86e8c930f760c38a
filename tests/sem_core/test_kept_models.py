"""A model's text and table are kept between fits: nothing of the data or of a caller may stick to them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis import sem
from analysis.sem.kept import forget

MODEL = """
f =~ x1 + a*x2 + x3
g =~ x4 + a*x5 + x6
g ~ b*f
f ~ z
total := a * b
"""
GROUPED = MODEL.replace("b*f", "c(b, b2)*f")
OPTIONS = (
    {},
    {"std_lv": True},
    {"estimator": "MLR"},
    {"missing": "fiml"},
    {"estimator": "GLS"},
    {"group": "place", "group_equal": ("loadings",)},
    {"group": "place"},
)


def drawn(seed: int, n: int = 160) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    z, place = rng.normal(size=n), rng.integers(0, 2, n)
    f = 0.4 * z + rng.normal(size=n)
    g = 0.6 * f + rng.normal(size=n)
    items = {f"x{k}": (f if k < 4 else g) * (0.6 + 0.1 * k) + rng.normal(size=n) for k in range(1, 7)}
    return pd.DataFrame(items | {"z": z, "place": np.where(place, "east", "west")})


def everything(data: pd.DataFrame, options: dict[str, object]) -> list[pd.DataFrame]:
    fit = sem.fit(GROUPED if "group" in options else MODEL, data, **options)  # type: ignore[arg-type]
    return [fit.estimates, fit.fit_measures.to_frame(), fit.modification_indices(), fit.residuals()]


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_a_fit_does_not_depend_on_what_was_fitted_before(options: dict[str, object]) -> None:
    one, other = drawn(1), drawn(2)
    forget()
    fresh = everything(one, options)
    everything(other, options)
    for before in OPTIONS:
        everything(other, before)
    for now, first in zip(everything(one, options), fresh, strict=True):
        pd.testing.assert_frame_equal(now, first, check_exact=True)


def test_what_a_caller_does_to_results_stays_with_the_caller() -> None:
    data = drawn(3)
    first = sem.fit(MODEL, data)
    kept = [first.estimates.copy(), first.table.rows, first.modification_indices()]
    for frame in (first.estimates, first.table.rows, first.modification_indices()):
        frame.loc[:, "lhs"] = "changed"
        frame.iloc[0, 1] = "?"
    again = sem.fit(MODEL, data)
    for now, before in zip(
        [again.estimates, again.table.rows, again.modification_indices()], kept, strict=True
    ):
        pd.testing.assert_frame_equal(now, before, check_exact=True)


def test_arrays_of_kept_cells_are_read_only() -> None:
    cells = sem.fit(MODEL.replace("f ~ z", ""), drawn(4)).cells.groups[0]
    with pytest.raises(ValueError, match="read-only"):
        cells.base[0] = 1.0


def test_other_columns_are_checked_again() -> None:
    data = drawn(5)
    sem.fit(MODEL, data)
    with pytest.raises(sem.SemError, match="x6"):
        sem.fit(MODEL, data.drop(columns="x6"))
