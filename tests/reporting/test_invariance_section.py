"""The ladder of invariance in words, in every language."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from analysis.measurement.invariance_ladder import LADDER_COLUMNS, MeasurementInvariance
from analysis.pipeline.measured import Invariance
from analysis.reporting.sections_invariance import invariance_section
from analysis.reporting.wording import words
from analysis.unavailable import Unavailable


def found(reached: str, freed: tuple[str, ...]) -> MeasurementInvariance:
    rows = [
        ("configural", "", 48, 110.0, 0.95, 0.05, 0.04, *([np.nan] * 5), True),
        ("metric", "", 54, 130.0, 0.93, 0.06, 0.05, -0.02, 0.01, 20.0, 6.0, 0.003, False),
        ("metric", "f=~x2", 53, 112.0, 0.949, 0.05, 0.04, -0.001, 0.0, 2.0, 5.0, 0.8, True),
    ]
    ladder = pd.DataFrame(rows, columns=list(LADDER_COLUMNS))
    return MeasurementInvariance(
        "f =~ x", {"a": 200, "b": 210}, {"c": 3}, reached, ladder, freed, (), "robust"
    )


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize(
    ("reached", "freed"),
    [(level, ()) for level in ("", "configural", "metric", "scalar", "strict")]
    + [(level, ("f=~x2",)) for level in ("metric", "scalar", "strict")],
)
def test_every_outcome_can_be_said(language: str, reached: str, freed: tuple[str, ...]) -> None:
    entries = (
        Invariance("platform", {"en": "Platform", "zh-CN": "平台"}, found(reached, freed)),
        Invariance("language", {}, Unavailable("one language only")),
    )
    result = SimpleNamespace(invariances=entries, study=SimpleNamespace(languages=("zh-CN", "en"), groups=()))
    section = invariance_section(result, words(language))  # type: ignore[arg-type]
    assert len(section.tables) == 1
    assert "c 3" in section.paragraphs[1]
    assert ("f=~x2" in section.paragraphs[1]) == bool(freed)
    assert "one language only" in section.paragraphs[2]
    assert section.tables[0].rows[1][7] == "−.020"


def test_why_the_ladder_ended_is_said_in_the_language() -> None:
    reason = "metric: does not hold, and no more can be freed with 2 invariant indicators of every factor"
    ended = replace(found("configural", ()), reasons=(reason,))
    entries = (Invariance("platform", {"en": "Platform", "zh-CN": "平台"}, ended),)
    result = SimpleNamespace(invariances=entries, study=SimpleNamespace(languages=("zh-CN", "en"), groups=()))
    chinese = invariance_section(result, words("zh-CN")).paragraphs[1]  # type: ignore[arg-type]
    assert "无法再放开参数。" in chinese
    assert "metric" not in chinese
    assert reason in invariance_section(result, words("en")).paragraphs[1]  # type: ignore[arg-type]


def test_a_study_without_groups_says_so() -> None:
    result = SimpleNamespace(invariances=(), study=SimpleNamespace(languages=("en",)))
    assert len(invariance_section(result, words("en")).paragraphs) == 1  # type: ignore[arg-type]
