"""Contact data: sealed in the store, opened with the right key only, never among answers."""

import csv
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from questionnaire.fielding.contacts import KEY, ContactError, Safe, read_contacts

TEA = str(Path(__file__).parents[2] / "data/studies/tea_breaks.yaml")
OLD, NEW = (Fernet.generate_key().decode() for _ in range(2))


def test_only_the_right_key_opens():
    sealed = Safe(OLD).seal({"mail": "li@example.org", "name": "李"})
    assert "example" not in sealed
    assert (
        Safe(OLD).open(sealed)
        == Safe(f"{NEW}, {OLD}").open(sealed)
        == {"mail": "li@example.org", "name": "李"}
    )
    with pytest.raises(ContactError, match="no key"):
        Safe(NEW).open(sealed)
    with pytest.raises(ContactError):
        Safe(OLD).open(f"{sealed[:-4]}AAAA")


def test_a_new_key_takes_over():
    renewed = Safe(f"{NEW},{OLD}").reseal(Safe(OLD).seal({"mail": "a"}))
    assert Safe(NEW).open(renewed) == {"mail": "a"}


@pytest.mark.parametrize(
    "keys", ["", " , ", "short", f"{OLD},x"], ids=["none", "blank", "short", "one real, one not"]
)
def test_no_key_and_no_real_key_are_said(keys):
    with pytest.raises(ContactError, match="generate_key"):
        Safe(keys)


@pytest.mark.parametrize("text", ["", "mail\n", "mail,name\na\n", "mail\na,b\n", "number\n1\n"])
def test_files_that_hold_no_contacts(text, tmp_path):
    path = tmp_path / "c.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ContactError, match=r"c\.csv"):
        read_contacts(path.read_bytes(), path.name)


def table(path):
    return list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))


def test_people_are_invited_reminded_and_kept_out_of_the_database_file(field, tmp_path, monkeypatch):
    people = tmp_path / "people.csv"
    people.write_text("mail,name\nli@example.org,李\n=evil@example.org,=1+1\n", encoding="utf-8")
    links, remind = tmp_path / "links.csv", tmp_path / "remind.csv"
    monkeypatch.delenv(KEY, raising=False)
    assert "SYNERGY_KEY" in field("invite", "--contacts", str(people), "--to", str(links), code=1)
    assert not links.exists()
    monkeypatch.setenv(KEY, OLD)
    field("invite", "--contacts", str(people), "--to", str(links))
    assert [row["mail"] for row in table(links)] == ["li@example.org", "'=evil@example.org"]
    field("remind", "--with-contacts", "--to", str(remind))
    assert [(row["number"], row["name"]) for row in table(remind)] == [("1", "李"), ("2", "'=1+1")]
    stored = b"".join(file.read_bytes() for file in tmp_path.glob("a.sqlite*"))
    assert b"example.org" not in stored
    monkeypatch.setenv(KEY, f"{NEW},{OLD}")
    assert "2 contacts" in field("rekey")
    monkeypatch.setenv(KEY, NEW)
    field("remind", "--with-contacts", "--to", str(remind))
    assert table(remind)[0]["mail"] == "li@example.org"
