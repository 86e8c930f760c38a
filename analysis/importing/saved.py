"""A mapping as a file: said once on the page, used again for the next export of the same survey."""

from __future__ import annotations

import json
from typing import Any

from analysis.importing.mapping import Mapping
from analysis.preparation.answers import AnswersError
from questionnaire.study import Study

FORM = "synergy-mapping-1"


def to_json(study: Study, mapping: Mapping) -> str:
    """Columns by code and what was said of values; codes without a column are null."""
    columns = mapping.columns
    said = {
        "form": FORM,
        "study": study.code,
        "columns": {code: columns.get(code) for code in (*_own(study, mapping), *study.answer_codes())},
        "values": mapping.values,
    }
    return json.dumps(said, ensure_ascii=False, indent=1) + "\n"


def with_saved(study: Study, proposed: Mapping, text: str, place: str) -> Mapping:
    """The proposal corrected by a saved mapping.

    Raises AnswersError for a file that is no mapping, is another study's, or names what is not there.
    """
    try:
        said = json.loads(text)
    except ValueError as error:
        raise _error(f"this is no JSON: {error}", place) from error
    if not isinstance(said, dict) or said.get("form") != FORM:
        raise _error("this is no saved mapping", place)
    if said.get("study") != study.code:
        raise _error(f"the mapping was made for the study {said.get('study')}, not {study.code}", place)
    names = set(map(str, proposed.recognised.export.rows.columns))
    known = {*_own(study, proposed), *study.answer_codes()}
    mapping = proposed
    for code, column in _entries(said, "columns", place):
        if code not in known:
            raise _error(f"the study asks nothing of the code {code}", place)
        if column is not None and column not in names:
            raise AnswersError(
                f"the file has no column “{column}”, which the mapping reads {code} from",
                place=place,
                mend="Use the mapping with an export of the same survey, or map the columns anew.",
            )
        if column != mapping.columns.get(code):
            mapping = mapping.corrected(code, column)
    return mapping.with_values(_values(study, said, place))


def _values(study: Study, said: dict[str, Any], place: str) -> dict[str, dict[str, int]]:
    points = {scale.code: scale.points for scale in study.scales}
    points |= {item.code: study.scale(item.scale).points for item in study.items.values()}
    points |= {check.code: study.scale(check.scale).points for check in study.checks}
    for where, table in _entries(said, "values", place):
        if where not in points or not isinstance(table, dict):
            raise _error(f"values: {where} is no scale and no item of the study", place)
        for text, rating in table.items():
            if isinstance(rating, bool) or not isinstance(rating, int) or not 0 <= rating <= points[where]:
                raise _error(f"values, {where}: “{text}” must be 0 to {points[where]}, not {rating}", place)
    return dict(said.get("values", {}))


def _entries(said: dict[str, Any], part: str, place: str) -> list[tuple[str, Any]]:
    table = said.get(part, {})
    if not isinstance(table, dict):
        raise _error(f"{part} must be a table", place)
    return list(table.items())


def _own(study: Study, mapping: Mapping) -> list[str]:
    """Columns of the answers table itself that a tool's own columns were mapped to."""
    codes = set(study.answer_codes())
    return [match.code for match in mapping.matches if match.code not in codes]


def _error(message: str, place: str) -> AnswersError:
    return AnswersError(message, place=place, mend="Save the mapping on the workbench again.")
