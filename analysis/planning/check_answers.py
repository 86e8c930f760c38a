"""Check items of synthetic respondents: who fails them, and which."""

from __future__ import annotations

import numpy as np

from analysis.planning.item_answers import ATTENTIVE
from analysis.planning.population import Careless
from questionnaire.study import Study


def check_answers(
    study: Study, careless: Careless, kinds: np.ndarray, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """Raw codes by check, (n,) each.

    A respondent fails at least one check with probability ``fail`` (careless) or ``fail_attentive``; of
    those who do, each fails one check drawn at random and every other one with probability 1/2.
    """
    n, count = len(kinds), len(study.checks)
    if not count:
        return {}
    probability = np.where(kinds == ATTENTIVE, careless.fail_attentive, careless.fail)
    fails = rng.random(n) < probability
    failed = rng.random((n, count)) < 0.5
    failed[np.arange(n), rng.integers(0, count, n)] = True
    failed &= fails[:, None]
    answers = {}
    for k, check in enumerate(study.checks):
        every = range(1, study.scale(check.scale).points + 1)
        wrong = np.array([code for code in every if code not in check.passing])
        answers[check.code] = np.where(failed[:, k], rng.choice(wrong, n), rng.choice(check.passing, n))
    return answers
