"""Which column holds which item, check or question, and how that was found out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from analysis.importing.headers import settled
from analysis.importing.tables import Export
from analysis.importing.tools import CONTEXT, Recognised, Tool, identifies, recognise
from analysis.importing.wording import ColumnMatch, by_part, by_wording
from analysis.preparation.answers import CONTEXT as TABLE_CONTEXT
from analysis.preparation.answers import CONTEXT_OPTIONAL, AnswersError
from questionnaire.study import Study

RELEASED = "released by hand"


@dataclass(frozen=True, slots=True, eq=False)
class Mapping:
    """A proposal to look at and correct.

    ``values``: what a person said a text means (code of an item or of a scale → text → rating, 0 for
    missing); what is said of an item goes before what is said of its scale.
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
        freed = {m.column: RELEASED for m in self.matches if m.code == code or m.column == column}
        left = {name: why for name, why in {**self.left, **freed}.items() if name != column}
        given = () if column is None else (ColumnMatch(column, code, "given"),)
        return replace(self, matches=(*kept, *given), left=left)

    def with_value(self, where: str, text: str, rating: int) -> Mapping:
        """The mapping with ``text`` read as ``rating`` (0: missing) for that item, or for that scale."""
        return self.with_values({where: {text: rating}})

    def with_values(self, said: dict[str, dict[str, int]]) -> Mapping:
        """The mapping with all of ``said`` added to what was said before."""
        known = {name: dict(table) for name, table in self.values.items()}
        for where, table in said.items():
            known.setdefault(where, {}).update(table)
        return replace(self, values=known)

    def without_values(self, said: dict[str, dict[str, int]]) -> Mapping:
        """The mapping as if none of ``said`` had been said."""
        known = {
            where: {text: rating for text, rating in table.items() if text not in said.get(where, {})}
            for where, table in self.values.items()
        }
        return replace(self, values={where: table for where, table in known.items() if table})


def propose(study: Study, export: Export) -> Mapping:
    """By the tool's own columns, then code, then prefix or bracket, then wording, then similar wording.

    Raises AnswersError where there is a header and nothing below it.
    """
    recognised = recognise(study, settled(study, export))
    rows, labels = recognised.export.rows, recognised.export.labels
    if not len(rows):
        raise AnswersError(
            "there is no row of answers below the header", place="the file", mend="Export the answers again."
        )
    names = [str(name) for name in rows.columns]
    left: dict[str, str] = {}
    matches: list[ColumnMatch] = []
    free = list(names)

    def take(found: Iterable[ColumnMatch]) -> None:
        for match in found:
            if match.column in free and match.code not in {m.code for m in matches}:
                matches.append(match)
                free.remove(match.column)

    for name, first in recognised.export.twice.items():
        if name in free and rows[name].equals(rows[first]):
            free.remove(name)
            left[name] = f"holds the same as column {first}"
    fields = CONTEXT.get(recognised.tool, {})
    take(ColumnMatch(name, fields[name], "tool") for name in names if name in fields)
    codes = {code.casefold(): code for code in study.answer_codes()}
    named, unsure = _by_code(recognised.export, free, codes)
    left |= unsure
    take(named)
    for name in free[:]:
        if name in left:
            free.remove(name)
        elif identifies(name) and recognised.tool is not Tool.SYNERGY:
            free.remove(name)
            left[name] = "points to a person and is not needed; not taken over"
    parts, unsure = by_part(
        free, {c: code for c, code in codes.items() if code not in {m.code for m in matches}}
    )
    take(parts)
    left |= unsure
    written, unsure = by_wording(study, free, recognised.export.twice | labels, {m.code for m in matches})
    take(written)
    left |= {name: why for name, why in unsure.items() if name not in left}
    for name in free:
        if name in left:
            continue
        if name in (*TABLE_CONTEXT, *CONTEXT_OPTIONAL) or name.startswith(("seconds_", "order_")):
            left[name] = "a column of the answers table itself; kept under its own name"
            continue
        left[name] = "the study asks nothing of that code or wording; kept under its own name, not analysed"
    return Mapping(recognised, tuple(matches), left)


def _by_code(
    export: Export, names: list[str], codes: dict[str, str]
) -> tuple[list[ColumnMatch], dict[str, str]]:
    """Columns named by a code; of several with one code none."""
    rivals: dict[str, list[str]] = {}
    for name in names:
        said = export.twice.get(name, name).casefold()
        if said in codes:
            rivals.setdefault(codes[said], []).append(name)
    found = [ColumnMatch(columns[0], code, "code") for code, columns in rivals.items() if len(columns) == 1]
    left = {
        name: _rivals(code, columns, name)
        for code, columns in rivals.items()
        for name in columns
        if len(columns) > 1
    }
    return found, left


def _rivals(code: str, columns: list[str], own: str) -> str:
    others = ", ".join(f"“{name}”" for name in columns if name != own)
    return f"could be {code}, and so could {others}, which holds other answers; say which one it is"
