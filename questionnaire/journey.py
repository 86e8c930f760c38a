"""The respondent's way through a study as pure transitions: no clock, no storage, no interface."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from questionnaire.answers import Answer, AnswerProblem, check_answer, is_blank
from questionnaire.instrument import Question
from questionnaire.route import RoutePage, draw_route
from questionnaire.study import Study


class Status(StrEnum):
    """Where a respondent stands."""

    CONSENT = "consent"
    ASKING = "asking"
    SCREENED_OUT = "screened_out"
    QUOTA_FULL = "quota_full"
    FINISHED = "finished"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Progress:
    """Everything that decides what a respondent sees next.

    ``page`` counts the pages still to be shown to this respondent, ``reached`` the furthest one shown,
    ``version`` goes up by one with every accepted step and is what a browser tab must know to write.
    ``panel`` holds the parameters of the first link that the study gives back at the end.
    """

    study_hash: str
    form: str
    language: str
    seed: int
    wave: str = ""
    consent_level: int | None = None
    status: Status = Status.CONSENT
    route: tuple[RoutePage, ...] = ()
    answers: Mapping[str, Answer] = field(default_factory=dict)
    page: int = 0
    reached: int = 0
    version: int = 0
    panel: Mapping[str, str] = field(default_factory=dict)


class JourneyError(Exception):
    """A step that the respondent's state does not allow; ``code`` names it for the interface."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        self.code, self.message = code, message

    def __str__(self) -> str:
        return self.message


class InvalidAnswersError(JourneyError):
    """Answers that cannot be stored as given; ``problems`` says which and why."""

    def __init__(self, problems: tuple[AnswerProblem, ...]) -> None:
        super().__init__("invalid_answers", "; ".join(f"{p.code}: {p.reason}" for p in problems))
        self.args, self.problems = (problems,), problems


def begin(study: Study, *, form: str, language: str, seed: int, wave: str = "") -> Progress:
    """A respondent who has been shown the consent page and has not answered yet."""
    return Progress(study.content_hash, study.form(form).code, known_language(study, language), seed, wave)


def known_language(study: Study, language: str) -> str:
    """``language`` if the study speaks it, else a language with the same primary subtag, else the first."""
    if language in study.languages:
        return language
    primary = language.split("-")[0].lower()
    same = (known for known in study.languages if known.split("-")[0].lower() == primary)
    return next(same, study.languages[0])


def consent(study: Study, progress: Progress, level: int) -> Progress:
    """Agree to take part with the data-use tier ``level`` and draw the route."""
    if progress.status is not Status.CONSENT:
        raise JourneyError("already_consented", "consent has been given before")
    if level not in {tier.level for tier in study.consent.tiers}:
        raise JourneyError("unknown_tier", f"there is no consent tier {level}")
    route = draw_route(study, study.form(progress.form), progress.seed)
    asking = replace(progress, consent_level=level, status=Status.ASKING, route=route)
    return _next_version(asking)


def submit(
    study: Study,
    progress: Progress,
    page: int,
    answers: Mapping[str, object],
    *,
    skip_unanswered: bool = False,
) -> Progress:
    """Store one page's answers and move on.

    ``page`` may be any page reached before. A rating left out asks once (``unanswered``) and may then be
    skipped with ``skip_unanswered``; a required question may not.
    """
    pages = shown_pages(study, progress)
    if progress.status is not Status.ASKING:
        raise JourneyError("not_asking", f"no answers are taken when the status is {progress.status}")
    if not 0 <= page <= progress.reached or page >= len(pages):
        raise JourneyError("page_not_reached", f"page {page} has not been shown yet")
    given = _checked(study, pages[page], answers, skip_unanswered)
    kept = {code: value for code, value in progress.answers.items() if code not in pages[page].elements}
    reached = max(progress.reached, page + 1)
    # Whoever corrects a page during the review comes back to it.
    following = reached if study.review and reached >= len(pages) else page + 1
    moved = replace(progress, answers={**kept, **given}, page=following, reached=reached)
    return _next_version(_settle(study, moved))


def send(study: Study, progress: Progress) -> Progress:
    """Send the answers after the review."""
    if not in_review(study, progress):
        raise JourneyError("not_in_review", "there is a page before the answers can be sent")
    return _next_version(replace(progress, status=Status.FINISHED))


def in_review(study: Study, progress: Progress) -> bool:
    """Whether every page is answered and the answers wait to be sent."""
    asking = progress.status is Status.ASKING
    return asking and study.review and progress.page >= len(shown_pages(study, progress))


