"""The groups of a study file and the languages answered in, as ladders of invariance."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from analysis.measurement.invariance_ladder import MeasurementInvariance
from analysis.pipeline.invariances import invariances, measurement_syntax
from analysis.pipeline.measured import Indicators
from analysis.pipeline.sample import Sample, score_sample
from analysis.planning.simulate import simulate
from analysis.preparation.answers import Answers, check_answers
from analysis.preparation.scoring import Scored
from analysis.unavailable import Unavailable
from questionnaire.loading import load_study
from questionnaire.study import Study

STUDIES = Path(__file__).parents[2] / "data" / "studies"


@pytest.fixture(scope="module")
def drawn() -> tuple[Study, Answers, Sample]:
    study = load_study(STUDIES / "social_capital.yaml")
    table = simulate(study, 500, 7)
    table["platform"] = np.where(
        np.arange(500) < 240, "jd", np.where(np.arange(500) < 490, "douyin", "other")
    )
    answers = check_answers(study, table)
    return study, answers, score_sample(study, answers.items, "none", Scored.NORMAL)


def test_every_group_of_the_study_is_compared(drawn: tuple[Study, Answers, Sample]) -> None:
    study, answers, sample = drawn
    entries = invariances(study, answers, sample, np.ones(500, bool))
    found = {(entry.grouping, entry.indicators): entry.found for entry in entries}
    items = found["platform", Indicators.ITEMS]
    assert isinstance(items, MeasurementInvariance)
    assert items.reached == "strict"
    assert items.syntax.startswith("STD =~ STD1 + STD2")
    platform = found["platform", Indicators.PARCELS]
    assert isinstance(platform, MeasurementInvariance)
    assert platform.counts == {"jd": 240, "douyin": 250}
    # The population is the same on every platform.
    assert platform.reached == "strict"
    size = found["platform_size", Indicators.PARCELS]
    assert isinstance(size, Unavailable)
    assert "small_or_regional 10" in size.reason


def test_items_with_gaps_are_modelled_a_dimension_at_a_time(drawn: tuple[Study, Answers, Sample]) -> None:
    """One answer in thirty is missing, so that few of 52 are complete: full information keeps everyone."""
    study, answers, sample = drawn
    platform = replace(study, groups=tuple(g for g in study.groups if g.code == "platform"))
    holes = np.random.default_rng(4).random(sample.items.shape) < 1 / 30
    gappy = replace(sample, items=sample.items.mask(holes))
    found = [
        entry
        for entry in invariances(platform, answers, gappy, np.ones(500, bool))
        if (entry.grouping, entry.indicators) == ("platform", Indicators.ITEMS)
    ]
    assert [entry.of for entry in found] == [dimension.code for dimension in study.dimensions]
    for entry in found:
        assert isinstance(entry.found, MeasurementInvariance)
        assert entry.found.counts == {"jd": 240, "douyin": 250}
        assert entry.found.holds("scalar")


def test_the_model_rests_on_what_was_answered(drawn: tuple[Study, Answers, Sample]) -> None:
    study, _, sample = drawn
    model = measurement_syntax(study, replace(sample, absent=("RTT",)))
    assert not isinstance(model, Unavailable)
    assert [line.split(" =~ ")[0] for line in model[0].splitlines()] == ["S", "C", "PI"]


def test_a_question_that_was_not_asked_is_named(drawn: tuple[Study, Answers, Sample]) -> None:
    study, answers, sample = drawn
    bare = replace(answers, context=answers.context.drop(columns="platform"))
    for entry in invariances(study, bare, sample, np.ones(500, bool))[:2]:
        assert isinstance(entry.found, Unavailable)
        assert "no column platform" in entry.found.reason
