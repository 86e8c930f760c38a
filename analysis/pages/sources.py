"""Where answers come from, as small values that a worker process can be handed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import pandas as pd

    from questionnaire.study import Study

DEMO = Path(__file__).parents[2] / "data" / "demo"


@dataclass(frozen=True, slots=True)
class Live:
    """The finished answers of this version of the study in the store."""

    database: str

    def table(self, study: Study) -> pd.DataFrame:
        """Read from the store now."""
        from questionnaire.exchange.table import answers_table, completed
        from questionnaire.storage import connect

        storage = connect(self.database)
        try:
            return answers_table(study, completed(storage.respondents(study.content_hash)))
        finally:
            storage.close()

    def registered_plan(self, study: Study) -> str | None:
        """The plan's hash as stored when fielding opened, None where it never was."""
        from questionnaire.fielding.desk import plan_at_opening
        from questionnaire.storage import connect

        storage = connect(self.database)
        try:
            return plan_at_opening(storage, study.code)
        finally:
            storage.close()


STEP = 10
"""Results for viewers move on after so many more have finished: between two looks that differ by one
respondent, that respondent's answers could be worked out."""


@dataclass(frozen=True, slots=True)
class LiveGroups(Live):
    """The same, for who sees results about groups only: the first finished respondents in whole tens."""

    def table(self, study: Study) -> pd.DataFrame:
        """Read from the store now."""
        from questionnaire.exchange.table import answers_table, completed
        from questionnaire.storage import connect

        storage = connect(self.database)
        try:
            finished = completed(storage.respondents(study.content_hash))
        finally:
            storage.close()
        finished.sort(key=lambda stored: (stored.finished_at, stored.respondent))
        return answers_table(study, finished[: in_steps(len(finished))])


def in_steps(finished: int) -> int:
    """How many of so many finished respondents results for viewers are about."""
    return finished // STEP * STEP


@dataclass(frozen=True, slots=True)
class InFile:
    """An answers table that lies in a file, such as the synthetic demo answers."""

    path: Path

    def table(self, study: Study) -> pd.DataFrame:
        """Read the file."""
        from analysis.preparation.answers import read_answers

        return read_answers(self.path)

    def registered_plan(self, study: Study) -> None:
        """A file does not say which plan its answers were given under."""


@dataclass(frozen=True, slots=True, eq=False)
class Uploaded:
    """An imported table."""

    frame: pd.DataFrame

    def table(self, study: Study) -> pd.DataFrame:
        """The table as it was imported."""
        return self.frame

    def registered_plan(self, study: Study) -> None:
        """A file does not say which plan its answers were given under."""


Source: TypeAlias = Live | InFile | Uploaded


def demo_answers(study_code: str) -> Path | None:
    """The synthetic answers that come with the product for this study, if there are any."""
    path = DEMO / f"{study_code}.csv"
    return path if path.is_file() else None
