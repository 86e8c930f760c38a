"""The one way charts are shown: drawn, told to who does not see them, and everything of them to take away."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, cast

import streamlit as st

from analysis.pages.bench import Bench, Chosen, note
from analysis.pages.offering import offer
from analysis.pages.printing import table_of
from analysis.pages.sources import InFile, Live
from analysis.reporting.document import Figure, Section, Table
from analysis.reporting.html import section_html

if TYPE_CHECKING:
    import pandas as pd

    from analysis.reporting.downloads import FigureKind, TableKind

TABLE_KINDS = ("csv", "xlsx", "tex")
FIGURE_KINDS = ("png", "svg")
MIME = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "tex": "application/x-tex",
    "png": "image/png",
    "svg": "image/svg+xml",
}
WIDTH = 640
"""Pixels a chart is wide in a file; on a page it takes the width that there is."""
MOST_ROWS = 100
"""Rows of a table read on a page; a file holds all of them."""


def draw(bench: Bench, chart: Any, key: str, caption: str, frame: pd.DataFrame, code: str = "") -> None:
    """An Altair chart with its caption, and below it its figures as a table and every file of both.

    ``code`` makes it again; the analysis's own command where it is left out.
    """
    st.altair_chart(chart, alt=caption, key=f"chart {key}")
    take(bench, key, caption, frame, chart, bench.say("figure_data"), code)


def tabulate(bench: Bench, key: str, caption: str, frame: pd.DataFrame, code: str) -> None:
    """A table to read, and below it its files and the ``code`` that makes it again."""
    table = table_of(key, caption, frame, bench.say)
    _read(table)
    with st.expander(bench.say("downloads")):
        files(bench, key, _table_files(table))
        again(bench, code)


def take(
    bench: Bench, key: str, caption: str, frame: pd.DataFrame, chart: Any, label: str, code: str = ""
) -> None:
    """Below ``label`` the figures of a chart, and the files: of the table, and of ``chart`` if it is one."""
    say = bench.say
    with st.expander(label):
        table = table_of(key, caption, frame, say)
        _read(Table(key, caption, table.columns, table.rows[:MOST_ROWS], table.numeric))
        if len(table.rows) > MOST_ROWS:
            note(say("figure_more", shown=MOST_ROWS, total=len(table.rows)))
        files(bench, key, _table_files(table))
        if chart is not None:
            files(bench, f"{key} drawn", _figure_files(bench, partial(figure_of, chart, key, caption)))
        again(bench, code)


def _read(table: Table) -> None:
    st.html(section_html(Section(table.key, table.caption, tables=(table,))))


def part_files(bench: Bench, part: Table | Figure) -> None:
    """The files of a table or figure of the report, and the command that makes it again."""
    makers = _table_files(part) if isinstance(part, Table) else _figure_files(bench, lambda: part)
    files(bench, part.key, makers)
    again(bench)


def files(bench: Bench, key: str, makers: dict[str, Callable[[], bytes]]) -> None:
    """A row of buttons; a file is made when its button is pressed."""
    with st.container(horizontal=True):
        for kind, make in makers.items():
            label = "download_table" if kind in TABLE_KINDS else "download_figure"
            name = f"{key.removesuffix(' drawn').replace(' ', '_')}.{kind}"
            offer(
                bench, bench.say(label, kind=kind.upper()), make, name, MIME[kind], key=f"file {key} {kind}"
            )


def again(bench: Bench, code: str = "") -> None:
    """What makes it again: ``code``, or the commands for everything of this analysis."""
    chosen = bench.chosen
    if not code and chosen is not None:
        code = command(bench, chosen)
    if code:
        note(bench.say("again"))
        st.code(code, language=None, wrap_lines=True)


def command(bench: Bench, chosen: Chosen) -> str:
    """``synergy analyse`` for the answers chosen, in the page's language."""
    code = bench.study.code
    study, answers, store, before = f"data/studies/{code}.yaml", "answers.csv", "", ""
    if isinstance(chosen.source, InFile):
        answers = f"data/demo/{chosen.source.path.name}"
    elif isinstance(chosen.source, Live):
        # The store's address may hold a password and is not shown.
        store = ' --db "$SYNERGY_DB"'
        before = f"synergy export {study}{store} --finished --to {answers}\n"
    end = f"--out report --seed {chosen.seed} --language {bench.say.language}"
    return f"{before}synergy analyse {study} {answers}{store} {end}"


def figure_of(chart: Any, key: str, caption: str) -> Figure:
    """The chart as a drawing of its own, in the report's type."""
    import vl_convert

    from analysis.reporting.diagram import FONTS

    spec = chart.properties(width=WIDTH).to_dict()
    spec["config"] = {"background": "white", **spec.get("config", {}), "font": FONTS.replace("'", "")}
    return Figure(key, caption, vl_convert.vegalite_to_svg(spec), WIDTH)


def _table_files(table: Table) -> dict[str, Callable[[], bytes]]:
    return {kind: partial(_table_bytes, table, kind) for kind in TABLE_KINDS}


def _figure_files(bench: Bench, make: Callable[[], Figure]) -> dict[str, Callable[[], bytes]]:
    # A PNG is drawn here, in this machine's fonts; an SVG where it is looked at.
    kinds = FIGURE_KINDS if letters_found(bench) else ("svg",)
    return {kind: partial(_figure_bytes, make, kind) for kind in kinds}


def letters_found(bench: Bench) -> bool:
    """Whether this machine can draw the letters of the page's language."""
    from analysis.reporting.fonts import draws_chinese

    return not bench.say.language.startswith("zh") or draws_chinese()


def _table_bytes(table: Table, kind: str) -> bytes:
    from analysis.reporting.downloads import table_bytes

    return table_bytes(table, cast("TableKind", kind))


def _figure_bytes(make: Callable[[], Figure], kind: str) -> bytes:
    from analysis.reporting.downloads import figure_bytes

    return figure_bytes(make(), cast("FigureKind", kind))
