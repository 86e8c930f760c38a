"""What a study will ask and test, as text for whoever is about to field it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from questionnaire.instrument import Form, Text
from questionnaire.route import draw_route
from questionnaire.study import Study

SECONDS_RATING = 6.0
"""A seven-point statement read and answered: about ten a minute, the usual pace of web surveys."""
SECONDS_QUESTION = 8.0
"""A background question: its options have to be read each time."""
SECONDS_PAGE = 4.0
"""Finding one's way on a new page, its stem included."""


@dataclass(frozen=True, slots=True)
class Burden:
    """What one form asks of a respondent; ``minutes`` is an estimate from usual answering times."""

    statements: int
    checks: int
    questions: int
    pages: int
    minutes: float


def burden(study: Study, form: Form) -> Burden:
    """How much the form asks of someone who allows the highest data-use tier."""
    pages = draw_route(study, form, seed=0)
    codes = [code for page in pages for code in page.elements]
    statements = sum(code in study.items for code in codes)
    checks = len({check.code for check in study.checks}.intersection(codes))
    questions = len(codes) - statements - checks
    ratings = statements + checks
    seconds = SECONDS_RATING * ratings + SECONDS_QUESTION * questions + SECONDS_PAGE * len(pages)
    return Burden(statements, checks, questions, len(pages), seconds / 60)


def describe(study: Study, language: str = "") -> str:
    """Several lines of text: identity, forms and their length, data use, constructs, models, hypotheses.

    Names are given in ``language``, or in English where the study has it, or in its first language.
    """
    if language not in study.languages:
        language = "en" if "en" in study.languages else study.languages[0]
    return "\n".join(_Describer(study, language).lines())


class _Describer:
    def __init__(self, study: Study, language: str) -> None:
        self._study = study
        self._language = language

    def _say(self, text: Text) -> str:
        return text[self._language]

    def lines(self) -> Iterator[str]:
        study = self._study
        yield f"{self._say(study.title)} ({study.code} {study.version})"
        yield f"  content {study.content_hash[:12]}, plan {study.plan_hash[:12]}"
        yield f"  languages: {', '.join(study.languages)}"
        if study.source:
            yield f"  source: {study.source}"
        yield from self._asks()
        yield from self._measures()
        yield from self._fits()

    def _asks(self) -> Iterator[str]:
        study = self._study
        yield "Asks"
        for form in study.forms:
            asked = burden(study, form)
            counts = (
                _count(asked.statements, "statement"),
                _count(asked.checks, "check"),
                _count(asked.questions, "question"),
            )
            length = f"{_count(asked.pages, 'page')}, about {_count(round(asked.minutes), 'minute')}"
            yield f"  {form.code}: {', '.join(counts)} on {length}"
        shuffled = [block.code for block in study.blocks if block.shuffle]
        yield f"  orders: {len(study.sequences)}; shuffled within: {', '.join(shuffled) or 'nothing'}"
        for question in study.questions:
            if question.screen_out:
                yield f"  ends early: {question.code} = {' or '.join(question.screen_out)}"
        tiers = (f"{tier.level} {self._say(tier.label)}" for tier in study.consent.tiers)
        yield f"  data use: {'; '.join(tiers)}"
        yield f"  waves: {', '.join(wave.code for wave in study.waves)}"

    def _measures(self) -> Iterator[str]:
        yield "Measures"
        for construct in self._study.constructs:
            reverse = sum(item.reverse for item in construct.items)
            keyed = f", {reverse} reversed" if reverse else ""
            under = f" of {construct.dimension}" if construct.dimension else ""
            name = self._say(construct.name)
            yield f"  {construct.code} {name}: {construct.role}{under}, {len(construct.items)} items{keyed}"
        for dimension in self._study.dimensions:
            yield f"  {dimension.code} {self._say(dimension.name)}: {' + '.join(dimension.facets)}"

    def _fits(self) -> Iterator[str]:
        study = self._study
        m = study.measurement
        yield f"Fits ({m.estimator}, missing {m.missing}, {m.scoring} scores, engine {m.engine})"
        for model in study.models:
            yield f"  {model.code} {self._say(model.name)}"
        yield f"Tests ({study.rules.adjustment} within a family, {study.rules.confidence:.0%} intervals)"
        for h in study.hypotheses:
            sign = {"positive": "> 0", "negative": "< 0"}.get(h.expected, "≠ 0")
            yield f"  {h.code} {self._say(h.statement)}"
            yield f"     {h.kind}: {h.estimand} {sign} in {h.model}, rival {h.rival}, at least {h.sesoi:g}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