def lower_tier(study: Study, progress: Progress, level: int) -> Progress:
    """Take back part of the consent: a lower data-use tier of the study. Answers stay as they were given."""
    current = progress.consent_level
    if level not in {tier.level for tier in study.consent.tiers} or current is None or level > current:
        raise JourneyError("unknown_tier", f"{level} is no tier below the present one")
    lowered = replace(progress, consent_level=level)
    if progress.status is Status.ASKING:
        lowered = _without_withheld_pages(study, progress, lowered)
    return _next_version(lowered)


def _without_withheld_pages(study: Study, before: Progress, lowered: Progress) -> Progress:
    """The same place among fewer pages; taking consent back never sends the answers by itself."""
    pages, left = shown_pages(study, before), shown_pages(study, lowered)
    still = {page.code for page in left}
    last = len(left) if study.review else max(len(left) - 1, 0)

    def place(index: int) -> int:
        return min(sum(page.code in still for page in pages[:index]), last)

    return replace(lowered, page=place(before.page), reached=place(before.reached))


def back(progress: Progress) -> Progress:
    """One page back; answers stay."""
    if progress.status is not Status.ASKING or progress.page == 0:
        raise JourneyError("no_page_before", "there is no page before this one")
    return _next_version(replace(progress, page=progress.page - 1))


def switch_language(study: Study, progress: Progress, language: str) -> Progress:
    """Go on in another language of the study."""
    return _next_version(replace(progress, language=known_language(study, language)))


def withdrawn(progress: Progress) -> Progress:
    """Nothing of what was said, and no more steps; the study version stays for the counts."""
    return Progress(
        progress.study_hash,
        progress.form,
        progress.language,
        seed=0,
        wave=progress.wave,
        status=Status.WITHDRAWN,
        version=progress.version + 1,
    )


def shown_pages(study: Study, progress: Progress) -> tuple[RoutePage, ...]:
    """The route without what this respondent's data-use tier does not allow to ask."""
    level = progress.consent_level or 0
    withheld = {question.code for question in study.questions if question.consent_level > level}
    if not withheld:
        return progress.route
    pages = []
    for page in progress.route:
        elements = tuple(code for code in page.elements if code not in withheld)
        if elements:
            pages.append(page if len(elements) == len(page.elements) else replace(page, elements=elements))
    return tuple(pages)


def check_keeping(study: Study, progress: Progress, page: str, code: str) -> None:
    """Whether an answer to ``code`` may be kept before its page is sent; JourneyError when it may not."""
    if progress.status is not Status.ASKING:
        raise JourneyError("not_asking", f"no answers are taken when the status is {progress.status}")
    shown = shown_pages(study, progress)[: progress.reached + 1]
    if not any(one.code == page and code in _codes_on(one) for one in shown):
        raise JourneyError("not_on_page", f"{code!r} is not asked on a page {page!r} shown before")


def _checked(
    study: Study, page: RoutePage, answers: Mapping[str, object], skip_unanswered: bool
) -> dict[str, Answer]:
    problems: list[AnswerProblem] = []
    given: dict[str, Answer] = {}
    for code in page.elements:
        value = answers.get(code)
        text = answers.get(f"{code}_text")
        problem = check_answer(study, code, value, text, skip_unanswered=skip_unanswered)
        if problem is not None:
            problems.append(problem)
        elif not is_blank(value):
            given[code] = value  # type: ignore[assignment]  # check_answer has narrowed it
            if isinstance(text, str) and text.strip():
                given[f"{code}_text"] = text.strip()
    stray = set(answers) - _codes_on(page)
    problems.extend(AnswerProblem(code, "not_on_page") for code in sorted(stray))
    if problems:
        raise InvalidAnswersError(tuple(problems))
    return given


def _codes_on(page: RoutePage) -> set[str]:
    """Codes an answer on this page may have: its elements and the free text beside them."""
    return {code for element in page.elements for code in (element, f"{element}_text")}


def _settle(study: Study, progress: Progress) -> Progress:
    if any(_screens_out(question, progress.answers.get(question.code)) for question in study.questions):
        return replace(progress, status=Status.SCREENED_OUT)
    if progress.page >= len(shown_pages(study, progress)) and not study.review:
        return replace(progress, status=Status.FINISHED)
    return progress


def _screens_out(question: Question, value: Answer | None) -> bool:
    chosen = value if isinstance(value, tuple) else (value,)
    return any(code in question.screen_out for code in chosen)


def _next_version(progress: Progress) -> Progress:
    return replace(progress, version=progress.version + 1)
