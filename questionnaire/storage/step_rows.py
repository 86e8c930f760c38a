"""Steps in the SQL store: rows in and out."""

from __future__ import annotations

import json

from sqlalchemy import RowMapping

from questionnaire.storage.encoding import to_text
from questionnaire.storage.interface import Submission


def step_values(token: str, submission: Submission) -> dict[str, object]:
    """The row of a step."""
    return {
        "token": token,
        "submit_id": submission.submit_id,
        "base_version": submission.base_version,
        "page": submission.page,
        "answers": to_text(submission.answers),
        "timings": to_text(submission.timings),
        "received_at": submission.received_at,
    }


def submission_of(row: RowMapping) -> Submission:
    """The step in a row."""
    return Submission(
        row["submit_id"],
        row["base_version"],
        row["page"],
        json.loads(row["answers"]),
        json.loads(row["timings"]),
        row["received_at"],
    )
