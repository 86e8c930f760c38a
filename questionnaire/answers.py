"""What counts as an answer to each kind of element."""

from __future__ import annotations

import math
from dataclasses import dataclass

from questionnaire.instrument import Question, QuestionKind
from questionnaire.study import Study

Answer = int | float | str | tuple[str, ...]
"""A rating (1…points), a number, an option code or free text, or several option codes."""

PREFER_NOT = "prefer_not"
"""The option code of "prefer not to say", offered by every question that allows it."""

TEXT_MAX = 2_000
"""Longest free text taken, in characters: a long paragraph, and a bound on what one answer can store."""


@dataclass(frozen=True, slots=True)
class AnswerProblem:
    """Why the answer to ``code`` is not taken: a key of the interface's wording."""

    code: str
    reason: str


def is_blank(value: object) -> bool:
    """Whether nothing was answered."""
    return value is None or (isinstance(value, str) and not value.strip()) or value in ((), [])


def check_answer(
    study: Study, code: str, value: object, text: object, *, skip_unanswered: bool
) -> AnswerProblem | None:
    """The problem with ``value`` as an answer to ``code``, or None.

    ``text`` is what was typed beside an option that takes free text.
    """
    question = next((q for q in study.questions if q.code == code), None)
    if question is None:
        if is_blank(value):
            return None if skip_unanswered else AnswerProblem(code, "unanswered")
        reason = _rating_problem(study, code, value)
    elif is_blank(value):
        return AnswerProblem(code, "required") if question.required else None
    else:
        reason = _question_problem(question, value, text)
    return AnswerProblem(code, reason) if reason else None


def _rating_problem(study: Study, code: str, value: object) -> str:
    scale = study.items[code].scale if code in study.items else study.check(code).scale
    points = study.scale(scale).points
    whole = isinstance(value, int) and not isinstance(value, bool)
    return "" if whole and 1 <= value <= points else "not_on_scale"  # type: ignore[operator]


def _question_problem(question: Question, value: object, text: object) -> str:
    if question.prefer_not and value == PREFER_NOT:
        return ""
    if text is not None and (not isinstance(text, str) or len(text) > TEXT_MAX):
        return "too_long"
    match question.kind:
        case QuestionKind.SINGLE:
            return _choice_problem(question, (value,))
        case QuestionKind.MULTIPLE:
            return _choice_problem(question, value) if isinstance(value, tuple) else "not_an_option"
        case QuestionKind.NUMBER:
            return _number_problem(question, value)
        case QuestionKind.TEXT:
            return "" if isinstance(value, str) and len(value) <= TEXT_MAX else "too_long"


def _choice_problem(question: Question, chosen: tuple[object, ...]) -> str:
    options = {option.code: option for option in question.options}
    if any(not isinstance(code, str) or code not in options for code in chosen):
        return "not_an_option"
    if len(set(chosen)) < len(chosen):
        return "not_an_option"
    alone = any(options[code].exclusive for code in chosen if isinstance(code, str))
    return "exclusive" if alone and len(chosen) > 1 else ""


def _number_problem(question: Question, value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return "not_a_number"
    low = question.minimum is not None and value < question.minimum
    high = question.maximum is not None and value > question.maximum
    return "out_of_range" if low or high else ""
