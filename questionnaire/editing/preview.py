"""How an edited study's pages will look, before anything of it is kept."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import replace
from threading import Lock

from questionnaire import journey
from questionnaire.answers import Answer
from questionnaire.instrument import QuestionKind
from questionnaire.study import Study
from questionnaire.view import View, view

KEPT = 64
"""Previews held at a time; the oldest go first. They hold no answers, so that nothing is lost with them."""

SEED = 1


def preview_pages(study: Study, form: str) -> tuple[str, ...]:
    """Codes of the pages of a form, in one of the orders that respondents may meet."""
    return tuple(page.code for page in journey.shown_pages(study, _progress(study, form, study.languages[0])))


def preview(study: Study, form: str, language: str, page: int) -> View:
    """The page with that index as a respondent of the highest data-use tier sees it, nothing answered.

    Questions that later wording repeats are answered with their first option. An index beyond the last page
    shows the last.
    """
    progress = _progress(study, form, language)
    last = len(journey.shown_pages(study, progress)) - 1
    place = min(max(page, 0), last)
    shown = view(study, replace(progress, page=place, reached=place))
    return shown | {"entries": [entry | {"answer": None} for entry in shown["entries"]]}


def _progress(study: Study, form: str, language: str) -> journey.Progress:
    begun = journey.begin(study, form=form, language=language, seed=SEED)
    asked = journey.consent(study, begun, max(tier.level for tier in study.consent.tiers))
    answers: dict[str, Answer] = {
        question.code: question.options[0].code
        for question in study.questions
        if question.kind is QuestionKind.SINGLE and any(option.pipes for option in question.options)
    }
    return replace(asked, answers=answers)


class Previews:
    """Studies being edited, under addresses that nobody can guess."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._studies: OrderedDict[str, Study] = OrderedDict()

    def put(self, study: Study, key: str = "") -> str:
        """Hold ``study`` under ``key``, or under a new one; the key."""
        key = key or secrets.token_urlsafe(16)
        with self._lock:
            self._studies[key] = study
            self._studies.move_to_end(key)
            while len(self._studies) > KEPT:
                self._studies.popitem(last=False)
        return key

    def get(self, key: str) -> Study | None:
        """The study under ``key``, None when it is not held (any more)."""
        with self._lock:
            return self._studies.get(key)


PREVIEWS = Previews()
"""Those of this process."""
