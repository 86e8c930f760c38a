"""From the table as it came to the rows that can be screened, every step counted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.pipeline.result import FlowStep
from analysis.preparation.answers import Answers, check_answers
from analysis.screening.levels import DESCRIPTIONS, Screened
from questionnaire.study import Study

TRUE_MARKS = frozenset({"true", "1", "1.0", "yes", "synthetic"})


@dataclass(frozen=True, slots=True, eq=False)
class Intake:
    """Rows that can be screened, and how many were set aside for what.

    ``wave`` is the wave analysed, empty where the table names none; ``waves`` all there are; ``everyone`` the
    rows with answers of all waves.
    """

    answers: Answers
    read: int
    unanswered: int
    other_waves: int
    wave: str
    waves: tuple[str, ...]
    repeated: tuple[str, ...]
    synthetic: bool
    everyone: Answers

    def flow(self, level: str, analysed: int, screened: Screened) -> tuple[FlowStep, ...]:
        """The stages from rows read to rows analysed."""
        answered = self.read - self.unanswered
        steps = [
            FlowStep("read", self.read, 0, "rows of the answers table"),
            FlowStep("answered", answered, self.unanswered, "rows without a single answer are set aside"),
        ]
        if self.other_waves:
            note = f"wave {self.wave}; other waves serve models across waves only"
            steps.append(FlowStep("wave", answered - self.other_waves, self.other_waves, note))
        kept = int(screened.kept[level].sum())
        steps.append(FlowStep(f"screened ({level})", kept, len(self.answers) - kept, DESCRIPTIONS[level]))
        steps.append(
            FlowStep("analysed", analysed, kept - analysed, "incomplete rows stay where the method allows")
        )
        return tuple(steps)


def take_in(study: Study, table: pd.DataFrame) -> Intake:
    """Check the table and set aside rows without answers and waves after the first.

    Raises AnswersError for a table that does not fit the study.
    """
    answers = check_answers(study, table)
    read = len(answers)
    answers = answers.take(np.asarray(answers.items.notna().to_numpy().any(axis=1)))
    unanswered = read - len(answers)
    synthetic = _synthetic(answers)
    waves = _waves(study, answers)
    before, everyone = len(answers), answers
    if len(waves) > 1:
        answers = answers.take((answers.context["wave"].astype(str) == waves[0]).to_numpy())
    return Intake(
        answers,
        read,
        unanswered,
        before - len(answers),
        waves[0] if waves else "",
        waves,
        _repeated(answers),
        synthetic,
        everyone,
    )


def _synthetic(answers: Answers) -> bool:
    if "synthetic" not in answers.context:
        return False
    return bool(answers.context["synthetic"].astype(str).str.strip().str.lower().isin(TRUE_MARKS).any())


def _waves(study: Study, answers: Answers) -> tuple[str, ...]:
    """Waves present, in the study's order, then others by name."""
    if "wave" not in answers.context:
        return ()
    present = {str(w) for w in answers.context["wave"].dropna() if str(w).strip()}
    order = {wave.code: place for place, wave in enumerate(study.waves)}
    return tuple(sorted(present, key=lambda code: (order.get(code, len(order)), code)))


def _repeated(answers: Answers) -> tuple[str, ...]:
    if "respondent" not in answers.context:
        return ()
    names = answers.context["respondent"].dropna().astype(str)
    return tuple(names[names.duplicated()].unique())
