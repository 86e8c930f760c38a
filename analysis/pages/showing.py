"""Parts of the composed report on a page: the same tables, to the digit, that the report prints."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, cast

import streamlit as st

from analysis.pages.bench import Bench
from analysis.pages.offering import offer
from analysis.pages.work import Report
from analysis.reporting.document import Document, Figure, Section, Table
from analysis.reporting.html import section_html

if TYPE_CHECKING:
    from analysis.reporting.downloads import FigureKind, TableKind

TABLE_KINDS = ("csv", "xlsx", "tex")
FIGURE_KINDS = ("png", "svg")


def document_of(bench: Bench, report: Report) -> Document:
    """The report in the page's language, its stamp shown."""
    document = report.documents[bench.say.language]
    if document.stamp:
        st.warning(document.stamp)
    return document


def section_of(document: Document, key: str) -> Section | None:
    """The section of that key, None where this report has none."""
    return next((section for section in document.sections if section.key == key), None)


def show_section(bench: Bench, section: Section | None, *, figures: bool = True, cards: bool = True) -> None:
    """The section's paragraphs, cards, figures and tables, then their downloads."""
    if section is None:
        return
    shown = section if figures else replace(section, figures=())
    shown = shown if cards else replace(shown, cards=())
    st.html(section_html(shown))
    downloads(bench, section)


def downloads(bench: Bench, section: Section) -> None:
    """Every table and figure of the section as a file."""
    say = bench.say
    parts: dict[str, Table | Figure] = {table.key: table for table in section.tables}
    parts |= {figure.key: figure for figure in section.figures}
    if not parts:
        return
    with st.expander(say("downloads")):
        key = st.selectbox(
            say("what_to_download"),
            list(parts),
            format_func=lambda name: parts[name].caption,
            key=f"part of {section.key}",
        )
        part = parts[key]
        label = "download_table" if isinstance(part, Table) else "download_figure"
        for kind in TABLE_KINDS if isinstance(part, Table) else FIGURE_KINDS:
            offer(
                bench,
                say(label, kind=kind.upper()),
                partial(_bytes, part, kind),
                f"{key}.{kind}",
                key=f"{section.key} {kind}",
            )


def _bytes(part: Table | Figure, kind: str) -> bytes:
    from analysis.reporting.downloads import figure_bytes, table_bytes

    if isinstance(part, Table):
        return table_bytes(part, cast("TableKind", kind))
    return figure_bytes(part, cast("FigureKind", kind))
