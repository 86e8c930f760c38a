"""The dashboard's figures from respondents whose story is known."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from questionnaire import journey
from questionnaire.journey import Status
from questionnaire.loading import load_study
from questionnaire.storage import Stored, StoredStudy, Submission, connect
from questionnaire.watching.field_report import field_report, sum_up
from questionnaire.watching.group_means import FEWEST, group_means
from questionnaire.watching.imbalance import Balance, imbalance
from questionnaire.watching.profiles import dimension_means, predictor_dimensions

PATH = Path(__file__).parents[2] / "data" / "studies" / "social_capital.yaml"
STUDY = load_study(PATH)
EARLY, LATE, IDLE = "2026-01-01T08:00:00.000Z", "2026-01-02T12:00:00.000Z", "2026-01-02T00:00:00.000Z"
PREDICTORS = predictor_dimensions(STUDY)
EXACT = 1e-12


def person(number, reached=0, status=Status.ASKING, at=LATE, answers=None, steps=()):
    begun = journey.begin(STUDY, form="long", language="en", seed=number)
    asked = journey.consent(STUDY, begun, 0)
    progress = replace(asked, page=reached, reached=reached, status=status, answers=answers or {})
    finished = at if status is Status.FINISHED else ""
    return Stored(f"t{number}", f"r{number}", progress, EARLY, at, finished, tuple(steps))


def report(*people):
    return sum_up(STUDY, {STUDY.content_hash: STUDY}, list(people), IDLE)


def test_predictors_are_the_dimensions_on_facets():
    assert PREDICTORS == ("S", "R", "C")


def test_counts_and_days():
    found = report(person(1), person(2, status=Status.FINISHED), person(3, status=Status.SCREENED_OUT))
    assert (found.counts[Status.ASKING], found.counts[Status.FINISHED]) == (1, 1)
    assert [(d.day, d.started, d.finished) for d in found.days] == [
        ("2026-01-01", 3, 0),
        ("2026-01-02", 0, 1),
    ]


def test_where_respondents_stop():
    """Two stop on the first block, one of them just now; one goes on; the screened out do not count."""
    gone, there = person(1, at=EARLY), person(2)
    further = person(3, reached=1, at=EARLY)
    found = report(gone, there, further, person(4, status=Status.SCREENED_OUT))
    first, second = found.pages
    assert (first.page, first.reached, first.left, first.pending) == ("eligibility", 3, 1, 1)
    assert (second.page, second.reached, second.left, second.pending) == ("choice", 1, 1, 0)


def test_seconds_a_question_are_the_pages_seconds_over_its_questions():
    pages = person(1).progress.route
    step = Submission("s", 1, pages[0].code, timings={"shown": 10.0 * len(pages[0].elements)})
    found = report(*(person(n, steps=(step,)) for n in range(4)))
    (only,) = found.times
    assert (only.block, only.n, only.lower, only.median, only.upper) == ("eligibility", 4, 10, 10, 10)
    assert report(*(person(n, steps=(step,)) for n in range(3))).times == ()


def all_answers(value):
    return dict.fromkeys(STUDY.items, value)


def means_of(answers, study=STUDY):
    begun = journey.begin(study, form="long", language="en", seed=1)
    return dimension_means(study, replace(begun, answers=answers))


def test_a_profile_turns_reversed_items_and_weighs_facets_alike():
    answers = all_answers(6)
    means = means_of(answers)
    # Of S's facets only the first has a reversed item: (6 + 6 + 6 + 2)/4 = 5, so (5 + 6 + 6)/3.
    assert means["S"] == pytest.approx(17 / 3, abs=EXACT)
    turned = {code: 2 if item.reverse else 6 for code, item in STUDY.items.items()}
    assert set(means_of(turned).values()) == {6.0}


def test_scales_of_different_lengths_count_by_their_share():
    facet, *others = (STUDY.construct(code) for code in STUDY.dimension("S").facets)
    short = replace(STUDY.scale(facet.items[0].scale), code="short", points=3)
    items = tuple(replace(item, scale="short", reverse=False) for item in others[0].items)
    changed = {others[0].code: replace(others[0], items=items)}
    study = replace(
        STUDY,
        scales=(*STUDY.scales, short),
        constructs=tuple(changed.get(one.code, one) for one in STUDY.constructs),
    )
    answers = {code: 1 if item.reverse else 7 for code, item in study.items.items()}
    answers |= {item.code: 2 for item in items}
    # Two facets at the top and one half way up its own scale: 1 + 6 (1 + 1/2 + 1)/3.
    assert means_of(answers, study)["S"] == pytest.approx(6.0, abs=EXACT)


def test_a_dimension_with_an_unanswered_facet_has_no_mean():
    facet = STUDY.construct(STUDY.dimension("S").facets[0])
    answers = {k: v for k, v in all_answers(4).items() if k not in {item.code for item in facet.items}}
    assert set(means_of(answers)) == {"R", "C", "PI"}


def test_group_means_have_students_interval_and_small_groups_are_hidden():
    values = [1.0, 2.0, 4.0, 4.0, 6.0]
    profiles = [{"S": value} for value in values]
    (row,) = group_means(profiles, ["a"] * FEWEST, ["S"])
    expected = stats.ttest_1samp(values, 0).confidence_interval(0.95)
    assert (row.mean, row.lower, row.upper) == pytest.approx((3.4, expected.low, expected.high), abs=EXACT)
    assert group_means(profiles[:-1], ["a"] * (FEWEST - 1), ["S"]) == ()
    assert group_means(profiles, [""] * FEWEST, ["S"]) == ()


@pytest.mark.parametrize(
    ("gap", "spread", "n", "state"),
    [
        (0.0, 0.3, 200, Balance.BALANCED),
        (1.0, 0.3, 200, Balance.IMBALANCED),
        (0.5, 0.5, 200, Balance.UNCERTAIN),
        (2.0, 0.3, 19, Balance.TOO_FEW),
    ],
)
def test_the_alarm_knows_how_sure_it_is(gap, spread, n, state):
    noise = np.random.default_rng(3).normal(0, spread, size=(n, 3))
    profiles = [dict(zip("SRC", 4 + row + np.array([gap, 0, 0]), strict=True)) for row in noise]
    found = imbalance(profiles, ("S", "R", "C"))
    assert (found.balance, found.n) == (state, n)
    if gap >= 1 and found.gaps:
        assert found.gaps[0].higher == "S"


def test_the_report_reads_the_store(tmp_path):
    database = f"sqlite:///{tmp_path}/field.sqlite"
    storage = connect(database)
    text = PATH.read_text(encoding="utf-8")
    storage.add_study(
        StoredStudy(STUDY.content_hash, STUDY.code, STUDY.version, STUDY.plan_hash, text, EARLY)
    )
    one = person(1)
    storage.start(one, Submission("s", 0, "consent", received_at=EARLY))
    storage.close()
    assert field_report(database, STUDY.code).counts[Status.ASKING] == 1
    with pytest.raises(LookupError, match="no study 'other'"):
        field_report(database, "other")
