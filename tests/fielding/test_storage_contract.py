"""One suite that every store must pass: memory, SQLite and a real PostgreSQL server."""

import threading
import uuid
from dataclasses import asdict, replace

import pytest
from small_study import LATER_VERSION, STUDY, stored_study
from sqlalchemy import create_engine, inspect, text

from questionnaire import journey
from questionnaire.drafts import Draft
from questionnaire.journey import Status
from questionnaire.ledger import commitment, first_broken, new_seal
from questionnaire.storage import (
    StaleVersionError,
    StorageUnavailableError,
    Stored,
    Submission,
    UnknownStudyError,
    UnknownTokenError,
    connect,
    migrations,
    tables,
)
from questionnaire.storage.encoding import progress_to_text

NOW, LATER = "2026-01-01T00:00:00.000Z", "2026-01-01T00:01:00.000Z"


@pytest.fixture
def store(url):
    opened = connect(url)
    for study in (STUDY, LATER_VERSION):
        opened.add_study(stored_study(study))
    yield opened
    opened.close()


def newcomer(seed=1, study=STUDY):
    start = journey.begin(study, form="long", language="zh-CN", seed=seed, wave="w1")
    return journey.consent(study, start, 1)


def add(store, seed=1, study=STUDY, submit_id=None):
    token = uuid.uuid4().hex
    progress = newcomer(seed, study)
    step = Submission(submit_id or uuid.uuid4().hex, 0, "consent", received_at=NOW)
    return store.start(Stored(token, f"r{token}", progress, NOW, NOW), step).token


def answer_opening(store, token, submit_id, base_version=1, text="微博"):
    answers = {"adult": "yes", "platform": "other", "platform_text": text, "forms": ("live", "goods")}
    before = store.load(token).progress
    after = journey.submit(STUDY, replace(before, page=0, reached=0), 0, answers)
    return store.submit(
        token, Submission(submit_id, base_version, "opening", answers, {"shown": 3.5}, LATER), after
    )


def test_what_goes_in_comes_out_the_same(store):
    token = add(store)
    answer_opening(store, token, "step-0001")
    stored = store.load(token)
    assert stored.progress.answers["platform_text"] == "微博"
    assert stored.progress.answers["forms"] == ("live", "goods")
    assert stored.progress.route == newcomer().route
    assert (stored.started_at, stored.updated_at, stored.finished_at) == (NOW, LATER, "")
    (respondent,) = store.respondents(STUDY.content_hash)
    assert [step.page for step in respondent.submissions] == ["consent", "opening"]
    assert respondent.submissions[1].timings == {"shown": 3.5}


def test_a_retry_is_acknowledged_and_stored_once(store):
    token = add(store)
    first = answer_opening(store, token, "step-0001")
    again = answer_opening(store, token, "step-0001")
    assert (first.version, first.repeated) == (again.version, False) == (2, False)
    assert again.repeated
    assert len(store.respondents()[0].submissions) == 2
    assert store.repeated(token, "step-0001") == again
    assert store.repeated(token, "step-9999") is None


def test_a_stale_tab_cannot_overwrite(store):
    token = add(store)
    answer_opening(store, token, "step-0001", text="first")
    with pytest.raises(StaleVersionError) as caught:
        answer_opening(store, token, "step-0002", text="stale")
    assert caught.value.current == 2
    assert store.load(token).progress.answers["platform_text"] == "first"


def change(number, value, follows="", writer="writer-one", base_version=1, code="platform"):
    return Draft(
        f"change-{number:04d}", follows, writer, base_version, "opening", code, value, 2.5, 1, 0, NOW
    )


def kept(store, token):
    return {code: draft.value for code, draft in store.drafts(token).latest("opening").items()}


def test_answers_are_kept_before_their_page_is_sent(store):
    token = add(store)
    assert store.keep(token, [change(1, "douyin"), change(2, ("live", "goods"), code="forms")]) == ()
    assert store.keep(token, [change(3, None)]) == ()
    assert kept(store, token) == {"platform": None, "forms": ("live", "goods")}
    assert store.load(token).progress.answers == {}
    (respondent,) = store.respondents(STUDY.content_hash)
    assert [draft.sequence for draft in respondent.drafts] == [1, 2, 3]
    assert respondent.drafts[0] == replace(change(1, "douyin"), sequence=1)


def test_a_change_sent_again_is_stored_once(store):
    token = add(store)
    for _ in range(2):
        assert store.keep(token, [change(1, "douyin"), change(2, "other")]) == ()
    assert len(store.respondents()[0].drafts) == 2
    assert kept(store, token) == {"platform": "other"}


OVERTAKEN = {
    "another tab that has seen nothing": (change(2, "other", writer="writer-two"), True),
    "another tab that has seen the last": (change(2, "other", "change-0001", "writer-two"), False),
    "another answer": (change(2, "yes", writer="writer-two", code="adult"), False),
    "the same tab": (change(2, "other"), False),
}


