"""Several calls in one commit: the same in every store, and none acknowledged that is not kept."""

import itertools
import threading

import pytest
from small_study import STUDY, stored_study
from test_faults import limit
from test_storage_contract import add, answer_opening, change

from questionnaire.storage import StaleVersionError, StorageUnavailableError, UnknownTokenError, connect


def kept(store, token):
    return {draft.change_id for draft in store.drafts(token).living}


def test_calls_inside_see_each_other_and_are_there_afterwards(store):
    with store.together():
        token = add(store)
        store.keep(token, [change(1, "a")])
        assert kept(store, token) == {change(1, "a").change_id}
        answer_opening(store, token, "step-0001")
        assert store.load(token).progress.version == 2
    assert [one.progress.version for one in store.respondents()] == [2]


def test_a_refused_call_takes_nothing_of_the_others_with_it(store):
    first, second = add(store), add(store, seed=2)
    with store.together():
        answer_opening(store, first, "step-0001")
        with pytest.raises(StaleVersionError):
            answer_opening(store, first, "step-0002")
        with pytest.raises(UnknownTokenError):
            store.keep("nobody", [change(1, "a")])
        again = add(store, seed=3, submit_id="same-start")
        assert add(store, seed=4, submit_id="same-start") == again
        answer_opening(store, second, "step-0003")
    assert [len(one.submissions) for one in store.respondents()] == [2, 2, 1]


def test_others_see_all_of_it_at_the_end_and_nothing_before(durable_url):
    store = connect(durable_url)
    store.add_study(stored_study(STUDY))
    token, seen = add(store), []

    def look():
        seen.append(len(kept(store, token)))

    def look_from_elsewhere():
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()

    with store.together():
        store.keep(token, [change(1, "a")])
        look_from_elsewhere()
    look_from_elsewhere()
    assert seen == [0, 1]
    store.close()


def test_what_is_raised_inside_keeps_nothing(durable_url):
    store = connect(durable_url)
    store.add_study(stored_study(STUDY))
    token = add(store)

    def broken():
        with store.together():
            store.keep(token, [change(1, "a")])
            raise KeyError("a fault of ours")

    with pytest.raises(KeyError):
        broken()
    assert kept(store, token) == set()
    store.keep(token, [change(1, "a")])
    assert len(kept(store, token)) == 1
    store.close()


def test_a_disk_that_fills_in_between_acknowledges_none_of_them(tmp_path):
    store = connect(f"sqlite:///{tmp_path}/answers.sqlite")
    store.add_study(stored_study(STUDY))
    token, other = add(store), add(store, seed=2)
    limit(store)
    refused = []

    def fill():
        with store.together():
            for number in itertools.count(1):
                try:
                    store.keep(token, [change(number, "长" * 1500, code=f"text{number}")])
                except StorageUnavailableError as error:
                    refused.append(str(error))
                    break
            # The database took its transaction back with the part it refused: nothing may follow in it.
            with pytest.raises(StorageUnavailableError):
                store.keep(other, [change(1, "a")])

    with pytest.raises(StorageUnavailableError):
        fill()
    assert "full" in refused[0]
    assert kept(store, token) == kept(store, other) == set()
    limit(store, 1_000_000)
    store.keep(other, [change(1, "a")])
    assert len(kept(store, other)) == 1
    store.close()
