"""The marker of a study file, and why there is no ladder where there is none."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.measurement.common_method import MarkerTest
from analysis.pipeline.measured import MethodBias
from analysis.pipeline.method_bias import method_bias
from analysis.pipeline.sample import score_sample
from analysis.planning.simulate import simulate
from analysis.preparation.answers import check_answers
from analysis.preparation.scoring import Scored
from analysis.unavailable import Unavailable
from questionnaire.instrument import Role
from questionnaire.loading import load_study
from questionnaire.study import Study

STUDIES = Path(__file__).parents[2] / "data" / "studies"


@pytest.fixture(scope="module")
def study() -> Study:
    return load_study(STUDIES / "social_capital.yaml")


@pytest.fixture(scope="module")
def table(study: Study) -> pd.DataFrame:
    return simulate(study, 400, 6)


def found(study: Study, table: pd.DataFrame) -> MethodBias | Unavailable:
    answers = check_answers(study, table)
    return method_bias(study, score_sample(study, answers.items, "none", Scored.NORMAL))


def marker(study: Study) -> list[str]:
    return [item.code for c in study.constructs if c.role is Role.MARKER for item in c.items]


def test_the_marker_of_the_study_is_used(study: Study, table: pd.DataFrame) -> None:
    bias = found(study, table)
    assert isinstance(bias, MethodBias)
    assert isinstance(bias.marker, MarkerTest)
    assert bias.marker.marker == "MKR"
    assert len(bias.marker.reliability) == len(study.dimensions)


def test_no_marker_in_the_study(study: Study, table: pd.DataFrame) -> None:
    without = replace(study, constructs=tuple(c for c in study.constructs if c.role is not Role.MARKER))
    bias = found(without, table.drop(columns=marker(study)))
    assert isinstance(bias, MethodBias)
    assert bias.marker == Unavailable("the study has no marker construct")


@pytest.mark.parametrize(
    ("value", "says"), [(np.nan, "nobody answered the marker MKR"), (4, "same value on MKR1")]
)
def test_a_marker_that_says_nothing(study: Study, table: pd.DataFrame, value: float, says: str) -> None:
    bias = found(study, table.assign(**dict.fromkeys(marker(study), value)))
    assert isinstance(bias, MethodBias)
    assert isinstance(bias.marker, Unavailable)
    assert says in bias.marker.reason


@pytest.mark.parametrize(("rows", "says"), [(0, "no factor"), (3, "more are needed")])
def test_hardly_anyone(study: Study, table: pd.DataFrame, rows: int, says: str) -> None:
    bias = found(study, table.head(rows))
    assert isinstance(bias, Unavailable)
    assert says in bias.reason


def test_everyone_answers_the_same(study: Study, table: pd.DataFrame) -> None:
    codes = list(study.items)
    bias = found(study, table.assign(**{c: table[c].mask(table[c].notna(), 4) for c in codes}))
    assert isinstance(bias, Unavailable)
    assert "same value" in bias.reason
