"""A study's items as rows of a table, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from questionnaire.instrument import Construct, Item
from questionnaire.study import Study

Row = Mapping[str, object]

WORDING = "wording "
"""Before a language's code: the column that holds the wording in it."""


class RowError(ValueError):
    """A row that is no item; the message names the row (from 1), the column and the mend."""


def item_rows(study: Study) -> list[dict[str, object]]:
    """One row an item, in the order of the file: construct, code, wordings, reverse, short."""
    return [
        {
            "construct": item.construct,
            "code": item.code,
            **{WORDING + language: item.wording.get(language, "") for language in study.languages},
            "reverse": item.reverse,
            "short": item.short,
        }
        for item in study.items.values()
    ]


def with_items(study: Study, rows: Iterable[Row]) -> Study:
    """The study with the items that ``rows`` describe; a construct keeps the order of its rows.

    A new item takes the rating scale of its construct's first. Rows without anything in them are passed
    over. What the study file's own rules say of the result is left to the loader. Raises RowError.
    """
    known = {construct.code: construct for construct in study.constructs}
    items: dict[str, list[Item]] = {code: [] for code in known}
    seen: dict[str, int] = {}
    for number, row in enumerate(rows, start=1):
        if not any(
            str(value or "").strip() for name, value in row.items() if name not in ("reverse", "short")
        ):
            continue
        item = _item(study, known, number, row)
        if item.code in seen:
            raise RowError(
                f"row {number}, code: {item.code!r} is the code of row {seen[item.code]} too; change one"
            )
        seen[item.code] = number
        items[item.construct].append(item)
    empty = next((code for code, own in items.items() if not own), None)
    if empty is not None:
        raise RowError(
            f"construct {empty!r} has no item left; a construct needs one, or delete it in the file"
        )
    constructs = tuple(
        replace(construct, items=tuple(items[construct.code])) for construct in study.constructs
    )
    return replace(study, constructs=constructs)


def _item(study: Study, known: Mapping[str, Construct], number: int, row: Row) -> Item:
    construct, code = (str(row.get(name) or "").strip() for name in ("construct", "code"))
    if construct not in known:
        raise RowError(
            f"row {number}, construct: there is no construct {construct!r}; choose one of {', '.join(known)}"
        )
    if not code:
        raise RowError(f"row {number}, code: an item needs a code of its own, such as {construct}9")
    wording = {}
    for language in study.languages:
        text = str(row.get(WORDING + language) or "").strip()
        if not text:
            raise RowError(
                f"row {number}, wording {language}: {code} has no wording in {language}; write one"
            )
        wording[language] = text
    before = study.items.get(code)
    scale = before.scale if before else known[construct].items[0].scale
    return Item(code, construct, wording, scale, bool(row.get("reverse")), bool(row.get("short", True)))
