"""What must hold among languages, scales, constructs, items and dimensions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from questionnaire.instrument import Role
from questionnaire.study_file.values import LANGUAGE
from questionnaire.suggestion import suggestion

if TYPE_CHECKING:
    from questionnaire.study import Study
    from questionnaire.study_file.problems import Collector

RESERVED = frozenset(
    (
        *("respondent", "wave", "language", "form", "version", "status", "started_at", "finished_at"),
        *("seconds_total", "synthetic", "consent_level"),
    )
)
"""Columns of the answers table that no element may be called."""
MAX_POINTS = 11


def check_instrument(study: Study, problems: Collector) -> None:
    """Report every fault in the structure of what is measured."""
    _languages(study, problems)
    _scales(study, problems)
    _codes(study, problems)
    _items(study, problems)
    _dimensions(study, problems)


def _languages(study: Study, problems: Collector) -> None:
    if not study.languages and problems.intact("languages"):
        problems.add("languages", "no language is named", "List at least one, as in [zh-CN, en].")
    for index, code in enumerate(study.languages):
        if not LANGUAGE.fullmatch(code):
            problems.add(
                f"languages[{index}]", f'"{code}" is not a language code', 'Write one like "en" or "zh-CN".'
            )
        elif code in study.languages[:index]:
            problems.add(f"languages[{index}]", f'the language "{code}" stands twice', "Remove one.")


def _scales(study: Study, problems: Collector) -> None:
    for scale in study.scales:
        path = f"scales[{scale.code}]"
        if not 2 <= scale.points <= MAX_POINTS and problems.intact(f"{path}.points"):
            what = f"{scale.points} points"
            problems.add(f"{path}.points", what, f"A scale has 2 to {MAX_POINTS} points.")
        for language in study.languages:
            labels = scale.labels.get(language)
            where = f"{path}.labels.{language}"
            if not problems.intact(f"{path}.labels"):
                continue
            if labels is None:
                problems.add(
                    f"{path}.labels",
                    f'the labels in "{language}" are missing',
                    f"Add {language}: [a label for each point].",
                )
            elif len(labels) != scale.points and problems.intact(f"{path}.points", where):
                what = f"{len(labels)} labels for {scale.points} points"
                problems.add(where, what, "Give every point one label, lowest first.")
        for language in [name for name in scale.labels if name not in study.languages]:
            mend = suggestion(language, study.languages)
            problems.add(f"{path}.labels.{language}", f'"{language}" is not a language of this study', mend)


def _elements(study: Study) -> Iterator[tuple[str, str]]:
    """Path and code of everything that becomes a column or a model variable."""
    for construct in study.constructs:
        yield f"constructs[{construct.code}]", construct.code
        for item in construct.items:
            yield f"constructs[{construct.code}].items[{item.code}]", item.code
    yield from ((f"dimensions[{d.code}]", d.code) for d in study.dimensions)
    yield from ((f"questions[{q.code}]", q.code) for q in study.questions)
    yield from ((f"checks[{c.code}]", c.code) for c in study.checks)


def _codes(study: Study, problems: Collector) -> None:
    owner: dict[str, str] = {}
    for path, code in _elements(study):
        if not code:
            continue
        if code in RESERVED or code.startswith(("seconds_", "order_", "answered_", "changes_", "panel_")):
            what = f'"{code}" is the name of a column the answers table keeps for itself'
            problems.add(f"{path}.code", what, "Choose another code.")
        elif code in owner and owner[code] != path:
            what = f'the code "{code}" is already used by {owner[code]}'
            problems.add(f"{path}.code", what, "Give every element a code of its own.")
        # A code listed twice in one list was reported while reading.
        owner.setdefault(code, path)


def _items(study: Study, problems: Collector) -> None:
    scales = {scale.code for scale in study.scales}
    dimensions = {dimension.code for dimension in study.dimensions}
    for construct in study.constructs:
        path = f"constructs[{construct.code}]"
        if not construct.items and problems.intact(f"{path}.items"):
            problems.add(f"{path}.items", "the construct has no items", "List the items that measure it.")
        if construct.dimension and construct.dimension not in dimensions and problems.intact("dimensions"):
            what = f'the dimension "{construct.dimension}" is not defined'
            problems.add(f"{path}.dimension", what, suggestion(construct.dimension, dimensions))
        if len({item.scale for item in construct.items if item.scale in scales}) > 1:
            mend = "Use one scale within a construct; its items are averaged."
            problems.add(f"{path}.items", "the items are answered on different scales", mend)
        for item in construct.items:
            if item.scale and item.scale not in scales and problems.intact("scales"):
                where = f"{path}.items[{item.code}].scale"
                problems.add(
                    where, f'the scale "{item.scale}" is not defined', suggestion(item.scale, scales)
                )
            if item.construct and item.construct != construct.code and construct.code:
                where = f"{path}.items[{item.code}].construct"
                what = f'the item says it belongs to "{item.construct}"'
                problems.add(where, what, f"It stands under {construct.code}; leave the key out.")


def _dimensions(study: Study, problems: Collector) -> None:
    owner = {construct.code: construct.dimension for construct in study.constructs}
    for dimension in study.dimensions:
        path = f"dimensions[{dimension.code}].facets"
        for index, facet in enumerate(dimension.facets):
            if facet not in owner:
                if facet and problems.intact("constructs"):
                    what = f'the facet "{facet}" is not a construct'
                    problems.add(f"{path}[{index}]", what, suggestion(facet, owner))
            elif owner[facet] != dimension.code and problems.intact(f"constructs[{facet}]"):
                what = f'"{facet}" is listed as a facet, but that construct names '
                what += f'the dimension "{owner[facet]}"' if owner[facet] else "no dimension"
                mend = f"Write dimension: {dimension.code} at {facet}, or take it off this list."
                problems.add(f"{path}[{index}]", what, mend)
        for construct in study.constructs:
            if (
                construct.dimension == dimension.code
                and construct.code not in dimension.facets
                and problems.intact(path)
            ):
                what = f'the construct "{construct.code}" names this dimension but is not listed'
                problems.add(path, what, f"Add {construct.code} to the facets.")
    for construct in study.constructs:
        if (
            construct.role is Role.FACET
            and not construct.dimension
            and problems.intact(f"constructs[{construct.code}]")
        ):
            where = f"constructs[{construct.code}].dimension"
            problems.add(
                where,
                "a facet belongs to a dimension, and none is named",
                "Add dimension:, or change the role.",
            )
