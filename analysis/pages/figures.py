"""The one way charts are shown: drawn, told to who does not see them, and everything of them to take away."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, cast

import streamlit as st

from analysis.pages.bench import Bench, Chosen, note
from analysis.pages.offering import offer
from analysis.pages.printing import table_of
from analysis.pages.sources import InFile, Live
from analysis.reporting.document import Figure, Section, Table
from analysis.reporting.drawing import Drawing, Spec, figure
from analysis.reporting.html import section_html

if TYPE_CHECKING:
    import altair as alt
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
UNMOVED = {"labelFlush": False}
MOST_ROWS = 100
"""Rows of a table read on a page; a file holds all of them."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing, or what makes it, with its name and caption; made into a file when somebody asks for it."""

    key: str
    caption: str
    drawing: Drawing | alt.TopLevelMixin | Callable[[], Drawing]

    @property
    def spec(self) -> Spec:
        """The drawing as Vega-Lite, as wide as its place; one of the report keeps its own height."""
        drawing = self.drawing() if callable(self.drawing) else self.drawing
        if not isinstance(drawing, Drawing):
            return drawing.to_dict()
        return {"autosize": {"type": "fit-x", "contains": "padding"}, **drawing.alone()}


def draw(
    bench: Bench,
    drawing: Drawing | alt.TopLevelMixin,
    key: str,
    caption: str,
    frame: pd.DataFrame,
    code: str = "",
) -> None:
    """A chart with its caption, and below it its figures as a table and every file of both.

    ``code`` makes it again; the analysis's own command where it is left out.
    """
    chart = Chart(key, caption, drawing)
    st.vega_lite_chart(spec=_on_page(chart.spec), alt=caption, key=f"chart {key}")
    take(bench, bench.say("figure_data"), table_of(key, caption, frame, bench.say), chart, code=code)


def _on_page(spec: Spec) -> Spec:
    """A copy, since the framework changes what it is given; labels of kinds stay beside their rows.

    The framework moves the first and last label inwards, as is right for numbers only.
    """
    own = deepcopy(spec)
    own["config"] = {"axisBand": UNMOVED, "axisPoint": UNMOVED, **own.get("config", {})}
    return own


def tabulate(bench: Bench, key: str, caption: str, frame: pd.DataFrame, code: str) -> None:
    """A table to read, and below it its files and the ``code`` that makes it again."""
    table = table_of(key, caption, frame, bench.say)
    _read(table)
    with st.expander(bench.say("downloads")):
        part_files(bench, table, code=code)


def take(bench: Bench, label: str, table: Table, *charts: Chart, code: str = "") -> None:
    """Below ``label`` the figures of what is drawn above, and the files: of the table and of the charts."""
    with st.expander(label):
        _read(replace(table, rows=table.rows[:MOST_ROWS]))
        if len(table.rows) > MOST_ROWS:
            note(bench.say("figure_more", shown=MOST_ROWS, total=len(table.rows)))
        part_files(bench, table, *charts, code=code)


def _read(table: Table) -> None:
    st.html(section_html(Section(table.key, table.caption, tables=(table,))))


def part_files(bench: Bench, *parts: Table | Figure | Chart, code: str = "") -> None:
    """A row of buttons for each part, and what makes it again; a file is made when its button is pressed."""
    for part in parts:
        if isinstance(part, Table):
            makers, label = _table_files(part), "download_table"
        else:
            makers, label = _figure_files(bench, part), "download_figure"
        with st.container(horizontal=True):
            for kind, make in makers.items():
                name = f"{part.key.replace(' ', '_')}.{kind}"
                said = bench.say(label, kind=kind.upper())
                offer(bench, said, make, name, MIME[kind], key=f"file {part.key} {kind}")
    again(bench, code)


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


def figure_of(part: Figure | Chart) -> Figure:
    """A chart as a drawing of its own in the report's type; a figure of the report as it is."""
    if isinstance(part, Figure):
        return part
    return figure(part.key, part.caption, {"width": WIDTH, **part.spec})


def _table_files(table: Table) -> dict[str, Callable[[], bytes]]:
    return {kind: partial(_table_bytes, table, kind) for kind in TABLE_KINDS}


def _figure_files(bench: Bench, part: Figure | Chart) -> dict[str, Callable[[], bytes]]:
    # A PNG is drawn here, in this machine's fonts; an SVG where it is looked at.
    kinds = FIGURE_KINDS if letters_found(bench) else ("svg",)
    return {kind: partial(_figure_bytes, part, kind) for kind in kinds}


def letters_found(bench: Bench) -> bool:
    """Whether this machine can draw the letters of the page's language."""
    from analysis.reporting.fonts import draws_chinese

    return not bench.say.language.startswith("zh") or draws_chinese()


def _table_bytes(table: Table, kind: str) -> bytes:
    from analysis.reporting.downloads import table_bytes

    return table_bytes(table, cast("TableKind", kind))


def _figure_bytes(part: Figure | Chart, kind: str) -> bytes:
    from analysis.reporting.downloads import figure_bytes

    return figure_bytes(figure_of(part), cast("FigureKind", kind))
