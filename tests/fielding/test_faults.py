"""A full disk, a database that goes away, and everyone pressing the button at once."""

import itertools
import shutil
import threading
from dataclasses import replace

import pytest
from small_study import STUDY, stored_study
from sqlalchemy import create_engine, text
from test_storage_contract import LATER, NOW, add, change

from questionnaire.drafts import Draft
from questionnaire.journey import Status
from questionnaire.ledger import first_broken, new_seal
from questionnaire.storage import StaleVersionError, StorageUnavailableError, Submission, connect

PRESSES = 200


def opened(where):
    store = connect(where)
    store.add_study(stored_study(STUDY))
    return store


def limit(store, pages=None):
    """What SQLite answers to a full disk it also answers to a full page count."""
    with store._engine.connect() as connection:
        pages = pages or connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")


def test_a_full_disk_keeps_a_batch_whole_or_not_at_all_and_recovers(tmp_path):
    store = opened(f"sqlite:///{tmp_path}/answers.sqlite")
    token = add(store)
    limit(store)
    acknowledged = set()

    def batch(number):
        return [change(number * 10 + one, "长" * 1500, code=f"text{one}") for one in range(5)]

    def fill():
        for number in itertools.count(1):
            store.keep(token, batch(number))
            acknowledged.update(draft.change_id for draft in batch(number))

    with pytest.raises(StorageUnavailableError, match="full"):
        fill()
    assert {draft.change_id for draft in store.respondents()[0].drafts} == acknowledged
    with pytest.raises(StorageUnavailableError, match="full"):
        store.keep(token, batch(999))
    limit(store, 1_000_000)
    assert store.keep(token, batch(999)) == ()
    assert len(store.respondents()[0].drafts) == len(acknowledged) + 5
    store.close()


def test_a_database_that_was_gone_is_used_again(tmp_path):
    store = opened(f"sqlite:///{tmp_path}/data/answers.sqlite")
    token = add(store)
    store._engine.dispose()
    shutil.move(tmp_path / "data", tmp_path / "elsewhere")
    for attempt in (lambda: store.keep(token, [change(1, "douyin")]), lambda: store.load(token)):
        with pytest.raises(StorageUnavailableError):
            attempt()
    shutil.move(tmp_path / "elsewhere", tmp_path / "data")
    assert store.keep(token, [change(1, "douyin")]) == ()
    assert store.drafts(token).latest("opening")["platform"].value == "douyin"
    store.close()


@pytest.mark.postgres
def test_connections_that_the_server_has_ended_are_made_anew(database):
    where = database("postgresql")
    store = opened(where)
    token = add(store)
    other = create_engine(where.split("&options")[0].replace("postgresql:", "postgresql+psycopg:"))
    with other.connect() as connection:
        connection.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
        )
    other.dispose()
    assert store.keep(token, [change(1, "douyin")]) == ()
    store.close()


def press(action):
    """``action(number)`` from PRESSES threads at once; what each came to."""
    outcomes = []
    barrier = threading.Barrier(PRESSES)

    def one(number):
        barrier.wait()
        try:
            outcomes.append(action(number))
        except StaleVersionError as stale:
            outcomes.append(stale)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(PRESSES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.mark.parametrize("same", [True, False], ids=["one id", "an id each"])
def test_two_hundred_presses_finish_once(url, same):
    store = opened(url)
    token = add(store)
    before = store.load(token).progress
    after = replace(before, status=Status.FINISHED, version=before.version + 1)

    def attempt(number):
        submit_id = "finish-0001" if same else f"finish-{number:04d}"
        step = Submission(submit_id, before.version, "closing", received_at=LATER)
        return store.submit(token, step, after, new_seal(after.study_hash, after.answers))

    outcomes = press(attempt)
    accepted = [one for one in outcomes if not isinstance(one, StaleVersionError)]
    first = [one for one in accepted if not one.repeated]
    assert (len(outcomes), len(first)) == (PRESSES, 1)
    assert len(accepted) == (PRESSES if same else 1)
    chain = store.ledger(STUDY.code)
    assert (len(chain), first_broken(chain)) == (1, None)
    store.close()


def test_two_hundred_changes_of_one_answer_count_once(url):
    store = opened(url)
    token = add(store)
    draft = Draft("change-0001", "", "writer-one", 1, "opening", "platform", "douyin", received_at=NOW)

    def attempt(number):
        name = f"{number:08d}"
        return store.keep(token, [replace(draft, change_id=f"change-{name}", writer=f"writer-{name}")])

    late = press(attempt)
    assert sum(one == () for one in late) == 1
    assert len(store.respondents()[0].drafts) == 1
    store.close()
