"""What is known of method bias, said in every language, also where nothing is known."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from analysis.measurement.common_method import LADDER_COLUMNS, MarkerTest, UnmeasuredMethod
from analysis.pipeline.measured import MethodBias
from analysis.reporting.sections_method_bias import method_bias_section
from analysis.reporting.wording import words
from analysis.unavailable import Unavailable

TWO = pd.DataFrame({"lhs": ["f"], "rhs": ["g"], "baseline": [0.5], "method": [0.4]})
PARTS = pd.DataFrame({"factor": ["f"], "total": [0.8], "substantive": [0.7], "method": [0.1]})


def marker(present: bool | None, biased: bool | None) -> MarkerTest:
    models = ("CFA", "Baseline", "Method-C", "Method-U", "Method-R")
    rows = [(name, 10, 20.0, 0.95, 0.05, "", 3.0, 1, 0.04) for name in models]
    rows[0] = ("CFA", 10, 20.0, 0.95, 0.05, "", np.nan, np.nan, np.nan)
    ladder = pd.DataFrame(rows, columns=list(LADDER_COLUMNS))
    return MarkerTest("m", ladder, present, True, "Method-C", biased, TWO, PARTS)


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize("present", [True, False, None])
@pytest.mark.parametrize("biased", [True, False, None])
def test_every_outcome_can_be_said(language: str, present: bool | None, biased: bool | None) -> None:
    found = MethodBias(marker(present, biased), UnmeasuredMethod(0.3, 0.1, 0.09, 5.0, 1, 0.02), 0.31)
    section = method_bias_section(SimpleNamespace(method_bias=found), words(language))  # type: ignore[arg-type]
    assert len(section.tables) == 3
    assert ".040" in section.paragraphs[1] or (present is None and biased is None)
    assert "9%" in section.paragraphs[2]
    assert "31%" in section.paragraphs[3]


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_what_is_missing_says_why(language: str) -> None:
    gone = Unavailable("nobody answered")
    parts = SimpleNamespace(method_bias=MethodBias(gone, gone, gone))
    section = method_bias_section(parts, words(language))  # type: ignore[arg-type]
    assert sum("nobody answered" in text for text in section.paragraphs) == 2
    section = method_bias_section(SimpleNamespace(method_bias=gone), words(language))  # type: ignore[arg-type]
    assert "nobody answered" in section.paragraphs[0]