@pytest.mark.parametrize(("second", "late"), OVERTAKEN.values(), ids=OVERTAKEN)
def test_a_stale_change_overwrites_nothing(store, second, late):
    token = add(store)
    store.keep(token, [change(1, "douyin")])
    assert store.keep(token, [second]) == ((second.change_id,) if late else ())
    assert kept(store, token)["platform"] == ("douyin" if late or second.code == "adult" else "other")


def test_changes_end_when_their_page_is_sent(store):
    token = add(store)
    store.keep(token, [change(1, "douyin")])
    answer_opening(store, token, "step-0001")
    assert kept(store, token) == {}
    assert store.keep(token, [change(2, "douyin")]) == ("change-0002",)
    assert store.keep(token, [change(3, "douyin", base_version=2)]) == ()
    assert kept(store, token) == {"platform": "douyin"}


def test_of_racing_changes_from_one_state_exactly_one_counts(store):
    token = add(store)
    offered = [change(number, f"option-{number}", writer=f"writer-{number:03d}") for number in range(1, 21)]
    late = []
    threads = [
        threading.Thread(target=lambda one=one: late.extend(store.keep(token, [one]))) for one in offered
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (stored,) = store.respondents()[0].drafts
    assert {stored.change_id, *late} == {one.change_id for one in offered}


def test_nothing_is_kept_of_one_who_is_not_asked(store):
    token = add(store)
    store.keep(token, [change(1, "douyin")])
    store.withdraw(token, LATER)
    assert store.keep(token, [change(2, "other", base_version=9)]) == ("change-0002",)
    assert store.respondents()[0].drafts == ()
    with pytest.raises(UnknownTokenError):
        store.keep("nobody", [change(3, "other")])


def test_a_code_leads_to_one_respondent_until_replaced_or_withdrawn(store):
    token, other = add(store), add(store, seed=2)
    for digest in ("a" * 64, "b" * 64):
        store.set_code(token, digest)
    store.set_code(other, "c" * 64)
    assert (store.by_code("b" * 64), store.by_code("c" * 64)) == (token, other)
    store.withdraw(token, LATER)
    for digest in ("a" * 64, "b" * 64, ""):
        with pytest.raises(UnknownTokenError):
            store.by_code(digest)
    with pytest.raises(UnknownTokenError):
        store.set_code("nobody", "d" * 64)


def test_starting_twice_with_one_id_makes_one_respondent(store):
    assert add(store, submit_id="start-01") == add(store, seed=2, submit_id="start-01")
    assert len(store.respondents()) == 1


def test_unknown_tokens_and_studies_are_said(store):
    with pytest.raises(UnknownTokenError):
        store.load("nobody")
    with pytest.raises(UnknownTokenError):
        store.submit("nobody", Submission("step-0001", 0, "x"), newcomer())
    with pytest.raises(UnknownStudyError):
        store.study("f" * 64)


def test_a_study_version_is_kept_once_and_as_it_was(store):
    store.add_study(replace(stored_study(STUDY), text="changed"))
    assert store.study(STUDY.content_hash).text == "code: 小"
    assert {study.version for study in store.studies()} == {"1", "2"}


def test_respondents_come_in_order_and_by_version(store):
    tokens = [add(store, seed) for seed in range(5)]
    other = add(store, study=LATER_VERSION)
    assert [r.token for r in store.respondents(STUDY.content_hash)] == tokens
    assert [r.token for r in store.respondents()] == [*tokens, other]


def test_of_many_racing_steps_exactly_one_is_stored(store):
    token = add(store)
    outcomes = []

    def step(number):
        try:
            outcomes.append(answer_opening(store, token, f"racer-{number:04d}", text=str(number)))
        except StaleVersionError as stale:
            outcomes.append(stale)

    threads = [threading.Thread(target=step, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(not isinstance(outcome, StaleVersionError) for outcome in outcomes) == 1
    assert len(outcomes) == 12
    assert len(store.respondents()[0].submissions) == 2


def finish(store, token, submit_id="finish-1"):
    before = store.load(token).progress
    after = replace(before, status=Status.FINISHED, answers={"AAA1": 3, "forms": ("live",)}, version=2)
    seal = new_seal(after.study_hash, after.answers)
    step = Submission(submit_id, before.version, "closing", after.answers, {}, LATER)
    return store.submit(token, step, after, seal), seal


def test_finishing_joins_the_chain_and_the_receipt_finds_it(store):
    tokens = [add(store, seed) for seed in range(3)]
    seals = [finish(store, token)[1] for token in tokens]
    chain = store.ledger(STUDY.code)
    assert [link.commitment for link in chain] == [seal.commitment for seal in seals]
    assert first_broken(chain) is None
    found = store.by_receipt(seals[1].receipt)
    assert (found.token, found.sequence, found.salt) == (tokens[1], 2, seals[1].salt)
    assert commitment(found.salt, STUDY.content_hash, found.progress.answers) == seals[1].commitment
    assert [step.page for step in found.submissions] == ["consent", "closing"]
    assert store.ledger("another study") == ()


def test_a_repeated_finish_is_sealed_once(store):
    token = add(store)
    _, seal = finish(store, token)
    again, _ = finish(store, token)
    assert again.repeated
    assert len(store.ledger(STUDY.code)) == 1
    assert store.load(token).receipt == seal.receipt


def test_versions_of_one_study_share_one_chain(store):
    finish(store, add(store))
    finish(store, add(store, seed=2, study=LATER_VERSION))
    assert [link.sequence for link in store.ledger(STUDY.code)] == [1, 2]


def test_withdrawing_deletes_what_was_said_and_leaves_the_chain_whole(store):
    tokens = [add(store, seed) for seed in range(3)]
    seals = [finish(store, token)[1] for token in tokens]
    before = store.ledger(STUDY.code)
    store.withdraw(tokens[1], LATER)
    gone = store.respondents()[1]
    assert (gone.progress.status, gone.progress.answers, gone.submissions) == (Status.WITHDRAWN, {}, ())
    assert (gone.receipt, gone.salt, gone.sequence, gone.progress.route) == ("", "", 0, ())
    assert store.ledger(STUDY.code) == before
    with pytest.raises(UnknownTokenError):
        store.by_receipt(seals[1].receipt)
    assert store.by_receipt(seals[2].receipt).token == tokens[2]


@pytest.mark.parametrize("receipt", ["", "NOSUCHRECEIPT"])
def test_no_one_has_an_unknown_receipt(store, receipt):
    add(store)
    with pytest.raises(UnknownTokenError):
        store.by_receipt(receipt)


def test_racing_finishers_make_one_chain_without_gaps(store):
    tokens = [add(store, seed) for seed in range(10)]
    threads = [threading.Thread(target=finish, args=(store, token)) for token in tokens]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    chain = store.ledger(STUDY.code)
    assert len(chain) == len(tokens)
    assert first_broken(chain) is None
    assert sorted(store.load(token).sequence for token in tokens) == list(range(1, 11))


def test_opening_again_finds_everything(durable_url):
    store = connect(durable_url)
    store.add_study(stored_study(STUDY))
    token = add(store)
    store.close()
    again = connect(durable_url)
    assert again.load(token).progress == newcomer()
    again.close()


def test_a_store_of_the_first_version_keeps_its_answers(durable_url, monkeypatch):
    with monkeypatch.context() as older:
        older.setattr(migrations, "MIGRATIONS", migrations.MIGRATIONS[:1])
        connect(durable_url).close()
    engine = create_engine(durable_url.replace("postgresql:", "postgresql+psycopg:"))
    progress = newcomer()
    study = asdict(stored_study(STUDY))
    row = {"token": "t", "start_id": "s", "respondent": "r", "study_hash": STUDY.content_hash}
    row |= {"status": "asking", "version": 1, "progress": progress_to_text(progress)}
    row |= {"started_at": NOW, "updated_at": NOW, "finished_at": ""}
    with engine.begin() as connection:
        for table, values in (("studies", study), ("respondents", row)):
            names = ", ".join(f":{name}" for name in values)
            connection.execute(text(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({names})"), values)
    engine.dispose()
    store = connect(durable_url)
    assert store.load("t").progress == progress
    assert store.load("t").receipt == ""
    store.close()


def test_migrations_lead_to_the_tables_that_are_used(durable_url):
    connect(durable_url).close()
    engine = create_engine(durable_url.replace("postgresql:", "postgresql+psycopg:"))
    there = inspect(engine)
    for table in tables.metadata.sorted_tables:
        found = {column["name"]: column["nullable"] for column in there.get_columns(table.name)}
        assert found == {column.name: bool(column.nullable) for column in table.columns}
    engine.dispose()


def test_a_store_out_of_reach_says_so(tmp_path):
    with pytest.raises(StorageUnavailableError):
        connect("postgresql://nobody@127.0.0.1:1/none")
    (tmp_path / "file").write_text("this is not a database, it only stands where one should be" * 20)
    with pytest.raises(StorageUnavailableError):
        connect(f"sqlite:///{tmp_path}/file")


def test_a_store_that_cannot_be_written_keeps_nothing_of_the_step(tmp_path):
    path = tmp_path / "answers.sqlite"
    store = connect(f"sqlite:///{path}")
    store.add_study(stored_study(STUDY))
    token = add(store)
    with store._engine.connect() as connection:
        # The page limit stands for a full disk: SQLite answers both with "database or disk is full".
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    with pytest.raises(StorageUnavailableError, match="full"):
        fill_up(store, token)
    kept = store.respondents()[0]
    assert len(kept.submissions) == kept.progress.version
    store.close()


def fill_up(store, token):
    for number in range(200):
        answer_opening(store, token, f"step-{number:04d}", base_version=number + 1, text="长" * 2000)


@pytest.mark.parametrize("url", ["mysql://x/y", "nonsense", ""])
def test_a_url_of_another_kind_is_refused(url):
    with pytest.raises(ValueError, match=r"URL|no store"):
        connect(url)
