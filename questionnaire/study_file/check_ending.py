"""What must hold of what comes after the last page."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from questionnaire.study import Study
    from questionnaire.study_file.problems import Collector


def check_ending(study: Study, problems: Collector) -> None:
    """Report a profile without anything to show."""
    if study.profile and not study.dimensions and problems.intact("dimensions", "profile"):
        problems.add("profile", "there is no dimension to show", "List dimensions, or remove profile.")
