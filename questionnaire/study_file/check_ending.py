"""What must hold of what comes after the last page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from questionnaire.panel import fault

if TYPE_CHECKING:
    from questionnaire.study import Study
    from questionnaire.study_file.problems import Collector


def check_ending(study: Study, problems: Collector) -> None:
    """Report an unusable redirect, and a profile without anything to show."""
    wrong = fault(study.redirect) if study.redirect else ""
    if wrong and problems.intact("redirect"):
        mend = "Write an address such as https://example.org/done?id={PROLIFIC_PID}."
        problems.add("redirect", wrong, mend)
    if study.profile and not study.dimensions and problems.intact("dimensions", "profile"):
        problems.add("profile", "there is no dimension to show", "List dimensions, or remove profile.")
