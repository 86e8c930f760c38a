"""From rows read to rows analysed, who was flagged for what, and the answers as given."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from analysis.pages import charts
from analysis.pages.bench import Bench, note, part_of, show_analysis
from analysis.pages.figures import draw
from analysis.pages.showing import document_of, section_of, show_section
from analysis.pages.work import Report
from analysis.reporting.charts_measures import answer_shares
from analysis.reporting.wording import words
from questionnaire.piping import say as in_language

PARTS = ("flow", "flags", "answers", "tables")


def render(bench: Bench) -> None:
    """The analysis, once there is one."""
    show_analysis(bench, _page)


def _page(bench: Bench, report: Report) -> None:
    document = document_of(bench, report)
    match part_of(bench.say, "screening", PARTS):
        case "flow":
            _flow(bench, report)
        case "flags":
            _flags(bench, report)
        case "answers":
            _answers(bench, report)
        case _:
            show_section(bench, section_of(document, "data"))


def _flow(bench: Bench, report: Report) -> None:
    say, flow = bench.say, report.result.flow
    st.subheader(say("flow_chart"))
    told = [replace(step, stage=say.told(step.stage), note=say.told(step.note)) for step in flow]
    rows = [(step.stage, step.n, step.removed, step.note) for step in told]
    frame = pd.DataFrame(rows, columns=["stage", "n", "removed", "note"])
    draw(bench, charts.flow_chart(tuple(told), say), "flow", say("flow_chart"), frame)


def _flags(bench: Bench, report: Report) -> None:
    say, flags = bench.say, report.result.flags
    st.subheader(say("flag_map"))
    drawn = charts.flag_map(flags, say)
    if drawn is None:
        st.write(say("flag_none"))
        return
    chart, shown, flagged = drawn
    note(say("flag_map_note", shown=flagged, total=len(flags)))
    if shown < flagged:
        note(say("flag_map_cut", shown=shown))
    draw(bench, chart, "flags", say("flag_map"), charts.flagged_rows(flags, say))


def _answers(bench: Bench, report: Report) -> None:
    say, study, found = bench.say, bench.study, report.result.measurement
    st.subheader(say("likert"))
    note(say("likert_note"))
    answered = set(found.categories["item"])
    constructs = {c.code: c for c in study.constructs if answered & {i.code for i in c.items}}
    code = st.selectbox(
        say("construct"),
        list(constructs),
        format_func=lambda c: in_language(constructs[c].name, say.language, study.languages[0]),
        key="construct",
        persist_state="session",
    )
    asked = {item.code: item for item in constructs[code].items}
    own = found.categories[found.categories["item"].isin(list(asked))]
    caption = f"{say('likert')}: {in_language(constructs[code].name, say.language, study.languages[0])}"
    points = {item: study.scale(asked[item].scale).points for item in asked}
    drawing = answer_shares(found.categories, points, words(say.language))
    draw(bench, drawing, f"answers {code}", caption, own)
    with st.expander(say("wordings")):
        for item in asked.values():
            st.write(f"**{item.code}** {in_language(item.wording, say.language, study.languages[0])}")
