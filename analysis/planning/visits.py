"""When synthetic respondents came, how long they stayed on each page, and how far they got."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.planning.item_answers import ATTENTIVE
from analysis.planning.population import Dropout, Population
from questionnaire.instrument import Form
from questionnaire.route import RoutePage, draw_route
from questionnaire.study import Study
from questionnaire.study_file.check_layout import block_orders

FIRST = np.datetime64("2025-01-06T00:00:00", "ms")
"""Arrivals begin at a fixed date, so that the same seed gives the same table."""
GAP_MINUTES = 20.0
"""Mean time between two arrivals."""
PAGE_SPREAD = 0.25
"""How unevenly a respondent's time is spread over pages: SD of its logarithm."""


@dataclass(frozen=True, slots=True, eq=False)
class Stops:
    """Where respondents stopped: ``column`` (n,) is the first item not reached, p for all."""

    column: np.ndarray
    items: int

    @property
    def finished(self) -> np.ndarray:
        """(n,) booleans."""
        return self.column >= self.items

    def lost(self, first_column: int) -> np.ndarray:
        """Who never came to a block whose first item stands in ``first_column``."""
        return self.column <= first_column


def draw_stops(
    asked: np.ndarray,
    share: float,
    place: np.ndarray | None,
    dropout: Dropout,
    rng: np.random.Generator,
    n: int,
) -> Stops:
    """Who stops and where; asked (p,) says which item columns are on the form.

    log odds = logit(share) + slope · (place − centre), place (n,) being the option of the dropout's question.
    """
    columns = np.flatnonzero(asked)
    at = np.full(n, len(asked))
    if share > 0:
        odds = np.log(share / (1 - share)) + (
            0.0 if place is None else dropout.slope * (place - dropout.centre)
        )
        stops = rng.random(n) < 1 / (1 + np.exp(-odds))
        first = min(dropout.first_item, len(columns) - 1)
        at = np.where(stops, columns[rng.integers(first, len(columns), n)], at)
    return Stops(at, len(asked))


def block_starts(study: Study, asked: np.ndarray) -> dict[str, int]:
    """The first item column of every block; −1 for blocks before all items, the last for those after."""
    column = {code: k for k, code in enumerate(study.items) if asked[k]}
    elements = {c.code: [column[i.code] for i in c.items if i.code in column] for c in study.constructs}
    starts: dict[str, int] = {}
    for block in study.blocks:
        own = [k for element in block.elements for k in elements.get(element, ())]
        if own:
            starts[block.code] = min(own)
    last = max(column.values(), default=0)
    order = [code for step in block_orders(study.sequences[0]) for code in step]
    rated = [k for k, code in enumerate(order) if code in starts]
    for k, code in enumerate(order):
        if code not in starts:
            starts[code] = last if rated and k > rated[0] else -1
    return starts


def visit_columns(
    study: Study,
    form: Form,
    population: Population,
    kinds: np.ndarray,
    stops: Stops,
    starts: dict[str, int],
    consent: np.ndarray,
    rng: np.random.Generator,
) -> dict[str, np.ndarray]:
    """started_at, finished_at, seconds_total and seconds_<page>; NaN and None for what was not reached.

    The time for the whole form is lognormal, shortened for careless respondents, and shared out over the
    pages by how much they ask.
    """
    n = len(kinds)
    total = np.exp(rng.normal(np.log(population.seconds_median), population.seconds_spread, n))
    total *= np.where(kinds == ATTENTIVE, 1.0, population.careless.hurry)
    pages = draw_route(study, form, seed=0)
    size = np.array([len(page.elements) for page in pages], dtype=float)
    weight = size * np.exp(rng.normal(0.0, PAGE_SPREAD, (n, len(pages))))
    seconds = np.round(weight / weight.sum(axis=1, keepdims=True) * total[:, None], 1)
    for k, page in enumerate(pages):
        unseen = stops.lost(starts[page.block]) | (consent < _level(study, page))
        seconds[unseen, k] = np.nan
    stayed = np.nansum(seconds, axis=1)
    gaps = rng.exponential(GAP_MINUTES * 60_000, n).astype("timedelta64[ms]")
    start = FIRST + np.cumsum(gaps)
    end = start + (stayed * 1000).astype("timedelta64[ms]")
    stamps = {"started_at": _stamp(start), "finished_at": keep(_stamp(end), stops.finished)}
    columns: dict[str, np.ndarray] = {**stamps, "seconds_total": np.round(stayed, 1)}
    return columns | {f"seconds_{page.code}": seconds[:, k] for k, page in enumerate(pages)}


def keep(values: np.ndarray, where: np.ndarray) -> np.ndarray:
    """The values as objects, with None wherever ``where`` is false."""
    kept = values.astype(object)
    kept[~where] = None
    return kept


def _level(study: Study, page: RoutePage) -> int:
    """The least tier at which anything on the page is asked."""
    levels = {question.code: question.consent_level for question in study.questions}
    return min(levels.get(code, 0) for code in page.elements)


def _stamp(times: np.ndarray) -> np.ndarray:
    return np.char.add(np.datetime_as_string(times, unit="ms"), "Z").astype(object)
