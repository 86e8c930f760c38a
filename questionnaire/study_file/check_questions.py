"""What must hold among questions, checks and the consent tiers that allow them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from questionnaire.instrument import Question, QuestionKind
from questionnaire.study_file.values import CODE
from questionnaire.suggestion import suggestion

if TYPE_CHECKING:
    from questionnaire.study import Study
    from questionnaire.study_file.problems import Collector


def check_questions(study: Study, problems: Collector) -> None:
    """Report every fault in background questions, check items and consent."""
    for question in study.questions:
        _question(question, problems)
    _checks(study, problems)
    _consent(study, problems)


def _question(question: Question, problems: Collector) -> None:
    path = f"questions[{question.code}]"
    choice = question.kind in (QuestionKind.SINGLE, QuestionKind.MULTIPLE)
    if not problems.intact(f"{path}.kind", f"{path}.options"):
        return
    if choice and len(question.options) < 2:
        problems.add(f"{path}.options", f"{len(question.options)} options", "A choice needs at least two.")
    if not choice and question.options:
        problems.add(
            f"{path}.options",
            f"a {question.kind} question has no options",
            "Remove them, or change the kind.",
        )
    known = {option.code for option in question.options}
    for code in question.screen_out:
        if code not in known:
            problems.add(
                f"{path}.screen_out", f'"{code}" is not an option of {question.code}', suggestion(code, known)
            )
    for option in question.options:
        if option.pipes and question.kind is not QuestionKind.SINGLE:
            where = f"{path}.options[{option.code}].pipes"
            problems.add(
                where, "only a single choice can fill a pipe", "Change the kind to single, or remove pipes."
            )
        for name in option.pipes:
            if not CODE.fullmatch(name):
                where = f"{path}.options[{option.code}].pipes.{name}"
                problems.add(where, f'"{name}" is not a valid pipe name', "A pipe name is a plain word.")
    bounded = question.minimum is not None or question.maximum is not None
    if bounded and question.kind is not QuestionKind.NUMBER:
        problems.add(
            path, f"a {question.kind} question has no minimum or maximum", "Remove them, or change the kind."
        )
    low, high = question.minimum, question.maximum
    if low is not None and high is not None and low > high:
        problems.add(f"{path}.minimum", "the minimum is above the maximum", "Exchange the two.")


def _checks(study: Study, problems: Collector) -> None:
    points = {scale.code: scale.points for scale in study.scales}
    for check in study.checks:
        path = f"checks[{check.code}]"
        if check.scale not in points:
            if check.scale and problems.intact("scales"):
                what = f'the scale "{check.scale}" is not defined'
                problems.add(f"{path}.scale", what, suggestion(check.scale, points))
            continue
        outside = [answer for answer in check.passing if not 1 <= answer <= points[check.scale]]
        if outside:
            what = f"{outside[0]} is not an answer on a scale of {points[check.scale]} points"
            problems.add(f"{path}.passing", what, f"Use 1 to {points[check.scale]}.")
        elif problems.intact(f"{path}.passing") and len(set(check.passing)) in (0, points[check.scale]):
            what = "every answer raises a flag" if not check.passing else "no answer raises a flag"
            problems.add(f"{path}.passing", what, "List the answers of an attentive respondent.")


def _consent(study: Study, problems: Collector) -> None:
    if not problems.intact("consent"):
        return
    levels = [tier.level for tier in study.consent.tiers]
    if levels != list(range(len(levels))) or not levels:
        what = f"the tiers have levels {levels}"
        problems.add("consent.tiers", what, "Number them 0, 1, 2 … in this order; 0 is taking part at all.")
        return
    for question in study.questions:
        if question.consent_level not in levels:
            where = f"questions[{question.code}].consent_level"
            problems.add(
                where, f"there is no consent tier {question.consent_level}", f"Use 0 to {levels[-1]}."
            )
