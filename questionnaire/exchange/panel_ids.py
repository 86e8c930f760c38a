"""Ids of a panel's members: what the panel is told, and what stands beside answers."""

from __future__ import annotations

from questionnaire.admission.invitations import rows_csv
from questionnaire.fielding.desk import RECONTACT_TIER
from questionnaire.journey import Progress
from questionnaire.storage import Storage

PREFIX = "panel_"


def panel_columns(progress: Progress) -> dict[str, str]:
    """``panel_<parameter>`` of someone who may be known beside their answers; nobody below re-contact."""
    if (progress.consent_level or 0) < RECONTACT_TIER:
        return {}
    return {f"{PREFIX}{name}": value for name, value in progress.panel.items()}


def panel_csv(storage: Storage, study_code: str) -> tuple[str, int]:
    """Who came with a panel's ids and how it ended, as CSV, and how many.

    The panel has to know whom to pay whatever they agreed to, so everyone is there; and nothing that would
    lead from the id to the answers: no pseudonym, no time, in the order of the ids.
    """
    hashes = {version.content_hash for version in storage.studies() if version.code == study_code}
    people = [one.progress for one in storage.respondents() if one.progress.study_hash in hashes]
    panel = [progress for progress in people if progress.panel]
    names = sorted({name for progress in panel for name in progress.panel})
    rows = sorted(
        (*(progress.panel.get(name, "") for name in names), progress.wave, progress.status.value)
        for progress in panel
    )
    return rows_csv((*names, "wave", "status"), rows), len(rows)
