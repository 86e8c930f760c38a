"""Times and presented order from the context columns of the answers table."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.preparation.answers import Answers, check_answers
from analysis.screening.timing import presented, rating_seconds, seconds_by_page
from questionnaire.loading import load_study
from questionnaire.study import Study


@pytest.fixture(scope="module")
def study() -> Study:
    return load_study(Path(__file__).parents[2] / "data" / "studies" / "tea_breaks.yaml")


def answers(study: Study, **context: list[object]) -> Answers:
    codes = list(study.items)
    table = pd.DataFrame({code: [k % 5 + 1, 5 - k % 5] for k, code in enumerate(codes)})
    return check_answers(study, table.assign(**context))


def rated_block(study: Study) -> str:
    constructs = {construct.code for construct in study.constructs}
    return next(block.code for block in study.blocks if constructs & set(block.elements))


def test_without_order_the_study_order_stands(study: Study) -> None:
    found = answers(study)
    np.testing.assert_array_equal(presented(found), found.items.to_numpy())


def test_pages_are_put_in_the_order_they_came(study: Study) -> None:
    first, second, *_ = study.items
    found = answers(study, order_b=[f"2 {first}", f"1 {first}"], order_a=[f"1 {second}", f"2 {second}"])
    got = presented(found)
    np.testing.assert_array_equal(got[0, :2], found.items.loc[0, [second, first]])
    np.testing.assert_array_equal(got[1, :2], found.items.loc[1, [first, second]])
    np.testing.assert_array_equal(np.sort(got), np.sort(found.items.to_numpy()))


def test_only_pages_with_rated_items_count(study: Study) -> None:
    block = rated_block(study)
    columns = {
        f"seconds_{block}_1": [10, None],
        f"seconds_{block}_2": [5.5, None],
        "seconds_elsewhere": [99, 99],
    }
    found = answers(study, seconds_total=[500, 500], **columns)
    np.testing.assert_equal(rating_seconds(study, found.context), [15.5, np.nan])


def test_the_total_must_do_without_pages(study: Study) -> None:
    np.testing.assert_equal(
        rating_seconds(study, answers(study, seconds_total=["12", "x"]).context), [12, np.nan]
    )
    assert rating_seconds(study, answers(study).context) is None


def test_the_fastest_page_is_found(study: Study) -> None:
    block = rated_block(study)
    columns = {
        f"seconds_{block}_1": [10, 4],
        f"seconds_{block}_2": [30, None],
        f"order_{block}_1": ["1 A B", "1 A B"],
        f"order_{block}_2": ["2 C D E", None],
    }
    np.testing.assert_equal(seconds_by_page(study, answers(study, **columns)), [5, 2])
    assert seconds_by_page(study, answers(study)) is None
