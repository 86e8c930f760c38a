"""What a respondent sees now, as plain data that any shell can render."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from questionnaire.answers import PREFER_NOT, Answer
from questionnaire.drafts import Drafts
from questionnaire.instrument import Question, QuestionKind, Text
from questionnaire.journey import Progress, Status, shown_pages
from questionnaire.panel import filled
from questionnaire.piping import fill, pipes
from questionnaire.study import Study
from questionnaire.wording import language_name, wording

View = dict[str, Any]
"""JSON-ready; see :func:`view` for the keys."""


def view(study: Study, progress: Progress, page: int | None = None, drafts: Drafts | None = None) -> View:
    """The page to show: ``page`` if it was reached before, else the one the respondent is at.

    Keys: ``kind`` (consent, page, review, screened_out, finished), ``title``, ``stem``, ``index``, ``total``,
    ``entries``, ``tiers``, ``language``, ``languages``, ``version`` and ``words`` (the interface's own).

    A page shows what was kept of it in ``drafts`` before what was sent, with ``kept`` (the change each kept
    answer comes from, by code) and ``sent`` (the version its last sending led to).
    """
    speaker = _Speaker(study, progress)
    shown: View = {
        "kind": "page" if progress.status is Status.ASKING else progress.status.value,
        "study": study.code,
        "study_title": speaker(study.title),
        "title": speaker(study.title),
        "stem": "",
        "index": 0,
        "total": 0,
        "entries": [],
        "tiers": [],
        "language": progress.language,
        "languages": [{"code": code, "label": language_name(code)} for code in study.languages],
        "version": progress.version,
        "words": wording(progress.language),
    }
    match progress.status:
        case Status.CONSENT:
            shown["stem"] = speaker(study.consent.text)
            shown["tiers"] = [{"value": t.level, "label": speaker(t.label)} for t in study.consent.tiers]
        case Status.ASKING:
            shown |= _page(study, progress, speaker, page, drafts or Drafts())
            if shown["index"] == shown["total"]:
                shown |= review(study, progress, speaker, drafts or Drafts())
        case Status.SCREENED_OUT:
            shown["stem"] = speaker(study.screened_out)
            shown["redirect"] = filled(study.screened_out_redirect, progress.panel)
        case Status.QUOTA_FULL:
            shown |= {"kind": Status.SCREENED_OUT.value, "stem": wording(progress.language)["quota_full"]}
        case Status.FINISHED:
            shown["stem"] = speaker(study.thanks)
            shown["profile"] = study.profile
            shown["redirect"] = filled(study.redirect, progress.panel) if study.redirect else ""
        case Status.WITHDRAWN:
            shown["stem"] = wording(progress.language)["withdrawn"]
    return shown


class _Speaker:
    """Turns a text into the respondent's language with earlier answers piped in."""

    def __init__(self, study: Study, progress: Progress) -> None:
        self._language, self._fallback = progress.language, study.languages[0]
        self._pipes = pipes(study, progress.answers, progress.language)

    def __call__(self, text: Text) -> str:
        return fill(text, self._language, self._fallback, self._pipes)


def _page(study: Study, progress: Progress, speaker: _Speaker, page: int | None, drafts: Drafts) -> View:
    pages = shown_pages(study, progress)
    reached = page is not None and 0 <= page <= progress.reached
    index = page if reached and page is not None else progress.page
    if index >= len(pages):
        return {"index": len(pages), "total": len(pages)}
    code = pages[index].code
    block = study.block(pages[index].block)
    kept = drafts.latest(code)
    answers = {**progress.answers, **{name: draft.value for name, draft in kept.items()}}
    return {
        "code": code,
        "kept": {name: draft.change_id for name, draft in kept.items()},
        "sent": drafts.sent.get(code, 0),
        "title": speaker(block.title),
        "stem": speaker(block.stem),
        "index": index,
        "total": len(pages),
        "review": study.review,
        "entries": [_entry(study, progress, speaker, element, answers) for element in pages[index].elements],
    }


def _entry(
    study: Study, progress: Progress, speaker: _Speaker, code: str, answers: Mapping[str, Answer | None]
) -> View:
    question = next((q for q in study.questions if q.code == code), None)
    entry = _rating(study, progress, code) if question is None else _question(question, speaker)
    source = study.items.get(code) or question or study.check(code)
    answer = answers.get(code)
    return entry | {
        "code": code,
        "wording": speaker(source.wording),
        "answer": list(answer) if isinstance(answer, tuple) else answer,
        "text": answers.get(f"{code}_text"),
    }


def _rating(study: Study, progress: Progress, code: str) -> View:
    scale = study.scale(study.items[code].scale if code in study.items else study.check(code).scale)
    labels = scale.labels.get(progress.language) or scale.labels[study.languages[0]]
    options = [{"value": point, "label": label} for point, label in enumerate(labels, start=1)]
    return {"kind": "rating", "options": options, "required": False}


def _question(question: Question, speaker: _Speaker) -> View:
    options: list[View] = [
        {
            "value": option.code,
            "label": speaker(option.label),
            "free_text": option.free_text,
            "exclusive": option.exclusive,
        }
        for option in question.options
    ]
    entry: View = {"kind": question.kind.value, "required": question.required, "options": options}
    if question.prefer_not:
        entry["prefer_not"] = PREFER_NOT
    if question.kind is QuestionKind.NUMBER:
        entry |= {"minimum": question.minimum, "maximum": question.maximum}
    return entry


def review(study: Study, progress: Progress, speaker: _Speaker, drafts: Drafts) -> View:
    """Every answer in words, page by page; ``changed`` marks a page with changes that were not sent."""
    words = wording(progress.language)
    pages = []
    for index, page in enumerate(shown_pages(study, progress)):
        entries = [_entry(study, progress, speaker, code, progress.answers) for code in page.elements]
        kept = drafts.latest(page.code)
        pages.append(
            {
                "index": index,
                "title": speaker(study.block(page.block).title),
                "answers": [{"wording": e["wording"], "answer": _in_words(e, words)} for e in entries],
                "changed": any(progress.answers.get(code) != draft.value for code, draft in kept.items()),
            }
        )
    return {"kind": "review", "title": words["review"], "stem": words["review_stem"], "pages": pages}


def _in_words(entry: View, words: Mapping[str, str]) -> str:
    """The answer as the respondent saw it; empty when there is none."""
    given = entry["answer"] if isinstance(entry["answer"], list) else [entry["answer"]]
    labels = {option["value"]: option["label"] for option in entry["options"]}
    labels |= {None: "", PREFER_NOT: words["prefer_not"]} if entry.get("prefer_not") else {None: ""}
    said = "; ".join(str(labels.get(value, value)) for value in given)
    return f"{said}: {entry['text']}" if entry["text"] else said
