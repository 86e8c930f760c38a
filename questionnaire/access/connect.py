"""From a database URL to its accounts."""

from __future__ import annotations

from questionnaire.access.service import Access


def open_access(url: str) -> Access:
    """The accounts in the database at ``url``, beside its answers; raises as ``storage.connect`` does."""
    from questionnaire.access.store import AccessStore
    from questionnaire.storage.connect import open_engine

    return Access(AccessStore(open_engine(url)))
