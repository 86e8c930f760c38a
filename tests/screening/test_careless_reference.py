"""Every index that R's careless defines, on one table, against its definition computed by R."""

import json
from pathlib import Path

import numpy as np
import pytest

from analysis.screening.even_odd import even_odd
from analysis.screening.irv import irv
from analysis.screening.longstring import longstring
from analysis.screening.mahalanobis import mahalanobis
from analysis.screening.psychometric_pairs import psychometric_pairs

REFERENCE = json.loads((Path(__file__).parent / "reference" / "careless.json").read_text())
RAW = np.array(REFERENCE["x"], dtype=float)
BLOCKS = [(0, 1, 2), (3, 4, 5), (6, 7, 8), (9, 10, 11)]
CLOSED = 1e-9  # the same closed form, printed with 12 digits


def reference(values: list[float | None]) -> np.ndarray:
    return np.array([np.nan if value is None else value for value in values], dtype=float)


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("longstring", lambda: longstring(RAW)),
        ("irv", lambda: irv(RAW)),
        ("mahad", lambda: mahalanobis(RAW)[0]),
        ("evenodd", lambda: even_odd(RAW, BLOCKS)),
    ],
)
def test_an_index_is_careless(name: str, ours: object) -> None:
    values = ours()  # type: ignore[operator]
    np.testing.assert_allclose(values, reference(REFERENCE[name]), rtol=CLOSED, atol=CLOSED)


def test_irv_of_carelesss_own_example() -> None:
    """tests/testthat/test-irv.R, after Curran (2016): one answer, a pattern, two blocks of extremes."""
    rows = np.array([[3] * 10, [1, 2, 3, 4, 5] * 2, [1] * 5 + [5] * 5], dtype=float)
    np.testing.assert_allclose(irv(rows), [0, np.sqrt(20 / 9), np.sqrt(40 / 9)])


def test_synonyms_of_carelesss_own_example() -> None:
    """tests/testthat/test-psychsyn.R, rows 101 to 104: no spread, agreement, contradiction, no relation."""
    example = np.array(REFERENCE["example"], dtype=float)
    found = psychometric_pairs(example, antonyms=False, seed=1, critical=0.5)
    assert 0.4 <= np.nanmean(found) <= 0.8
    theirs = reference(REFERENCE["example_psychsyn"]["r"])
    settled = ~np.isnan(theirs)
    np.testing.assert_allclose(found[settled], theirs[settled], rtol=CLOSED, atol=CLOSED)
    assert np.isnan(found[100])
    assert found[101] > 0.85
    assert found[102] < -0.85
    assert found[103] == pytest.approx(0, abs=CLOSED)


@pytest.mark.parametrize(("name", "antonyms"), [("psychsyn", False), ("psychant", True)])
def test_psychometric_pairs_are_careless(name: str, antonyms: bool) -> None:
    """Rows where a side is constant are resampled there, by its own random numbers, so they are left out."""
    theirs = reference(REFERENCE[name]["r"])
    ours = psychometric_pairs(RAW, antonyms=antonyms, seed=1)
    settled = ~np.isnan(theirs)
    assert settled.sum() > len(RAW) / 2
    np.testing.assert_allclose(ours[settled], theirs[settled], rtol=CLOSED, atol=CLOSED)
