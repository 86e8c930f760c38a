"""The works that the rest of the report cites: listed because the text names them, and no others."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import yaml

from analysis.reporting.document import Section
from analysis.reporting.wording import Words

KEY = "references"
_FILE = Path(__file__).parent / "references.yaml"


def references_section(sections: Sequence[Section], source: str, words: Words) -> Section:
    """Every work of the list that ``sections`` cite, by author, after the study's own ``source``."""
    said = "\n".join(text for section in sections for text in _texts(section))
    cited = tuple(entry for pattern, entry in _works() if pattern.search(said))
    own = (words("references_study", source=source),) if source else ()
    return Section(KEY, words("references"), (*own, *cited))


def _texts(section: Section) -> Iterator[str]:
    yield from section.paragraphs
    for figure in section.figures:
        yield figure.note
    for table in section.tables:
        yield table.note
        # Cells with citations are those of the checklist; items and their sources are the study's.
        if table.key == "checklist":
            yield from (cell for row in table.rows for cell in row)


@cache
def _works() -> tuple[tuple[re.Pattern[str], str], ...]:
    """A pattern for "Author (year)", "Author et al., year" and their Chinese forms, with the entry."""
    works = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return tuple(
        (re.compile(rf"\b{author}\b[^;；.。()（]{{0,40}}(?:al\.[,\s]*)?[(（]?{year}"), work["entry"])
        for work in works
        for author, year in [work["cited"]]
    )
