"""Edited text kept as a new version of its study."""

from __future__ import annotations

from dataclasses import dataclass

from questionnaire.loading import parse_study
from questionnaire.storage import Storage
from questionnaire.study import Study


class VersionError(ValueError):
    """Text that cannot become a version; the message says why and what to change."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What changes against a version in the store: whether at all, and whether the analysis plan does."""

    content: bool
    plan: bool


def difference(old: Study, new: Study) -> Difference:
    """Compare by hash: comments and layout change nothing."""
    return Difference(old.content_hash != new.content_hash, old.plan_hash != new.plan_hash)


def checked_version(storage: Storage, text: str) -> Study:
    """The study in ``text`` if it may be kept: valid, new, and under a version name not taken yet.

    Raises StudyError for text that is no study and VersionError when the store has another content under
    the same code and version name.
    """
    study = parse_study(text, "edited study")
    for stored in storage.studies():
        if stored.code == study.code and stored.content_hash == study.content_hash:
            raise VersionError(f"nothing has changed: the store has this content as version {stored.version}")
        if stored.code == study.code and stored.version == study.version:
            raise VersionError(
                f"version {study.version!r} of {study.code} is in the store with other content; "
                'give the edited study another name in its line "version:"'
            )
    return study
