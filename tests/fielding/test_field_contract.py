"""Field times, invitations, quotas and contacts: one suite that every store must pass."""

import threading
import uuid
from dataclasses import replace

import pytest
from small_study import STUDY, stored_study
from test_storage_contract import NOW, add, newcomer

from questionnaire.admission.invitations import Invitation
from questionnaire.admission.quota import Claim, claim
from questionnaire.admission.window import Access, Window
from questionnaire.journey import Status
from questionnaire.recruitment import Cell
from questionnaire.storage import (
    StorageUnavailableError,
    Stored,
    Submission,
    UnknownStudyError,
    UnknownTokenError,
    connect,
)
from questionnaire.storage.field import NumbersTakenError

LATER, CUTOFF = "2026-01-01T00:01:00.000Z", "2025-12-31T23:00:00.000Z"
RACERS = 200
"""The bar set for races on one place, one token and one click."""
WINDOW = Window(STUDY.content_hash, STUDY.code, STUDY.plan_hash, NOW)
DOUYIN = Cell("douyin", 1, {"platform": ("douyin",)}, "w1")


def draft(number, **fields):
    return Invitation(STUDY.code, 0, f"{number:064d}", "first", NOW, **fields)


def enter(store, token_hash, seed=1):
    token = uuid.uuid4().hex
    step = Submission(uuid.uuid4().hex, 0, "consent", received_at=NOW)
    return store.start(Stored(token, f"r{token}", newcomer(seed), NOW, NOW), step, token_hash)


def choose(store, token, platform="douyin", at=LATER, status=Status.ASKING, cells=(DOUYIN,)):
    before = store.load(token).progress
    after = replace(before, answers={"platform": platform}, status=status, version=before.version + 1)
    step = Submission(uuid.uuid4().hex, before.version, "opening", after.answers, {}, at)
    store.submit(token, step, after, None, claim(STUDY.code, cells, after, at))
    return store.load(token).progress.status


def race(act, count=RACERS):
    outcomes, gate = [], threading.Barrier(count)

    def run(number):
        gate.wait()
        try:
            outcomes.append(act(number))
        except Exception as error:  # every outcome is counted, errors too
            outcomes.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_a_field_time_keeps_its_first_opening(store):
    assert store.field.window(STUDY.content_hash) is None
    store.field.put_window(WINDOW)
    changed = replace(
        WINDOW, opened_at=LATER, plan_hash="x" * 64, closed_at=LATER, stop_n=5, lets_finish=False
    )
    store.field.put_window(replace(changed, access=Access.INVITATION))
    kept = store.field.window(STUDY.content_hash)
    assert (kept.opened_at, kept.plan_hash) == (NOW, STUDY.plan_hash)
    assert (kept.closed_at, kept.access, kept.lets_finish, kept.stop_n) == (
        LATER,
        Access.INVITATION,
        False,
        5,
    )
    assert store.field.windows(STUDY.code) == (kept,)


def test_only_studies_that_are_there_can_be_opened(store):
    with pytest.raises(UnknownStudyError):
        store.field.put_window(replace(WINDOW, study_code="other", content_hash="d" * 64))


def test_invitations_are_numbered_on_and_kept_whole(store):
    first = store.field.invite([draft(1), draft(2)])
    second = store.field.invite([draft(3, person="p1", wave="w1", contact="c1")])
    assert [one.number for one in (*first, *second)] == [1, 2, 3]
    assert store.field.invitations(STUDY.code) == (*first, *second)
    assert store.field.invitation(f"{3:064d}") == second[0]
    assert store.field.invitation("nobody") is None
    with pytest.raises(NumbersTakenError):
        store.field.invite([draft(4), draft(5, person="p1", wave="w1")])
    assert len(store.field.invitations(STUDY.code)) == 3


def test_an_invitation_leads_to_one_respondent_for_ever(store):
    store.field.invite([draft(1, person="p1", wave="w1")])
    first, again = enter(store, f"{1:064d}"), enter(store, f"{1:064d}", seed=2)
    assert (again.token, again.repeated) == (first.token, True)
    assert [one.respondent for one in store.respondents()] == ["p1"]
    used = store.field.invitation(f"{1:064d}")
    assert (used.token, used.used_at, used.status) == (first.token, NOW, "asking")
    with pytest.raises(UnknownTokenError):
        enter(store, "f" * 64)
    assert len(store.respondents()) == 1


def test_of_200_uses_of_one_token_one_makes_a_respondent(store):
    store.field.invite([draft(1)])
    acks = race(lambda number: enter(store, f"{1:064d}", seed=number))
    assert len({ack.token for ack in acks}) == 1
    assert sum(not ack.repeated for ack in acks) == 1
    assert len(store.respondents()) == 1


