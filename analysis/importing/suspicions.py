"""Answers that look readable and may mean something else: codes from 0, another scale, turned items."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analysis.importing.account import Suspicion, ValueEntry
from analysis.importing.values import USUAL_CODES
from questionnaire.instrument import Item, Scale
from questionnaire.study import Study

ENOUGH = 200
"""So many answers, none of them near the top of the scale, are no accident."""
ROWS_LEAST = 50
TURNED = 0.20
"""A correlation this far on the wrong side, in at least ``ROWS_LEAST`` rows, lies outside ±1.4 standard
errors of none and is worth a look; it decides nothing."""


DISAGREE = re.compile(r"the number says (\d+), the label (\d+)")
_CALLED_TURNED = re.compile(
    r"(_|\b|\d)(r|rev|reversed?|recoded?|rc|inv|umgepolt|反向|反转|反)$", re.IGNORECASE
)


@dataclass
class _Numbers:
    """Numbers on one scale as they stand in the file: how often, and in which texts."""

    counts: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    texts: dict[str, int] = field(default_factory=dict)
    columns: set[str] = field(default_factory=set)


def suspicions(
    study: Study, values: list[ValueEntry], numbers: dict[str, int], table: pd.DataFrame, said: Container[str]
) -> tuple[Suspicion, ...]:
    """What to look at, scale by scale, and item by item once it is known how scales are read.

    ``numbers``: text → the number it is; ``said``: items whose answers a person has given a meaning.
    """
    by_scale: dict[str, _Numbers] = defaultdict(_Numbers)
    for value in values:
        # A label says what its number means, and what a person said is said.
        counted = value.how in ("number", "LimeSurvey answer code") or value.how.startswith("outside")
        if value.scale and counted and value.text in numbers:
            seen = by_scale[value.scale]
            seen.counts[numbers[value.text]] += value.count
            seen.texts[value.text] = numbers[value.text]
            seen.columns.add(value.code)
    found = [
        one for code, seen in by_scale.items() if (one := _of_scale(study.scale(code), seen)) is not None
    ]
    found += [*_answer_codes(study, values), *_disagreeing(values)]
    if any(one.open for one in found):
        return tuple(found)
    turned = [one for one in _turned(study, values, table) if one.where not in said]
    named = _named_turned(study, values, table, {one.where for one in turned})
    return (*found, *turned, *(one for one in named if one.where not in said))


def _of_scale(scale: Scale, seen: _Numbers) -> Suspicion | None:
    counts = {
        number: n
        for number, n in seen.counts.items()
        if number not in USUAL_CODES or number in range(1, scale.points + 1)
    }
    if not counts:
        return None
    low, high, points = min(counts), max(counts), scale.points
    where = f"scale {scale.code}"
    if (start := _start(low, high, points)) is not None:
        shift = 1 - start
        cure = {text: number + shift for text, number in seen.texts.items() if number in counts}
        outside = {
            text: 0 for text, number in seen.texts.items() if number in counts and not 1 <= number <= points
        }
        return Suspicion(
            where,
            f"the codes in the file run from {low} to {high}, the scale from 1 to {points}",
            f"Probably {start} stands for point 1; say whether {start} to {start + points - 1} are read as "
            f"1 to {points}",
            {scale.code: cure},
            {scale.code: outside},
            open=True,
        )
    # A code far off, such as 9, is one for no answer; a person is asked about it anyway.
    if high > points and low >= 0 and all(code in counts for code in range(points + 1, high + 1)):
        return Suspicion(
            where,
            f"the codes in the file run from {low} to {high}, the scale from 1 to {points}, so that another "
            "scale was probably used",
            "Check that these columns belong to these items, or let the study file have the scale that was "
            "asked",
        )
    if high <= points - 2 and sum(counts.values()) >= ENOUGH and len(seen.columns) >= 3:
        return Suspicion(
            where,
            f"none of {sum(counts.values())} answers is above {high} on a scale of 1 to {points}",
            f"If 1 to {high} was asked, let the study file have that scale",
        )
    return None


def _start(low: int, high: int, points: int) -> int | None:
    """The code that stands for point 1 where the codes fit the scale only when moved; None elsewhere."""
    if low == 0 and high < points:
        return 0
    if low < 0 and points % 2 and max(-low, high) <= points // 2:
        return -(points // 2)
    if high > points and high - low == points - 1:
        return low
    return None


def _answer_codes(study: Study, values: list[ValueEntry]) -> Iterator[Suspicion]:
    """LimeSurvey's A1, A2 … stand for answers in the order in which somebody wrote them down."""
    turned: dict[str, dict[str, int]] = defaultdict(dict)
    for value in values:
        if value.how == "LimeSurvey answer code" and value.rating:
            turned[value.scale][value.text] = study.scale(value.scale).points + 1 - value.rating
    for code, cure in turned.items():
        labels = next(iter(study.scale(code).labels.values()))
        yield Suspicion(
            f"scale {code}",
            f"LimeSurvey's answer codes were read in their order, A1 as 1 (“{labels[0]}”)",
            f"If the list in LimeSurvey began with “{labels[-1]}”, have them read the other way round",
            {code: cure},
        )


