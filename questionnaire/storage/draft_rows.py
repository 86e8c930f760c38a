"""Drafts in the SQL store: rows in and out, inside a transaction that is already open."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select

from questionnaire.drafts import Draft, Drafts, decide, living
from questionnaire.journey import Status
from questionnaire.storage.encoding import answer_from_json
from questionnaire.storage.tables import drafts, respondents, submissions

_COLUMNS = [drafts.c[name] for name in Draft.__dataclass_fields__]
_MINE = drafts.c.token == bindparam("token")

# Built once: building a statement anew costs as much as running it, and these run at every answer.
_OF_TOKEN = select(*_COLUMNS).where(_MINE).order_by(drafts.c.sequence)
_ORDER = select(drafts.c.change_id, drafts.c.writer, drafts.c.base_version, drafts.c.page, drafts.c.code)
_ORDER_OF_TOKEN = _ORDER.where(_MINE).order_by(drafts.c.sequence)
_SENT = (
    select(submissions.c.page, func.max(submissions.c.base_version) + 1)
    .where(submissions.c.token == bindparam("token"))
    .group_by(submissions.c.page)
)
_INSERT = insert(drafts)


def keep(connection: Connection, token: str, status: str, offered: Sequence[Draft]) -> tuple[str, ...]:
    """Store what counts of ``offered``; ids of the rest. The respondent's row must be locked."""
    # What was answered takes no part in the order of changes, and reading it is what costs.
    rows = connection.execute(_ORDER_OF_TOKEN, {"token": token})
    stored = [Draft(change, "", writer, base, page, code, None) for change, writer, base, page, code in rows]
    taken, stale = decide(offered, stored, _sent(connection, token))
    if status != Status.ASKING.value:
        return (*stale, *(draft.change_id for draft in taken))
    new = [
        _values(token, replace(draft, sequence=number))
        for number, draft in enumerate(taken, start=len(stored) + 1)
    ]
    if new:
        connection.execute(_INSERT, new)
    return stale


def counting(connection: Connection, token: str) -> Drafts:
    """The drafts made since their page was last sent."""
    sent = _sent(connection, token)
    found = connection.execute(_OF_TOKEN, {"token": token})
    return Drafts(living((_draft(row) for row in found), sent), sent)


def by_token(connection: Connection, content_hash: str | None) -> dict[str, tuple[Draft, ...]]:
    """Every draft (of one study version), by respondent and in order."""
    query = select(drafts.c.token, *_COLUMNS).order_by(drafts.c.token, drafts.c.sequence)
    if content_hash is not None:
        query = query.join(respondents).where(respondents.c.study_hash == content_hash)
    found: dict[str, list[Draft]] = {}
    for token, *row in connection.execute(query):
        found.setdefault(token, []).append(_draft(row))
    return {token: tuple(several) for token, several in found.items()}


def _sent(connection: Connection, token: str) -> dict[str, int]:
    """The version that the last sending of each page led to."""
    return {row[0]: row[1] for row in connection.execute(_SENT, {"token": token})}


def _values(token: str, draft: Draft) -> dict[str, object]:
    fields = {name: getattr(draft, name) for name in Draft.__dataclass_fields__}
    return fields | {"token": token, "value": json.dumps(draft.value, ensure_ascii=False, allow_nan=False)}


def _draft(row: Sequence[Any]) -> Draft:
    change, follows, writer, base, page, code, value, *rest = row
    return Draft(change, follows, writer, base, page, code, answer_from_json(value), *rest)