def test_of_200_people_on_one_place_one_gets_it(store):
    store.field.put_cell(STUDY.code, DOUYIN)
    tokens = [add(store, seed) for seed in range(RACERS)]
    outcomes = race(lambda number: choose(store, tokens[number], status=Status.FINISHED))
    assert outcomes.count(Status.FINISHED) == 1
    assert outcomes.count(Status.QUOTA_FULL) == RACERS - 1
    (fill,) = store.field.fill(STUDY.code, CUTOFF)
    assert (fill.finished, fill.held, fill.left) == (1, 0, 0)
    assert store.field.finished(STUDY.code) == 1


def test_places_are_given_back_by_leaving_changing_and_time(store):
    store.field.put_cell(STUDY.code, DOUYIN)
    one, two, three = (add(store, seed) for seed in range(3))
    assert choose(store, one) is Status.ASKING
    assert choose(store, one) is Status.ASKING  # keeps its own place
    assert choose(store, one, "other") is Status.ASKING  # and gives it back
    assert choose(store, two) is Status.ASKING
    assert choose(store, two, status=Status.SCREENED_OUT) is Status.SCREENED_OUT
    assert choose(store, one) is Status.ASKING
    assert choose(store, two) is Status.QUOTA_FULL
    much_later = "2026-01-01T05:00:00.000Z"
    assert choose(store, three, at=much_later) is Status.ASKING  # the first one fell asleep
    assert choose(store, one, at=much_later) is Status.QUOTA_FULL
    store.withdraw(three, much_later)
    assert store.field.fill(STUDY.code, CUTOFF)[0].left == 1


def test_one_full_cell_of_several_takes_no_place_in_the_others(store):
    everyone = Cell("all", 5, {}, "w1")
    for cell in (DOUYIN, everyone):
        store.field.put_cell(STUDY.code, cell)
    one, two = add(store, 1), add(store, 2)
    choose(store, one, cells=(DOUYIN, everyone))
    assert choose(store, two, cells=(DOUYIN, everyone)) is Status.QUOTA_FULL
    assert {fill.cell.name: fill.held for fill in store.field.fill(STUDY.code, CUTOFF)} == {
        "all": 1,
        "douyin": 1,
    }


def test_cells_are_replaced_and_removed(store):
    store.field.put_cell(STUDY.code, DOUYIN)
    store.field.put_cell(STUDY.code, replace(DOUYIN, target=2))
    assert store.field.cells(STUDY.code) == (replace(DOUYIN, target=2),)
    choose(store, add(store))
    store.field.drop_cell(STUDY.code, "douyin")
    assert store.field.cells(STUDY.code) == store.field.fill(STUDY.code, CUTOFF) == ()


def test_a_step_that_claims_nothing_new_still_is_one_step(store):
    token = add(store)
    before = store.load(token).progress
    nothing = Claim(STUDY.code, (), NOW, CUTOFF, finished=False)
    after = replace(before, version=2)
    store.submit(token, Submission("step-0001", 1, "x", received_at=NOW), after, None, nothing)
    assert store.load(token).progress.version == 2


def test_contacts_are_apart_and_go_with_who_withdraws(store):
    store.field.put_contact(STUDY.code, "c1", "sealed")
    store.field.put_contact(STUDY.code, "c1", "sealed anew")
    store.field.put_contact(STUDY.code, "c2", "other")
    store.field.invite([draft(1, contact="c1"), draft(2, contact="c2")])
    token = enter(store, f"{1:064d}").token
    assert store.field.contacts(STUDY.code) == {"c1": "sealed anew", "c2": "other"}
    store.withdraw(token, LATER)
    assert store.field.contacts(STUDY.code) == {"c2": "other"}
    store.field.drop_contact(STUDY.code, "c2")
    assert store.field.contacts(STUDY.code) == {}


def test_fielding_is_there_after_opening_again(durable_url):
    store = connect(durable_url)
    store.add_study(stored_study(STUDY))
    store.field.put_window(WINDOW)
    store.field.invite([draft(1, person="p1")])
    store.field.put_cell(STUDY.code, DOUYIN)
    store.close()
    again = connect(durable_url)
    assert again.field.window(STUDY.content_hash) == WINDOW
    assert again.field.invitations(STUDY.code)[0].person == "p1"
    assert again.field.cells(STUDY.code) == (DOUYIN,)
    again.close()


def test_a_closed_store_is_out_of_reach(tmp_path):
    store = connect(f"sqlite:///{tmp_path}/a.sqlite")
    with store._engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE windows")
    with pytest.raises(StorageUnavailableError):
        store.field.window(STUDY.content_hash)
    store.close()
