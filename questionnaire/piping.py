"""Earlier answers inside later wording: ``{platform}`` becomes the platform that was chosen."""

from __future__ import annotations

import re
from collections.abc import Mapping

from questionnaire.answers import Answer
from questionnaire.instrument import Option, Text
from questionnaire.study import Study

PIPE = re.compile(r"\{(\w+)\}")


def say(text: Text, language: str, fallback: str) -> str:
    """The string in ``language``, else in the study's first language, else empty."""
    return text.get(language) or text.get(fallback, "")


def pipes(study: Study, answers: Mapping[str, Answer], language: str) -> dict[str, str]:
    """What each pipe stands for after these answers, in ``language``.

    An option with free text stands for what was typed, wherever it has no wording of its own.
    """
    found: dict[str, str] = {}
    for question in study.questions:
        names = {name for option in question.options for name in option.pipes}
        chosen = next((o for o in question.options if o.code == answers.get(question.code)), None)
        if chosen is None or not names:
            continue
        typed = answers.get(f"{question.code}_text")
        for name in names:
            found[name] = _meaning(chosen, name, typed, language, study.languages[0])
    return {name: _fill(value, found) for name, value in found.items()}


def fill(text: Text, language: str, fallback: str, values: Mapping[str, str]) -> str:
    """The string in ``language`` with every known pipe replaced."""
    return _fill(say(text, language, fallback), values)


def _meaning(option: Option, name: str, typed: Answer | None, language: str, fallback: str) -> str:
    if name in option.pipes:
        return say(option.pipes[name], language, fallback)
    return typed if isinstance(typed, str) else say(option.label, language, fallback)


def _fill(text: str, values: Mapping[str, str]) -> str:
    """Replace pipes until none is left; a study file without cycles needs at most one pass per pipe."""
    for _ in range(len(values) + 1):
        filled = PIPE.sub(lambda match: values.get(match[1], match[0]), text)
        if filled == text:
            break
        text = filled
    return text
