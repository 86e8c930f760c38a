"""What is done on the command line stands in the same audit log, under the operating system's user."""

import os
import pwd
from pathlib import Path

import pytest
from access_tools import owner_of
from cryptography.fernet import Fernet

from analysis import cli
from analysis.commands import audited, field
from analysis.planning.simulate import simulate
from questionnaire.access.audit import first_broken
from questionnaire.access.connect import open_access
from questionnaire.access.errors import AccessError
from questionnaire.access.operator import operator
from questionnaire.access.service import tidy_name
from questionnaire.fielding.contacts import KEY
from questionnaire.loading import load_study
from questionnaire.pages import people_words
from questionnaire.storage import StorageUnavailableError
from questionnaire.web.site import open_site

TEA = Path(__file__).parents[2] / "data" / "studies" / "tea_breaks.yaml"


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path}/answers.sqlite"


@pytest.fixture
def log(url):
    """What the log holds beyond the start of the store: who, action, study, detail."""

    def read(database=url):
        access = open_access(database)
        try:
            entries = access.store.entries()
            assert first_broken(entries) is None
            return [(one.action, one.study, one.detail) for one in entries if one.who == operator()]
        finally:
            access.store.close()

    return read


def run(url, *words):
    return cli.main([*map(str, words), "--db", url])


def test_the_operator_is_who_runs_it_and_nobody_with_an_account(monkeypatch):
    monkeypatch.setenv("LOGNAME", "somebody-else")
    monkeypatch.setenv("USER", "somebody-else")
    assert operator() == f"{pwd.getpwuid(os.getuid()).pw_name} (command line)"
    with pytest.raises(AccessError):
        tidy_name(operator())


def test_a_user_without_a_name_has_a_number(monkeypatch):
    def unknown(number):
        raise KeyError(number)

    monkeypatch.setattr(pwd, "getpwuid", unknown)
    assert operator() == f"user {os.getuid()} (command line)"


def test_every_act_leaves_its_entry(url, log, tmp_path, monkeypatch):
    monkeypatch.setenv(KEY, Fernet.generate_key().decode())
    contacts = tmp_path / "people.csv"
    contacts.write_text("email\nann@uni.example\n", "utf-8")
    answers = tmp_path / "given.csv"
    simulate(load_study(TEA), 5, seed=1).drop(columns="synthetic").to_csv(answers, index=False)
    acts = {
        ("field", "open", TEA): ("open study", "tea_breaks", ""),
        ("field", "quota", TEA, "--cell", "all", "--target", "9"): (
            *("set quota", "tea_breaks"),
            "all: 9 of everyone",
        ),
        ("field", "quota", TEA, "--cell", "all", "--target", "0"): (
            *("remove quota", "tea_breaks"),
            "all: 0 of everyone",
        ),
        ("field", "invite", TEA, "--count", "2", "--to", tmp_path / "links.csv"): (
            *("make links", "tea_breaks"),
            "links.csv",
        ),
        ("field", "invite", TEA, "--contacts", contacts, "--to", tmp_path / "more.csv"): (
            *("make links", "tea_breaks"),
            "more.csv with contact data",
        ),
        ("field", "rekey", TEA): ("changed keys", "tea_breaks", ""),
        ("field", "remind", TEA, "--with-contacts", "--to", tmp_path / "whom.csv"): (
            *("export", "tea_breaks"),
            "whom.csv with contact data",
        ),
        ("field", "remind", TEA, "--to", tmp_path / "remind.csv"): ("export", "tea_breaks", "remind.csv"),
        ("import", TEA, answers, "--consent", "0"): ("import", "tea_breaks", "given.csv"),
        ("export", TEA, "--to", tmp_path / "out.csv"): ("export", "tea_breaks", "out.csv"),
        ("export", TEA, "--to", tmp_path / "ids.csv", "--panel-ids"): (
            *("export", "tea_breaks"),
            "ids.csv with ids of the panel",
        ),
        ("field", "panel", TEA, "--to", tmp_path / "panel.csv"): (
            *("export", "tea_breaks"),
            "panel.csv with ids of the panel",
        ),
        ("field", "close", TEA): ("close study", "tea_breaks", "those under way may finish"),
        ("field", "close", TEA, "--now"): ("close study", "tea_breaks", "for everyone"),
        ("backup", "--to", tmp_path / "b.jsonl.gz"): ("backup", "", "b.jsonl.gz"),
    }
    for words, expected in acts.items():
        assert run(url, *words) == 0
        assert log()[-1] == expected
    before = log()
    for words in (("field", "status", TEA), ("check", TEA)):
        cli.main([*map(str, words), *(["--db", url] if words[0] == "field" else [])])
    assert log() == before


def test_a_restore_is_the_last_entry_of_what_it_brought(url, log, tmp_path):
    run(url, "field", "open", TEA)
    assert run(url, "backup", "--to", tmp_path / "b.jsonl.gz") == 0
    other = f"sqlite:///{tmp_path}/other.sqlite"
    assert run(other, "restore", tmp_path / "b.jsonl.gz") == 0
    assert log(other) == [*log(), ("restore", "", "b.jsonl.gz")]
    access = open_access(other)
    owner, _ = owner_of(access)
    assert access.log(owner)[1] is None
    access.store.close()


def test_what_came_to_nothing_says_so(url, log, tmp_path):
    (tmp_path / "bad.csv").write_text("a,b\n1,2\n")
    assert run(url, "import", TEA, tmp_path / "bad.csv") == 1
    assert log()[-2:] == [
        ("import", "tea_breaks", "bad.csv"),
        ("import", "tea_breaks", "bad.csv: came to nothing"),
    ]


def test_without_an_entry_nothing_is_read(url, tmp_path, monkeypatch, capsys):
    def gone(*_):
        raise StorageUnavailableError("the disk is full")

    run(url, "field", "open", TEA)
    monkeypatch.setattr(audited, "_write", gone)
    assert run(url, "export", TEA, "--to", tmp_path / "out.csv") == 1
    assert "the disk is full" in capsys.readouterr().err
    assert not (tmp_path / "out.csv").exists()


def test_serving_a_new_study_is_a_change_and_serving_it_again_is_none(url, log):
    for _ in range(2):
        site = open_site(url, (TEA,), "127.0.0.1")
        site.storage.close()
        site.access.store.close()
    version = site.fieldings["tea_breaks"].study.content_hash[:12]
    assert [(action, study) for action, study, _ in log()] == [
        ("changed study", "tea_breaks"),
        ("open study", "tea_breaks"),
    ]
    assert all(version in detail for _, _, detail in log())


def test_every_act_of_the_field_is_recorded_or_shows_counts_only():
    assert set(field._ACTS) == set(audited.FIELD) | audited.READS_NOTHING


def test_every_action_has_words():
    commands = {*audited.FIELD.values(), "remove quota", "import", "export", "backup", "restore"}
    assert commands <= set(people_words._ACTIONS["zh-CN"])
