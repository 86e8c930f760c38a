"""Means, standard deviations and correlations of the constructs, as every reviewer asks for them."""

from __future__ import annotations

import math

import pandas as pd
from scipy.stats import t as student

from analysis.pipeline.result import AnalysisResult
from analysis.preparation.scoring import Scored, score_items
from analysis.reporting.document import Section, Table
from analysis.reporting.numbers import NONE, bounded, number, whole
from analysis.reporting.wording import Words
from questionnaire.piping import say
from questionnaire.study import Study

FEWEST = 3
"""Respondents that a correlation needs at the least to be tested."""


def descriptives_section(result: AnalysisResult, words: Words) -> Section:
    """One table; a section that says so where nothing was answered."""
    means = construct_means(result.study, result.analysed)
    if means.empty or means.notna().sum().max() < FEWEST:
        return Section("descriptives", words("descriptives"), (words("descriptives_none"),))
    return Section("descriptives", words("descriptives"), (), (), (), (_table(means, result, words),))


def construct_means(study: Study, answers: pd.DataFrame) -> pd.DataFrame:
    """Each respondent's mean answer to each construct's items, reversed ones turned; NaN where too few.

    Answers are on the items' own scale; a mean needs as many answers as a parcel, or all items where
    there are fewer.
    """
    known = [code for code in study.items if code in answers]
    if not known or answers.empty:
        return pd.DataFrame()
    scored = score_items(study, answers[known].astype(float), Scored.RAW)
    columns = {}
    for construct in study.constructs:
        own = [item.code for item in construct.items if item.code in scored]
        if not own or not scored[own].notna().any(axis=None):
            continue
        enough = scored[own].notna().sum(axis=1) >= min(study.measurement.parcel_min_items, len(own))
        columns[construct.code] = scored[own].mean(axis=1).where(enough)
    return pd.DataFrame(columns)


def _table(means: pd.DataFrame, result: AnalysisResult, words: Words) -> Table:
    study = result.study
    names = {c.code: say(c.name, words.language, study.languages[0]) for c in study.constructs}
    related = means.corr().to_numpy(dtype=float)
    constructs = result.measurement.constructs
    omegas = (
        constructs.set_index("construct")["omega"].to_dict()
        if {"construct", "omega"} <= set(constructs)
        else {}
    )
    rows = []
    for i, code in enumerate(means.columns):
        below = [bounded(float(related[i, j]), 2) for j in range(i)]
        own = bounded(omegas.get(code), 2)
        diagonal = NONE if own == NONE else f"({own})"
        after = [""] * (len(means.columns) - i - 1)
        values = means[code].dropna()
        figures = (whole(len(values)), number(float(values.mean()), 2), number(float(values.std()), 2))
        rows.append((f"{i + 1}. {names[code]} ({code})", *figures, *below, diagonal, *after))
    headings = [str(k + 1) for k in range(len(means.columns))]
    columns = (words("construct"), "n", "M", "SD", *headings)
    n = int(means.notna().sum().min())
    note = words("descriptives_note", n=whole(n), r=bounded(critical(n), 2))
    numeric = (False, *[True] * (len(columns) - 1))
    return Table("descriptives", words("descriptives"), columns, tuple(rows), numeric, note)


def critical(n: int, alpha: float = 0.05) -> float:
    """The smallest size at which a correlation of ``n`` pairs differs from 0 (two-sided t test), rounded up.

    Rounded up to two digits, so that the printed bound is never one that is not significant.
    """
    reach = float(student.ppf(1 - alpha / 2, n - 2))
    return math.ceil(100 * reach / math.sqrt(n - 2 + reach**2)) / 100
