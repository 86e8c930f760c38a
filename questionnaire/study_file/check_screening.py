"""What must hold among the rules against careless answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from questionnaire.plan import SCREENING_INDICES, SCREENING_LEVELS
from questionnaire.suggestion import suggestion

if TYPE_CHECKING:
    from questionnaire.study import Study
    from questionnaire.study_file.problems import Collector


def check_screening(study: Study, problems: Collector) -> None:
    """Every rule names an index and a level there are, and no index twice."""
    if not problems.intact("screening"):
        return
    seen: set[str] = set()
    for place, rule in enumerate(study.screening):
        path = f"screening[{place}]"
        if rule.index not in SCREENING_INDICES:
            what = f'"{rule.index}" is not a screening index'
            problems.add(f"{path}.index", what, suggestion(rule.index, SCREENING_INDICES))
        elif rule.index in seen:
            problems.add(f"{path}.index", f'a second rule for "{rule.index}"', "Keep one of them.")
        seen.add(rule.index)
        if rule.level not in SCREENING_LEVELS:
            what = f'"{rule.level}" is not a screening level'
            problems.add(f"{path}.level", what, suggestion(rule.level, SCREENING_LEVELS))
