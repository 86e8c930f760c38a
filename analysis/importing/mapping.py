"""Which column holds which item, check or question, and how that was found out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher

from analysis.importing.reading import Export
from analysis.importing.tools import CONTEXT, IDENTIFYING, Recognised, Tool, recognise
from analysis.preparation.answers import CONTEXT as TABLE_CONTEXT
from analysis.preparation.answers import CONTEXT_OPTIONAL
from questionnaire.instrument import Check, Item, Question
from questionnaire.piping import PIPE
from questionnaire.study import Study

ALIKE = 0.80
"""Wordings at least this similar (Ratcliff & Obershelp 1988) are offered as the same."""
AHEAD = 0.05
"""How much better than the next best wording the best must be."""


@dataclass(frozen=True, slots=True)
class ColumnMatch:
    """``column`` holds ``code``; ``how`` is code, prefix, wording, similar, tool or given."""

    column: str
    code: str
    how: str
    score: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Mapping:
    """A proposal to look at and correct.

    ``values``: what a person said a text means (code → text → rating, 0 for missing).
    """

    recognised: Recognised
    matches: tuple[ColumnMatch, ...]
    left: dict[str, str]
    values: dict[str, dict[str, int]] = field(default_factory=dict)

    @property
    def columns(self) -> dict[str, str]:
        """Code → column."""
        return {match.code: match.column for match in self.matches}

    def corrected(self, code: str, column: str | None) -> Mapping:
        """The mapping with ``code`` read from ``column``, or from none; whatever held either is released."""
        kept = tuple(m for m in self.matches if m.code != code and m.column != column)
        freed = {m.column: "released by hand" for m in self.matches if m.code == code or m.column == column}
        left = {name: why for name, why in {**self.left, **freed}.items() if name != column}
        given = () if column is None else (ColumnMatch(column, code, "given"),)
        return replace(self, matches=(*kept, *given), left=left)

    def with_value(self, scale: str, text: str, rating: int) -> Mapping:
        """The mapping with ``text`` read as ``rating`` (0: missing) wherever that scale is used."""
        known = {name: dict(table) for name, table in self.values.items()}
        known.setdefault(scale, {})[text] = rating
        return replace(self, values=known)


def propose(study: Study, export: Export) -> Mapping:
    """By the tool's own columns, then code, then prefix or bracket, then wording, then similar wording."""
    recognised = recognise(study, export)
    rows, labels = recognised.export.rows, recognised.export.labels
    names = [str(name) for name in rows.columns]
    left: dict[str, str] = {}
    matches: list[ColumnMatch] = []
    free = list(names)

    def take(found: Iterable[ColumnMatch]) -> None:
        for match in found:
            if match.column in free and match.code not in {m.code for m in matches}:
                matches.append(match)
                free.remove(match.column)

    fields = CONTEXT.get(recognised.tool, {})
    take(ColumnMatch(name, fields[name], "tool") for name in names if name in fields)
    for name in names:
        if IDENTIFYING.match(name) and recognised.tool is not Tool.SYNERGY:
            free.remove(name)
            left[name] = "points to a person and is not needed; not taken over"
    codes = {code.casefold(): code for code in study.answer_codes()}
    take(ColumnMatch(name, codes[name.casefold()], "code") for name in names if name.casefold() in codes)
    take(_by_part(free, codes))
    take(_by_wording(study, free, labels, {m.code for m in matches}))
    for name in free:
        if name in (*TABLE_CONTEXT, *CONTEXT_OPTIONAL) or name.startswith(("seconds_", "order_")):
            left[name] = "a column of the answers table itself; kept under its own name"
            continue
        left[name] = "the study asks nothing of that code or wording; kept under its own name, not analysed"
    return Mapping(recognised, tuple(matches), left)


def _by_part(names: list[str], codes: dict[str, str]) -> list[ColumnMatch]:
    """A code in brackets (``G1Q1[STD1]``), before a point (``STD1. …``) or after a prefix (``Q3_STD1``)."""
    found = []
    for name in names:
        parts = [part for part in re.split(r"[\[\]().:：、,，\s_]+", name.casefold()) if part]
        hits = {codes[part] for part in parts if part in codes}
        plain = re.fullmatch(r"[\w\[\]().-]+", name) is not None or bool(parts and parts[0] in codes)
        if len(hits) == 1 and plain:
            found.append(ColumnMatch(name, hits.pop(), "prefix"))
    # A code that two columns could hold is nobody's until a person says whose.
    counts = [match.code for match in found]
    return [match for match in found if counts.count(match.code) == 1]


def _by_wording(study: Study, names: list[str], labels: dict[str, str], taken: set[str]) -> list[ColumnMatch]:
    texts = {
        code: [plain(text) for text in texts] for code, texts in _wordings(study).items() if code not in taken
    }
    scores: list[tuple[float, str, str]] = []
    for name in names:
        for written in {plain(own) for own in _own_words(labels.get(name, name))}:
            for code, known in texts.items():
                best = max((_alike(written, text) for text in known), default=0.0)
                if best >= ALIKE - AHEAD:
                    scores.append((best, name, code))
    found = []
    for score, name, code in sorted(scores, key=lambda entry: -entry[0]):
        # Equal wording beats similar wording; two that are equal, or nearly so, are left to a person.
        floor = 1.0 if score == 1.0 else score - AHEAD
        rivals = [s for s, n, c in scores if (n == name) != (c == code) and s >= floor]
        if score >= ALIKE and not rivals:
            found.append(ColumnMatch(name, code, "wording" if score == 1.0 else "similar", score))
    return found


def _wordings(study: Study) -> dict[str, list[str]]:
    asked: list[Item | Check | Question] = [*study.items.values(), *study.checks, *study.questions]
    return {one.code: list(one.wording.values()) for one in asked}


def _own_words(label: str) -> list[str]:
    """The label and the parts of it that may be the item: in brackets, after a dash, after a number."""
    without = re.sub(r"^\s*(Q|G)?\d+[\d.]*\s*[、.．)）:：]\s*", "", label)
    parts = [without]
    if inside := re.search(r"\[([^\]]+)\]\s*$", without):
        parts.append(inside[1])
    parts += [piece for piece in re.split(r"\s+[-–—]\s+|—+|:|：", without)[1:] if piece.strip()]
    if " - " in without:
        parts.append(without.split(" - ", 1)[1])
    return parts


def plain(text: str) -> str:
    """Wording to compare: one width, one case, no pipes, marks or spaces."""
    text = unicodedata.normalize("NFKC", PIPE.sub("", text)).casefold()
    return re.sub(r"[\W_]+", "", text)


def _alike(one: str, other: str) -> float:
    if one == other and one:
        return 1.0
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.real_quick_ratio() < ALIKE - AHEAD or matcher.quick_ratio() < ALIKE - AHEAD:
        return 0.0
    # 1 is for equal wording only.
    return min(matcher.ratio(), 0.999)
