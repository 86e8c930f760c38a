"""Times and order of presentation, read from the answers table's context columns."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.preparation.answers import Answers
from questionnaire.study import Study

SECONDS, ORDER = "seconds_", "order_"


def rating_seconds(study: Study, context: pd.DataFrame) -> np.ndarray | None:
    """Seconds each respondent spent on pages with rated items: (n,), or None where the table has no times.

    Without times by page the total of the whole visit must do.
    """
    pages = [f"{SECONDS}{page}" for page in _rating_pages(study, context)]
    if pages:
        each = np.column_stack([_numbers(context[page]) for page in pages])
        seen = ~np.isnan(each)
        return np.where(seen.any(axis=1), np.where(seen, each, 0.0).sum(axis=1), np.nan)
    return _numbers(context[f"{SECONDS}total"]) if f"{SECONDS}total" in context else None


def seconds_by_page(study: Study, answers: Answers) -> np.ndarray | None:
    """Seconds an element took on the fastest page with rated items: (n,); None without times and orders."""
    context = answers.context
    pages = [page for page in _rating_pages(study, context) if f"{ORDER}{page}" in context]
    if not pages:
        return None
    fastest = np.full(len(context), np.nan)
    for page in pages:
        shown = context[f"{ORDER}{page}"].map(_elements, na_action="ignore").map(len, na_action="ignore")
        elements = _numbers(shown)
        pace = _numbers(context[f"{SECONDS}{page}"]) / np.where(elements > 0, elements, np.nan)
        fastest = np.fmin(fastest, pace)
    return fastest


def presented(answers: Answers) -> np.ndarray:
    """Raw codes in the order they were presented: (n, p); in the study's order where no order is known."""
    items, context = answers.items, answers.context
    pages = [c for c in context if str(c).startswith(ORDER)]
    raw = items.to_numpy(dtype=float)
    if not pages:
        return raw
    place = {code: k for k, code in enumerate(items.columns)}
    out = np.full_like(raw, np.nan)
    for row, cells in enumerate(context[pages].itertuples(index=False, name=None)):
        shown = sorted((_position(cell), _elements(cell)) for cell in cells if isinstance(cell, str) and cell)
        order = [place[code] for _, codes in shown for code in codes if code in place]
        rest = sorted(set(range(raw.shape[1])) - set(order))
        out[row] = raw[row, [*order, *rest]]
    return out


def _rating_pages(study: Study, context: pd.DataFrame) -> list[str]:
    """Pages with times whose block asks rated items; a page is its block's code or that and a number."""
    constructs = {construct.code for construct in study.constructs}
    blocks = {block.code for block in study.blocks if constructs & set(block.elements)}
    pages = [str(c).removeprefix(SECONDS) for c in context if str(c).startswith(SECONDS)]
    return [page for page in pages if page in blocks or page.rpartition("_")[0] in blocks]


def _position(cell: str) -> int:
    first = cell.split(" ", 1)[0]
    return int(first) if first.isdigit() else 0


def _elements(cell: object) -> list[str]:
    """The element codes of ``position code code …``."""
    return str(cell).split()[1:]


def _numbers(column: pd.Series) -> np.ndarray:
    return np.asarray(pd.to_numeric(column, errors="coerce").to_numpy(dtype=float, na_value=np.nan))
