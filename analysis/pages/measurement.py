"""Loadings, reliability, distinctness of the constructs and whatever else the measurement part found."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from analysis.pages import charts
from analysis.pages.bench import Bench, analysis_of, show
from analysis.pages.chart_groups import ladder
from analysis.pages.showing import document_of, section_of, show_section
from analysis.pages.work import Report
from analysis.reporting.sections_invariance import invariance_name
from analysis.reporting.wording import words
from analysis.unavailable import Unavailable

OMEGA = 0.70
"""Nunnally and Bernstein (1994)."""
HTMT = 0.85
"""Henseler, Ringle and Sarstedt (2015)."""


def render(bench: Bench) -> None:
    """The analysis, once there is one."""
    show(analysis_of(bench), bench.say, lambda report: _page(bench, report))


def _page(bench: Bench, report: Report) -> None:
    say, found = bench.say, report.result.measurement
    document = document_of(bench, report)
    left, right = st.columns(2)
    with left:
        st.subheader(say("loadings"))
        loaded = found.items.dropna(subset=["loading"])
        st.altair_chart(charts.loadings(loaded, say))
    with right:
        st.subheader(say("reliability"))
        known = found.constructs[pd.to_numeric(found.constructs["omega"], errors="coerce").notna()]
        st.altair_chart(charts.reliability(known, OMEGA, say))
        st.subheader(say("htmt"))
        if isinstance(found.htmt, Unavailable):
            st.write(say("probe_not", reason=found.htmt.reason))
        else:
            st.altair_chart(charts.htmt_map(found.htmt, HTMT))
    show_section(bench, section_of(document, "measurement"))
    for entry in report.result.invariances:
        if not isinstance(entry.found, Unavailable) and not entry.of:
            name = invariance_name(entry, words(say.language), bench.study.languages[0])
            st.subheader(say("ladder", group=name))
            st.altair_chart(ladder(entry.found.ladder, say))
    show_section(bench, section_of(document, "invariance"))
    show_section(bench, section_of(document, "method_bias"))
