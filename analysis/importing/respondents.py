"""Which rows are respondents, and which of those finished: what tools say of a row beside its answers."""

from __future__ import annotations

import pandas as pd

from analysis.importing.tools import NOT_FINISHED, SPAM, SUBMITTED, TEST_RUNS, Tool
from questionnaire.journey import Status


def respondents(rows: pd.DataFrame, tool: Tool) -> tuple[pd.DataFrame, list[str] | None, tuple[str, ...]]:
    """Rows without the tool's test runs; each row's status where some did not finish; what is to be said."""
    notes = []
    if tool is Tool.QUALTRICS and "Status" in rows:
        status = rows["Status"].astype(str).str.strip().str.casefold()
        test = status.isin(TEST_RUNS)
        if test.any():
            notes.append(f"rows left out as previews or generated tests, not respondents: {int(test.sum())}")
        spam = int(status.isin(SPAM).sum())
        if spam:
            notes.append(f"rows that Qualtrics marks as spam: {spam}; they are kept, see the screening")
        rows = rows[~test].reset_index(drop=True)
    finished = _finished(rows, tool)
    if finished is None or finished.all():
        return rows, None, tuple(notes)
    notes.append(
        f"respondents who did not finish: {int((~finished).sum())}; they are kept, the column status says who"
    )
    told = [(Status.FINISHED if done else Status.ASKING).value for done in finished]
    return rows, told, tuple(notes)


def _finished(rows: pd.DataFrame, tool: Tool) -> pd.Series | None:
    """Who finished, where the tool says so."""
    if tool is Tool.QUALTRICS and "Finished" in rows:
        return ~rows["Finished"].astype(str).str.strip().str.casefold().isin(NOT_FINISHED)
    submitted = next((name for name in SUBMITTED if name in rows), None)
    if tool is Tool.LIMESURVEY and submitted is not None:
        return rows[submitted].astype(str).str.strip() != ""
    return None
