"""From rows read to rows analysed, who was flagged for what, and the answers as given."""

from __future__ import annotations

import streamlit as st

from analysis.pages import charts
from analysis.pages.bench import Bench, analysis_of, note, show
from analysis.pages.showing import document_of, section_of, show_section
from analysis.pages.work import Report
from questionnaire.piping import say as in_language


def render(bench: Bench) -> None:
    """The analysis, once there is one."""
    show(analysis_of(bench), bench.say, lambda report: _page(bench, report))


def _page(bench: Bench, report: Report) -> None:
    say, result, study = bench.say, report.result, bench.study
    document = document_of(bench, report)
    st.subheader(say("flow_chart"))
    st.altair_chart(charts.flow_chart(result.flow, say))
    st.subheader(say("flag_map"))
    drawn = charts.flag_map(result.flags, say)
    if drawn is None:
        st.write(say("flag_none"))
    else:
        chart, shown, flagged = drawn
        note(say("flag_map_note", shown=flagged, total=len(result.flags)))
        if shown < flagged:
            note(say("flag_map_cut", shown=shown))
        st.altair_chart(chart)
    st.subheader(say("likert"))
    note(say("likert_note"))
    answered = set(result.measurement.categories["item"])
    constructs = {c.code: c for c in study.constructs if answered & {i.code for i in c.items}}
    code = st.selectbox(
        say("construct"),
        list(constructs),
        format_func=lambda c: in_language(constructs[c].name, say.language, study.languages[0]),
    )
    if code is not None:
        items = [item.code for item in constructs[code].items]
        st.altair_chart(charts.likert(result.measurement.categories, items, say))
    show_section(bench, section_of(document, "data"))
