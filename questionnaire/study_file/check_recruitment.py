"""What must hold of quotas, stop rules and the addresses respondents are sent on to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from questionnaire.admission.quota import cell_faults
from questionnaire.admission.window import WindowError, moment
from questionnaire.panel import OWN, fault, is_parameter

if TYPE_CHECKING:
    from questionnaire.study import Study
    from questionnaire.study_file.problems import Collector

_EXAMPLE = "Write an address such as https://example.org/done?id={PROLIFIC_PID}."


def check_recruitment(study: Study, problems: Collector) -> None:
    """Report cells the study cannot have, times that are none, and addresses no one can be sent to."""
    _quotas(study, problems)
    if problems.intact("stop"):
        try:
            moment(study.stop.at)
        except WindowError:
            mend = "Write 2026-01-31 or 2026-01-31T18:00Z."
            problems.add("stop.at", f'"{study.stop.at}" is not a date or time', mend)
        if study.stop.n < 0:
            problems.add("stop.n", f"{study.stop.n} respondents", "Write at least 1, or remove the key.")
    for name in ("redirect", "screened_out_redirect", "quota_full_redirect"):
        address = getattr(study, name)
        wrong = fault(address) if address else ""
        if wrong and problems.intact(name):
            problems.add(name, wrong, _EXAMPLE)
    for index, name in enumerate(study.panel):
        if not problems.intact(f"panel[{index}]"):
            continue
        if not is_parameter(name):
            mend = "Write its name in the link, such as PROLIFIC_PID."
            problems.add(f"panel[{index}]", f'"{name}" is not a parameter of a link', mend)
        elif name in OWN:
            mend = "Let the panel call it otherwise."
            problems.add(f"panel[{index}]", f'"{name}" is a parameter of the survey itself', mend)


def _quotas(study: Study, problems: Collector) -> None:
    seen: set[str] = set()
    for place, cell in enumerate(study.quotas):
        path = f"quotas[{place}]"
        if cell.name in seen:
            problems.add(f"{path}.name", f'a second cell "{cell.name}"', "Give each its own name.")
        seen.add(cell.name)
        if problems.intact(path, "questions", "waves"):
            for key, what, mend in cell_faults(study, cell):
                problems.add(f"{path}.{key}", what, mend)
