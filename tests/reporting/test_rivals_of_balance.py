"""Rivals of balance as a reader sees them: every shape by name, in every language, and no verdict."""

import pandas as pd
import pytest

from analysis.pipeline.result import BalanceRivals
from analysis.reporting.rivals_of_balance import balance_rivals
from analysis.reporting.wording import words
from analysis.synergy.surface_rivals import SHAPES, SurfaceRivals
from analysis.unavailable import Unavailable


class Result:
    """As much of a result as the table reads."""

    def __init__(self, *entries: BalanceRivals) -> None:
        self.balance_rivals = entries


def found() -> SurfaceRivals:
    names = ("parameters", "r2", "r2_predicted", "bic", "difference", "difference_se")
    rows = [{"shape": shape, **dict.fromkeys(names, float(k))} for k, shape in enumerate(SHAPES)]
    return SurfaceRivals("H8", "M8", "PI", ("S", "R", "C"), 321, pd.DataFrame(rows))


@pytest.mark.parametrize(("language", "weakest"), [("en", "Weakest link alone"), ("zh-CN", "最弱一环")])
def test_every_shape_is_named_and_the_reference_has_no_loss(language: str, weakest: str) -> None:
    (table,) = balance_rivals(Result(BalanceRivals("H8", found())), words(language))
    assert len(table.rows) == len(SHAPES)
    assert any(weakest in row[0] for row in table.rows)
    assert table.rows[SHAPES.index("quadratic")][-2:] == ("", "")
    assert table.rows[SHAPES.index("weakest")][-2] == "5.0000"
    assert "321" in table.note


def test_why_there_are_none_is_said() -> None:
    entry = BalanceRivals("H8", Unavailable("the model without products did not converge"))
    (table,) = balance_rivals(Result(entry), words("zh-CN"))
    assert table.rows == (("不含乘积项的模型未收敛",),)