def _turned(study: Study, values: list[ValueEntry], table: pd.DataFrame) -> Iterator[Suspicion]:
    """Items that go with their construct as if they had been reversed already."""
    for construct in study.constructs:
        there = [item for item in construct.items if item.code in table]
        if len(there) < 3:
            continue
        scores = {item.code: _keyed(item, study.scale(item.scale), table[item.code]) for item in there}
        for item in there:
            rest = pd.DataFrame({code: one for code, one in scores.items() if code != item.code}).mean(axis=1)
            both = scores[item.code].notna() & rest.notna()
            own, others = scores[item.code][both], rest[both]
            if both.sum() < ROWS_LEAST or not own.std() or not others.std():
                continue
            r = float(np.corrcoef(own, others)[0, 1])
            if r < -TURNED:
                yield Suspicion(
                    item.code,
                    f"the item runs against the others of {construct.code} (r = {r:.2f}) once it is "
                    + ("reversed as the study says" if item.reverse else "read as the study says"),
                    "If it is reversed already in this file, have it turned back"
                    if item.reverse
                    else "If it is reversed in this file, have it turned",
                    {item.code: _the_other_way(study, item, values)},
                )


def _named_turned(
    study: Study, values: list[ValueEntry], table: pd.DataFrame, known: set[str]
) -> Iterator[Suspicion]:
    """Reverse items whose column is called so as if they had been turned, where answers do not tell."""
    columns = {value.code: value.column for value in values}
    for code, column in columns.items():
        item = study.items.get(code)
        if item is None or not item.reverse or code in known or not _CALLED_TURNED.search(column):
            continue
        if pd.to_numeric(table[code], errors="coerce").notna().sum() < ROWS_LEAST:
            yield Suspicion(
                code,
                f"the name of column “{column}” says that the item is reversed already",
                "If so, have it turned back",
                {code: _the_other_way(study, item, values)},
            )


def _disagreeing(values: list[ValueEntry]) -> Iterator[Suspicion]:
    """Answers such as “0 - Never” on a scale from 1, all of them off by the same."""
    cures: dict[str, dict[str, int]] = defaultdict(dict)
    away: dict[str, set[int]] = defaultdict(set)
    for value in values:
        if value.rating is None and (found := DISAGREE.fullmatch(value.how)):
            cures[value.scale][value.text] = int(found[2])
            away[value.scale].add(int(found[2]) - int(found[1]))
    for scale, cure in cures.items():
        if len(away[scale]) == 1 and len(cure) > 1:
            text = next(iter(cure))
            yield Suspicion(
                f"scale {scale}",
                f"numbers and labels disagree by {abs(min(away[scale]))} throughout, as in “{text}”",
                "Probably the labels are right; say whether these answers are read by their labels",
                {scale: cure},
            )


def _the_other_way(study: Study, item: Item, values: list[ValueEntry]) -> dict[str, int]:
    points = study.scale(item.scale).points
    return {v.text: points + 1 - v.rating for v in values if v.code == item.code and v.rating}


def _keyed(item: Item, scale: Scale, column: pd.Series) -> pd.Series:
    ratings = pd.to_numeric(column, errors="coerce")
    return scale.points + 1 - ratings if item.reverse else ratings
