"""The whole report, to read and to take away."""

from __future__ import annotations

import streamlit as st

from analysis.pages.bench import Bench, note, show_analysis
from analysis.pages.figures import again, part_files
from analysis.pages.offering import offer
from analysis.pages.showing import chosen_section, document_of
from analysis.pages.work import Report
from analysis.reporting.document import Figure, Table


def render(bench: Bench) -> None:
    """The analysis, once there is one."""
    show_analysis(bench, _page)


def _page(bench: Bench, report: Report) -> None:
    say = bench.say
    document = document_of(bench, report)
    note(document.subtitle)
    offer(bench, say("download"), lambda: report.archive, "synergy-report.zip", "application/zip")
    again(bench)
    section = chosen_section(say, document)
    parts: tuple[Table | Figure, ...] = (*section.tables, *section.figures)
    for part in parts:
        with st.expander(say("files_of", caption=part.caption)):
            part_files(bench, part)
