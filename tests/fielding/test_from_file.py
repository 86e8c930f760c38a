"""What the study file says about taking respondents is used at opening; what was changed by hand is kept."""

from dataclasses import replace
from pathlib import Path

import pytest
from small_study import STUDY

from questionnaire.admission.window import Access
from questionnaire.fielding.desk import open_study
from questionnaire.fielding.from_file import as_in_file, departures
from questionnaire.loading import dump_study, load_study, parse_study
from questionnaire.recruitment import Cell, Stop
from questionnaire.service import Fielding
from questionnaire.storage import connect
from questionnaire.study_file.writing import content_hash

TEA = Path(__file__).parents[2] / "data/studies/tea_breaks.yaml"
NOW, LATER = "2026-01-01T00:00:00.000Z", "2026-02-01T00:00:00.000Z"
TEA_CELL = Cell("tea", 2, {"drink": ("tea",)})
ALL = Cell("all", 5)
FULL = "https://panel.example/full?id={PID}"


def version(number, **fields):
    """The small example with other rules, as a file would say it."""
    study = replace(load_study(TEA), version=str(number), **fields)
    return parse_study(dump_study(study), "version")


FIRST = version(1, quotas=(ALL, TEA_CELL), stop=Stop("2026-12-31", 500), quota_full_redirect=FULL)


@pytest.fixture
def store(url):
    storage = connect(url)
    yield storage
    storage.close()


def opened(store, study, now=NOW, **settings):
    Fielding(study, dump_study(study), store)
    return open_study(store, study, now, **settings)


def seen(store, study):
    window, cells = store.field.window(study.content_hash), store.field.cells(study.code)
    return [str(one) for one in departures(study, window, cells)]


def test_a_file_says_again_what_was_read():
    again = parse_study(dump_study(FIRST), "again")
    assert again == FIRST
    assert (again.quotas, again.stop) == ((ALL, TEA_CELL), Stop("2026-12-31", 500))
    assert version(1).content_hash != FIRST.content_hash
    assert version(1).plan_hash == FIRST.plan_hash


def test_what_a_file_does_not_say_changes_no_identity():
    assert content_hash(replace(STUDY, quotas=(), stop=Stop())) == content_hash(STUDY)


def test_the_file_is_used_at_opening(store):
    window = opened(store, FIRST)
    assert (window.stop_at, window.stop_n) == ("2026-12-31T23:59:59.999Z", 500)
    assert window.full_redirect == FULL
    assert store.field.cells(FIRST.code) == (ALL, TEA_CELL)
    assert seen(store, FIRST) == []


def test_settings_by_hand_come_before_the_file_and_are_shown(store):
    opened(store, FIRST, stop_n=7)
    store.field.put_cell(FIRST.code, replace(TEA_CELL, target=9))
    store.field.put_cell(FIRST.code, Cell("mine", 1, wave=""))
    store.field.drop_cell(FIRST.code, "all")
    assert seen(store, FIRST) == [
        "stop_n: 7; the study file says 500",
        "quota all: nothing; the study file says 5",
        "quota mine: 1; the study file says nothing",
        "quota tea: 9, drink=tea; the study file says 2, drink=tea",
    ]
    # Opening again changes nothing of it.
    assert opened(store, FIRST, LATER).stop_n == 7
    assert len(seen(store, FIRST)) == 4
    as_in_file(store, FIRST)
    assert seen(store, FIRST) == ["stop_n: 7; the study file says 500"]


def test_a_new_version_brings_what_changed_in_the_file_and_leaves_the_rest_as_set_by_hand(store):
    opened(store, FIRST, stop_n=7, access=Access.INVITATION)
    store.field.put_cell(FIRST.code, replace(ALL, target=50))
    coffee = Cell("coffee", 3, {"drink": ("coffee",)})
    second = version(2, quotas=(ALL, coffee), stop=Stop("2027-06-30", 500), quota_full_redirect=FULL)
    window = opened(store, second, LATER)
    # "all" and stop_n are in the new file as in the old one; "tea" is gone from it, "coffee" is new.
    assert store.field.cells(FIRST.code) == (replace(ALL, target=50), coffee)
    assert (window.stop_n, window.stop_at) == (7, "2027-06-30T23:59:59.999Z")
    assert (window.access, window.opened_at) == (Access.INVITATION, LATER)
    # A corrected typing error is no reason to let in whom the version before let not.
    third = opened(store, version(3, quotas=(ALL, coffee), stop=Stop("2027-06-30", 500)), "2026-03-01")
    assert (third.access, third.stop_n, third.full_redirect) == (Access.INVITATION, 7, "")


def test_a_cell_changed_by_hand_and_gone_from_the_file_stays_and_is_shown(store):
    opened(store, FIRST)
    store.field.put_cell(FIRST.code, replace(TEA_CELL, target=9))
    second = version(2, quotas=(ALL,))
    opened(store, second, LATER)
    assert seen(store, second) == ["quota tea: 9, drink=tea; the study file says nothing"]


def test_a_version_before_that_cannot_be_read_said_nothing(store):
    Fielding(replace(STUDY, code=FIRST.code), "text", store)
    open_study(store, replace(STUDY, code=FIRST.code), NOW)
    assert opened(store, FIRST, LATER).stop_n == 500
    assert store.field.cells(FIRST.code) == (ALL, TEA_CELL)
