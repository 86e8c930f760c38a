"""Items found by what stands in a column's name or heading."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from difflib import SequenceMatcher

from questionnaire.instrument import Check, Item, Question
from questionnaire.piping import PIPE
from questionnaire.study import Study

ALIKE = 0.80
"""Wordings at least this similar (Ratcliff & Obershelp 1988) are offered as the same."""
AHEAD = 0.05
"""How much better than the next best wording the best must be."""
_NO_ANSWERS = re.compile(
    r"(^|[_.\s])(do|rt|time|timing|click|count|comment|other|text|mean|score|sum|z)(_?\d+)?$"
)
"""Ends of names of columns about an item: display orders, times, clicks, remarks, scores."""
_TYPE = re.compile(r"[\[(（【](单选题|多选题|填空题|量表题|矩阵\S*?题|打分题|必答|必填)[\])）】]")
_NUMBERED = re.compile(r"^\s*(Q|G)?\d+([.\-_]\d+)*\s*[、.．)）:：_]\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ColumnMatch:
    """``column`` holds ``code``; ``how`` is code, prefix, wording, similar, tool or given."""

    column: str
    code: str
    how: str
    score: float = 1.0


def by_part(names: list[str], codes: dict[str, str]) -> tuple[list[ColumnMatch], dict[str, str]]:
    """A code in brackets (``G1Q1[STD1]``), before a point (``STD1. …``) or after a prefix (``Q3_STD1``).

    A code that two columns could hold is nobody's until a person says whose; why is returned by column.
    """
    found: dict[str, list[str]] = defaultdict(list)
    for name in names:
        parts = [part for part in re.split(r"[\[\]().:：、,，\s_]+", name.casefold()) if part]
        hits = {codes[part] for part in parts if part in codes}
        plain_name = re.fullmatch(r"[\w\[\]().-]+", name) is not None or bool(parts and parts[0] in codes)
        if len(hits) == 1 and plain_name and not _NO_ANSWERS.search(name.casefold()):
            found[hits.pop()].append(name)
    return _sure(found, "prefix")


def by_wording(
    study: Study, names: list[str], labels: dict[str, str], taken: set[str]
) -> tuple[list[ColumnMatch], dict[str, str]]:
    """Equal wording first, then the most similar where nothing else comes near."""
    known = {
        code: {plain(text) for text in texts} for code, texts in wordings(study).items() if code not in taken
    }
    scores: dict[tuple[str, str], float] = {}
    for name in names:
        for written in {plain(own) for text in {name, labels.get(name, name)} for own in own_words(text)}:
            for code, texts in known.items():
                best = max((_alike(written, text) for text in texts), default=0.0)
                if best >= ALIKE - AHEAD:
                    scores[name, code] = max(best, scores.get((name, code), 0.0))
    found: list[ColumnMatch] = []
    left: dict[str, str] = {}
    for (name, code), score in sorted(scores.items(), key=lambda entry: -entry[1]):
        # Equal wording beats similar wording; two that are equal, or nearly so, are left to a person.
        floor = 1.0 if score == 1.0 else score - AHEAD
        near = [(n, c) for (n, c), s in scores.items() if (n == name) != (c == code) and s >= floor]
        if score < ALIKE:
            continue
        if not near:
            found.append(ColumnMatch(name, code, "wording" if score == 1.0 else "similar", score))
        else:
            others = ", ".join(dict.fromkeys(c if n == name else f"“{n}”" for n, c in near))
            left.setdefault(name, f"its heading is like {code}, but {others} is as near; say which one it is")
    return found, left


def _sure(found: dict[str, list[str]], how: str) -> tuple[list[ColumnMatch], dict[str, str]]:
    matches = [ColumnMatch(columns[0], code, how) for code, columns in found.items() if len(columns) == 1]
    left: dict[str, str] = {}
    for code, columns in found.items():
        for name in columns if len(columns) > 1 else ():
            others = ", ".join(f"“{other}”" for other in columns if other != name)
            left[name] = f"{code} stands in its name, but also in {others}; say which one it is"
    return matches, left


def wordings(study: Study) -> dict[str, list[str]]:
    """What each item, check and question asks, in every language."""
    asked: list[Item | Check | Question] = [*study.items.values(), *study.checks, *study.questions]
    return {one.code: list(one.wording.values()) for one in asked}


def own_words(label: str) -> list[str]:
    """The label and the parts of it that may be the item: in brackets, after a dash, after a number."""
    label = _TYPE.sub("", re.sub(r"<[^>]+>", "", label)).strip().strip("*＊ ")
    without = _NUMBERED.sub("", _NUMBERED.sub("", label))
    parts = [without]
    if inside := re.search(r"[\[(（【]([^\])）】]+)[\])）】]\s*$", without):
        parts.append(inside[1])
    if matrix := re.match(r"^第\d+题\s*[(（](.*)[)）]\s*$", without):
        parts.append(matrix[1])
    parts += [piece for piece in re.split(r"\s+[-–—]\s+|—+|:|：", without)[1:] if piece.strip()]
    if " - " in without:
        parts.append(without.split(" - ", 1)[1])
    return [*parts, *(_NUMBERED.sub("", part) for part in parts)]


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
