"""The one analysis that reports are written of."""

from pathlib import Path

import pytest

from analysis.pipeline import analyse
from analysis.planning.simulate import simulate
from questionnaire.loading import load_study


@pytest.fixture(scope="session")
def result():
    """The small example study, 200 synthetic respondents; nobody may change it."""
    study = load_study(Path(__file__).parents[2] / "data" / "studies" / "tea_breaks.yaml")
    return analyse(study, simulate(study, 200, seed=4), seed=1)
