"""What every column of the answers table means: one entry a variable, for every format that can say it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from questionnaire.answers import PREFER_NOT
from questionnaire.instrument import Question, QuestionKind
from questionnaire.piping import say
from questionnaire.study import Study
from questionnaire.wording import wording

PREFER_NOT_CODE = -9
"""The number that stands for "prefer not to say" where answers are numbers; a user-missing value."""


@dataclass(frozen=True, slots=True)
class Variable:
    """One column.

    ``measure`` is nominal, ordinal or scale. ``values`` are (number, label) pairs; ``codes`` the option
    codes that the numbers stand for, where the table itself holds codes. ``missing`` are numbers that
    mean no substantive answer. ``source`` is where the wording comes from.
    """

    name: str
    label: str
    measure: str
    values: tuple[tuple[int, str], ...] = ()
    codes: tuple[tuple[int, str], ...] = ()
    missing: tuple[int, ...] = ()
    source: str = ""
    reverse: bool = False


def codebook(study: Study, language: str) -> tuple[Variable, ...]:
    """Every item, check and question of the study in ``language``, in file order."""
    return (*_ratings(study, language), *_questions(study, language))


def _ratings(study: Study, language: str) -> Iterator[Variable]:
    first = study.languages[0]
    sources = {construct.code: construct.source for construct in study.constructs}
    for item in study.items.values():
        yield Variable(
            item.code,
            say(item.wording, language, first),
            "ordinal",
            _scale_labels(study, item.scale, language),
            source=sources[item.construct],
            reverse=item.reverse,
        )
    for check in study.checks:
        labels = _scale_labels(study, check.scale, language)
        yield Variable(check.code, say(check.wording, language, first), "ordinal", labels)


def _scale_labels(study: Study, code: str, language: str) -> tuple[tuple[int, str], ...]:
    scale = study.scale(code)
    labels = scale.labels.get(language) or scale.labels[study.languages[0]]
    return tuple(enumerate(labels, start=1))


def _questions(study: Study, language: str) -> Iterator[Variable]:
    for question in study.questions:
        text = say(question.wording, language, study.languages[0])
        match question.kind:
            case QuestionKind.SINGLE:
                yield _single(question, text, language, study.languages[0])
            case QuestionKind.MULTIPLE:
                yield from _multiple(question, text, language, study.languages[0])
            case QuestionKind.NUMBER:
                values = ((PREFER_NOT_CODE, wording(language)["prefer_not"]),) if question.prefer_not else ()
                yield Variable(question.code, text, "scale", values, missing=_missing(question))
            case QuestionKind.TEXT:
                yield Variable(question.code, text, "nominal")


def _single(question: Question, text: str, language: str, first: str) -> Variable:
    options = [(n, o.code, say(o.label, language, first)) for n, o in enumerate(question.options, start=1)]
    if question.prefer_not:
        options.append((PREFER_NOT_CODE, PREFER_NOT, wording(language)["prefer_not"]))
    values = tuple((number, label) for number, _, label in options)
    codes = tuple((number, code) for number, code, _ in options)
    return Variable(question.code, text, "nominal", values, codes, _missing(question))


def _multiple(question: Question, text: str, language: str, first: str) -> Iterator[Variable]:
    """One 0/1 variable an option, named ``question_option``, as statistics programs expect."""
    for option in question.options:
        label = f"{text} – {say(option.label, language, first)}"
        yield Variable(f"{question.code}_{option.code}", label, "nominal", ((0, "0"), (1, "1")))


def _missing(question: Question) -> tuple[int, ...]:
    return (PREFER_NOT_CODE,) if question.prefer_not else ()
