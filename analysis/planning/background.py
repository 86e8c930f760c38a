"""Background questions of synthetic respondents: drawn from shares, independent of everything else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analysis.planning.population import Population
from questionnaire.answers import PREFER_NOT
from questionnaire.instrument import Option, Question, QuestionKind
from questionnaire.study import Study

CHOSEN = 0.40
"""How often an option of a multiple choice is chosen when no share is given."""
COUNT = 3.0
"""Mean of a number question without one."""


@dataclass(frozen=True, slots=True, eq=False)
class Background:
    """Answers by question code, (n,) each, None where nothing was asked or answered.

    ``places`` holds, for single choices, the place of the option drawn, from 1, whether told or not;
    ``consent`` the data-use tier of each respondent.
    """

    answers: Mapping[str, np.ndarray]
    places: Mapping[str, np.ndarray]
    consent: np.ndarray


def draw_background(study: Study, population: Population, n: int, rng: np.random.Generator) -> Background:
    """Answers to every question; questions above a respondent's tier stay empty."""
    consent = _consent(study, population, n, rng)
    answers: dict[str, np.ndarray] = {}
    places: dict[str, np.ndarray] = {}
    for question in study.questions:
        if question.kind is QuestionKind.SINGLE:
            places[question.code], values = _single(question, population, n, rng)
        elif question.kind is QuestionKind.MULTIPLE:
            values = _multiple(question, population, n, rng)
        elif question.kind is QuestionKind.NUMBER:
            values = _number(question, population, n, rng)
        else:
            values = np.full(n, None, dtype=object)
        if question.prefer_not:
            values[rng.random(n) < population.prefer_not] = PREFER_NOT
        values[consent < question.consent_level] = None
        answers[question.code] = values
    return Background(answers, places, consent)


def _consent(study: Study, population: Population, n: int, rng: np.random.Generator) -> np.ndarray:
    levels = np.array([tier.level for tier in study.consent.tiers])
    shares = np.array(population.consent or [1.0] * len(levels))
    drawn: np.ndarray = rng.choice(levels, n, p=shares / shares.sum())
    return drawn


def _staying(question: Question) -> list[Option]:
    """Options that do not end the survey: synthetic respondents are those who were let in."""
    return [option for option in question.options if option.code not in question.screen_out]


def _single(
    question: Question, population: Population, n: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    options = _staying(question)
    given = population.shares.get(question.code, {})
    shares = np.array([given.get(option.code, 0.0 if given else 1.0) for option in options])
    drawn = rng.choice(len(options), n, p=shares / shares.sum())
    codes = np.array([option.code for option in options], dtype=object)
    place = {option.code: k for k, option in enumerate(question.options, start=1)}
    return np.array([place[code] for code in codes])[drawn], codes[drawn]


def _multiple(question: Question, population: Population, n: int, rng: np.random.Generator) -> np.ndarray:
    """Several option codes joined by ``;``; whoever chose nothing gets one at random."""
    options = [option for option in _staying(question) if not option.exclusive]
    given = population.shares.get(question.code, {})
    shares = np.array([given.get(option.code, CHOSEN) for option in options])
    chosen = rng.random((n, len(options))) < shares
    chosen[np.arange(n), rng.integers(0, len(options), n)] |= ~chosen.any(axis=1)
    patterns, index = np.unique(chosen, axis=0, return_inverse=True)
    texts = [";".join(o.code for o, yes in zip(options, row, strict=True) if yes) for row in patterns]
    joined = np.array(texts, dtype=object)
    return np.asarray(joined[index.reshape(-1)])


def _number(question: Question, population: Population, n: int, rng: np.random.Generator) -> np.ndarray:
    mean = population.counts.get(question.code, COUNT)
    low = 0.0 if question.minimum is None else question.minimum
    high = np.inf if question.maximum is None else question.maximum
    drawn = np.clip(low + rng.geometric(1.0 / (1.0 + mean), n) - 1, low, high)
    return np.asarray(drawn.astype(np.int64), dtype=object)
