"""A backup restored into an empty store holds everything, on whichever database, or nothing is restored."""

import gzip
import hashlib
import json
import threading

import pytest
from small_study import LATER_VERSION, STUDY, stored_study
from sqlalchemy import MetaData, create_engine, select
from test_field_contract import DOUYIN, NOW, WINDOW, choose, draft, enter
from test_storage_contract import add, answer_opening, finish

from questionnaire.ledger import first_broken
from questionnaire.storage import connect
from questionnaire.storage.backup import TRANSIENT, BackupError, backup, restore
from questionnaire.storage.connect import open_engine
from questionnaire.storage.migrations import MIGRATIONS


def fill(url):
    store = connect(url)
    for study in (STUDY, LATER_VERSION):
        store.add_study(stored_study(study))
    tokens = [add(store, seed) for seed in range(6)]
    for number, token in enumerate(tokens[:3]):
        answer_opening(store, token, "step-0001", text="微博 ' \" \\ \n")
        finish(store, tokens[number])
    store.withdraw(tokens[0], NOW)
    store.field.put_window(WINDOW)
    store.field.invite([draft(1, person="p1"), draft(2, contact="c1")])
    enter(store, f"{1:064d}")
    store.field.put_cell(STUDY.code, DOUYIN)
    choose(store, tokens[4])
    store.field.put_contact(STUDY.code, "c1", "sealed")
    return store


def rows(url):
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    there = MetaData()
    there.reflect(engine)
    kept = [t for t in there.sorted_tables if t.name not in TRANSIENT and t.name != "migrations"]
    with engine.connect() as connection:
        found = {
            table.name: [
                dict(row) for row in connection.execute(select(table).order_by(*table.primary_key)).mappings()
            ]
            for table in kept
        }
    engine.dispose()
    return found


def test_everything_comes_back(durable_url, other_url, tmp_path):
    store = fill(durable_url)
    file = tmp_path / "all.jsonl.gz"
    counts = backup(durable_url, file)
    assert file.stat().st_mode & 0o077 == 0
    assert restore(file, other_url) == counts
    before, after = rows(durable_url), rows(other_url)
    assert before == after
    assert all(before[name] for name in ("respondents", "submissions", "ledger", "windows", "invitations"))
    again = connect(other_url)
    assert again.respondents() == store.respondents()
    assert first_broken(again.ledger(STUDY.code)) is None
    # Counting goes on after the numbers that were restored.
    assert again.load(add(again, seed=99)).progress.version == 1
    finish(again, again.respondents()[-1].token)
    assert [link.sequence for link in again.ledger(STUDY.code)] == [1, 2, 3, 4]
    store.close()
    again.close()


def test_a_backup_beside_writers_is_of_one_moment(durable_url, empty_url, tmp_path):
    store = fill(durable_url)
    stop = threading.Event()

    def write():
        number = 1000
        while not stop.is_set():
            number += 1
            finish(store, add(store, number), f"finish-{number}")

    writer = threading.Thread(target=write)
    writer.start()
    for number in range(5):
        backup(durable_url, tmp_path / f"{number}.gz")
    stop.set()
    writer.join()
    restore(tmp_path / "4.gz", empty_url)
    again = connect(empty_url)
    sealed = [one for one in again.respondents() if one.receipt]
    # One of the six who finished first has withdrawn and left a link without a receipt.
    assert len(again.ledger(STUDY.code)) == len(sealed) + 1
    assert first_broken(again.ledger(STUDY.code)) is None
    again.close()
    store.close()


@pytest.fixture
def empty_url(database):
    return database("sqlite", "empty")


def test_only_an_empty_store_is_restored_into(durable_url, tmp_path):
    fill(durable_url).close()
    backup(durable_url, tmp_path / "a.gz")
    before = rows(durable_url)
    with pytest.raises(BackupError, match="empty"):
        restore(tmp_path / "a.gz", durable_url)
    assert rows(durable_url) == before
    with pytest.raises(BackupError, match="already"):
        backup(durable_url, tmp_path / "a.gz")


def damaged(lines, how):
    match how:
        case "cut":
            return lines[:-3]
        case "changed":
            return [line.replace("微博", "抖音") for line in lines]
        case "removed":
            return lines[:3] + lines[4:]
        case "newer":
            return [json.dumps({"format": "synergy backup 1", "migration": len(MIGRATIONS) + 1}), *lines[1:]]
        case "another":
            return ["{}", *lines[1:]]
        case "added":
            return [*lines, lines[2]]
        case "table":
            return [lines[0], json.dumps(["nowhere", {}]), *lines[1:]]


@pytest.mark.parametrize("how", ["cut", "changed", "removed", "newer", "another", "added", "table"])
def test_a_damaged_file_restores_nothing(how, empty_url, tmp_path):
    url = f"sqlite:///{tmp_path}/a.sqlite"
    fill(url).close()
    backup(url, tmp_path / "a.gz")
    lines = gzip.decompress((tmp_path / "a.gz").read_bytes()).decode().splitlines()
    with gzip.open(tmp_path / "b.gz", "wt", encoding="utf-8") as file:
        file.write("\n".join(damaged(lines, how)))
    with pytest.raises(BackupError):
        restore(tmp_path / "b.gz", empty_url)
    store = connect(empty_url)
    assert store.studies() == ()
    store.close()


def test_half_a_file_and_no_file_are_refused(empty_url, tmp_path):
    url = f"sqlite:///{tmp_path}/a.sqlite"
    fill(url).close()
    backup(url, tmp_path / "a.gz")
    whole = (tmp_path / "a.gz").read_bytes()
    (tmp_path / "b.gz").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "c.gz").write_text("not a backup")
    for name in ("b.gz", "c.gz"):
        with pytest.raises(BackupError):
            restore(tmp_path / name, empty_url)
    with pytest.raises(BackupError, match="memory"):
        backup("memory:", tmp_path / "d.gz")


def test_a_backup_of_an_older_store_is_brought_up_to_date(tmp_path, empty_url):
    url = f"sqlite:///{tmp_path}/a.sqlite"
    fill(url).close()
    backup(url, tmp_path / "a.gz")
    lines = gzip.decompress((tmp_path / "a.gz").read_bytes()).decode().splitlines()
    older = len(MIGRATIONS) - 1
    # What the newest migration added is unknown to this test, so it keeps the studies alone.
    rows_kept = [line for line in lines[1:-1] if json.loads(line)[0] == "studies"]
    restore(written_at(older, rows_kept, tmp_path), empty_url)
    store = connect(empty_url)
    assert {study.content_hash for study in store.studies()} == {
        STUDY.content_hash,
        LATER_VERSION.content_hash,
    }
    store.field.put_window(WINDOW)
    store.close()


def written_at(number, kept, folder):
    engine = open_engine(f"sqlite:///{folder}/older.sqlite", number)
    there = MetaData()
    there.reflect(engine)
    engine.dispose()
    nothing = [0, hashlib.sha256().hexdigest()]
    end = {t.name: nothing for t in there.sorted_tables if t.name not in TRANSIENT and t.name != "migrations"}
    end["studies"] = [len(kept), hashlib.sha256("".join(kept).encode()).hexdigest()]
    head = json.dumps({"format": "synergy backup 1", "migration": number})
    path = folder / "older.gz"
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.write("\n".join([head, *kept, json.dumps({"end": end})]))
    return path
