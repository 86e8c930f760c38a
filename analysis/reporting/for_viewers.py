"""The report for those who may see results about groups and nothing about one respondent.

Only what is listed here is shown, so that a table added to the report stays with those who may read answers
until someone has thought about it. Left out are tables of counts that can be one person's (screening, items'
extremes, groups of a few), observed minima and maxima, ceilings that single respondents decide, and every
remark, because remarks name groups with their sizes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from analysis.pipeline.result import AnalysisResult, FlowStep, GroupComparison, VerdictRow
from analysis.reporting.compose import compose
from analysis.reporting.document import Document, Section, Table
from analysis.reporting.wording import words as words_in
from analysis.unavailable import Unavailable

SMALLEST_CELL = 10
"""A figure about fewer people than this is not shown."""

FEWEST = 30
"""With fewer respondents than this there are no results for viewers at all."""

WITHHELD = "the reason is shown to those who may read answers"

SHOWN: Mapping[str, tuple[str, ...]] = {
    "verdicts": ("verdicts", "gate"),
    "results": (),
    "structure": ("paths_", "fit", "comparisons"),
    "probes": ("simple_slopes", "opposed", "congruence", "balance", "matchings"),
    "groups": ("group_paths_", "group_differences_"),
    "waves": ("lags_", "multipliers_", "wave_fits_"),
    "measurement": ("constructs", "htmt", "fornell_larcker", "parallel", "exploratory"),
    "dimensionality": ("general_factor", "group_factors", "discriminant"),
    "method_bias": ("marker_ladder", "method_correlations", "method_reliability"),
}
"""Sections and their tables: a whole key, or how keys begin when it ends in ``_``."""

FIGURES = ("forest", "diagram_", "htmt_map")
SENTENCES = ("verdicts", "results", "structure")
"""Sections whose paragraphs are written from figures of the whole sample once reasons are withheld."""

LEFT_OUT = ("reason", "note", "mend")
"""Columns of free text, by their words."""


class TooFewError(Exception):
    """There are too few respondents for results about groups."""


def for_viewers(result: AnalysisResult, language: str) -> Document:
    """The report of groups; TooFewError when fewer than FEWEST respondents were analysed."""
    analysed = result.flow[-1].n if result.flow else 0
    if analysed < FEWEST:
        raise TooFewError(f"fewer than {FEWEST} respondents were analysed")
    document = compose(_withheld(result, analysed), language)
    words = words_in(language)
    columns = frozenset(words(key) for key in LEFT_OUT)
    counts = frozenset({"n", words("n")})
    sections = [_shown(section, columns, counts) for section in document.sections if section.key in SHOWN]
    kept = (s for s in sections if s.tables or s.figures or s.cards or s.paragraphs)
    subtitle = words(
        "subtitle_groups",
        n=analysed,
        screening=result.screening,
        scoring=result.scoring,
        version=result.study.version,
        seed=result.seed,
    )
    return replace(document, subtitle=subtitle, sections=tuple(kept))


def _withheld(result: AnalysisResult, analysed: int) -> AnalysisResult:
    """The result without reasons and without how many rows were set aside."""
    checks = tuple(replace(check, note="") for check in result.gate.checks)
    return replace(
        result,
        verdicts=tuple(_verdict(row) for row in result.verdicts),
        group_comparisons=tuple(_comparison(one) for one in result.group_comparisons),
        gate=replace(result.gate, checks=checks),
        flow=(FlowStep("analysed", analysed, 0, ""),),
    )


def _verdict(row: VerdictRow) -> VerdictRow:
    return replace(row, reason=WITHHELD) if row.reason else row


def _comparison(comparison: GroupComparison) -> GroupComparison:
    found = comparison.found
    small = not isinstance(found, Unavailable) and int(found.paths["n"].min()) < SMALLEST_CELL
    if small or isinstance(found, Unavailable):
        return replace(comparison, found=Unavailable(WITHHELD))
    return comparison


def _shown(section: Section, columns: frozenset[str], counts: frozenset[str]) -> Section:
    tables = tuple(
        _table(table, columns, counts) for table in section.tables if _listed(table.key, SHOWN[section.key])
    )
    return replace(
        section,
        paragraphs=section.paragraphs if section.key in SENTENCES else (),
        figures=tuple(figure for figure in section.figures if _listed(figure.key, FIGURES)),
        tables=tuple(table for table in tables if table.rows),
    )


def _listed(key: str, names: tuple[str, ...]) -> bool:
    return any(key.startswith(name) if name.endswith("_") else key == name for name in names)


def _table(table: Table, columns: frozenset[str], counts: frozenset[str]) -> Table:
    """Without columns of remarks and without rows about too few."""
    kept = [place for place, column in enumerate(table.columns) if column not in columns]
    counted = [place for place, column in enumerate(table.columns) if column in counts]
    rows = [row for row in table.rows if not any(_few(row[place]) for place in counted)]
    return replace(
        table,
        columns=tuple(table.columns[place] for place in kept),
        numeric=tuple(table.numeric[place] for place in kept),
        rows=tuple(tuple(row[place] for place in kept) for row in rows),
    )


def _few(cell: str) -> bool:
    digits = cell.replace(",", "").strip()
    return digits.isdigit() and int(digits) < SMALLEST_CELL
