"""What fielding adds to a respondent's step, inside that step's own transaction."""

from __future__ import annotations

from sqlalchemy import Connection, RowMapping, delete, func, insert, select, update

from questionnaire.admission.quota import Claim
from questionnaire.storage.field_sql import lock_study
from questionnaire.storage.field_tables import contacts, invitations, places
from questionnaire.storage.interface import UnknownTokenError


def lock_invitation(connection: Connection, token_hash: str) -> RowMapping:
    """The invitation, locked against everyone else who uses it now; UnknownTokenError for none."""
    query = select(invitations).where(invitations.c.token_hash == token_hash).with_for_update()
    row = connection.execute(query).mappings().first()
    if row is None:
        raise UnknownTokenError(token_hash)
    return row


def use_invitation(connection: Connection, token_hash: str, token: str, at: str) -> None:
    """The invitation leads to this respondent from now on."""
    change = update(invitations).where(invitations.c.token_hash == token_hash)
    connection.execute(change.values(token=token, used_at=at))


def take_places(connection: Connection, token: str, claim: Claim) -> bool:
    """Take or keep a place in every cell claimed and give back all others; False when one is full.

    Nothing is kept of a claim that fails: every place of this respondent is free again.
    """
    mine = (places.c.study_code == claim.study_code) & (places.c.token == token)
    if claim.cells:
        lock_study(connection, claim.study_code)
    held = set(connection.execute(select(places.c.name).where(mine)).scalars())
    # Deleted first, so that the count below is of everyone else.
    if held:
        connection.execute(delete(places).where(mine))
    live = places.c.finished | (places.c.touched_at >= claim.cutoff)
    for cell in claim.cells:
        of_cell = (places.c.study_code == claim.study_code) & (places.c.name == cell.name) & live
        taken = connection.execute(select(func.count()).select_from(places).where(of_cell)).scalar_one()
        if taken >= cell.target:
            return False
    rows = [
        {
            "study_code": claim.study_code,
            "name": cell.name,
            "token": token,
            "touched_at": claim.at,
            "finished": claim.finished,
        }
        for cell in claim.cells
    ]
    if rows:
        connection.execute(insert(places), rows)
    return True


def forget(connection: Connection, token: str) -> None:
    """Who withdraws leaves no place taken and no contact data."""
    connection.execute(delete(places).where(places.c.token == token))
    used = select(invitations.c.contact).where(invitations.c.token == token)
    of_person = contacts.c.contact.in_(used.where(invitations.c.contact.is_not(None)))
    connection.execute(delete(contacts).where(of_person))
