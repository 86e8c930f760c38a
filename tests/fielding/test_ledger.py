"""The chain of finished answers: whole, or broken at a known place."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaire.ledger import (
    GENESIS,
    RECEIPT_ALPHABET,
    commitment,
    first_broken,
    new_seal,
    next_entry,
    tidy_receipt,
)


def chain(commitments):
    links = []
    for value in commitments:
        links.append(next_entry(links[-1] if links else None, value, "2026-01-01T00:00:00.000Z"))
    return links


@given(st.lists(st.text("0123456789abcdef", min_size=4, max_size=4), max_size=8))
def test_a_chain_as_it_grew_is_whole(commitments):
    links = chain(commitments)
    assert first_broken(links) is None
    assert [link.previous for link in links[:1]] == [GENESIS][: len(links)]


@pytest.mark.parametrize(
    ("tamper", "broken"),
    [
        (lambda links: [links[0], replace(links[1], commitment="x"), links[2]], 2),
        (lambda links: [links[0], links[2]], 2),
        (lambda links: [links[1], links[0], links[2]], 1),
        (lambda links: [replace(links[0], at="earlier"), *links[1:]], 1),
        (lambda links: [*links[:2], replace(links[2], previous="0" * 64)], 3),
        (lambda links: [*links, links[2]], 4),
    ],
)
def test_tampering_is_found_where_it_was_done(tamper, broken):
    assert first_broken(tamper(chain("abc"))) == broken


@given(st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5), max_size=5))
def test_a_commitment_depends_on_salt_version_and_every_answer(answers):
    known = commitment("salt", "version", answers)
    assert known == commitment("salt", "version", dict(reversed(answers.items())))
    others = {
        commitment("other", "version", answers),
        commitment("salt", "other", answers),
        commitment("salt", "version", answers | {"more": 1}),
    }
    assert known not in others
    assert len(others) == 3


def test_receipts_are_read_as_people_write_them():
    receipt = new_seal("v", {}).receipt
    assert set(receipt) <= set(RECEIPT_ALPHABET)
    spaced = f" {receipt[:4].lower()}-{receipt[4:8]} {receipt[8:]}\n"
    assert tidy_receipt(spaced) == receipt
    assert new_seal("v", {}).receipt != receipt
