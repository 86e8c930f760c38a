"""The whole report, to read and to take away."""

from __future__ import annotations

import streamlit as st

from analysis.pages.bench import Bench, analysis_of, note, show
from analysis.pages.offering import offer
from analysis.pages.showing import document_of, downloads
from analysis.pages.work import Report
from analysis.reporting.html import section_html


def render(bench: Bench) -> None:
    """The analysis, once there is one."""
    show(analysis_of(bench), bench.say, lambda report: _page(bench, report))


def _page(bench: Bench, report: Report) -> None:
    say = bench.say
    document = document_of(bench, report)
    note(document.subtitle)
    offer(bench, say("download"), lambda: report.archive, "synergy-report.zip", "application/zip")
    seed = report.result.seed
    note(say("again"))
    st.code(
        f"synergy analyse {bench.study.code}.yaml answers.csv --out report --seed {seed}",
        language=None,
        wrap_lines=True,
    )
    for section in document.sections:
        st.subheader(section.title)
        st.html(section_html(section))
        downloads(bench, section)
