"""Loadings, reliability, distinctness of the constructs and whatever else the measurement part found."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from analysis.pages import charts
from analysis.pages.bench import Bench, note, part_of, show_analysis
from analysis.pages.figures import draw
from analysis.pages.showing import document_of, section_of, show_section
from analysis.pages.work import Report
from analysis.reporting.charts_groups import MEASURES, ladder, step_names
from analysis.reporting.charts_measures import htmt_map
from analysis.reporting.sections_invariance import invariance_name
from analysis.reporting.wording import words
from analysis.unavailable import Unavailable

OMEGA = 0.70
"""Nunnally and Bernstein (1994)."""
PARTS = ("quality", "distinct", "invariance", "tables")
TABLES = ("measurement", "dimensionality", "method_bias")


def render(bench: Bench) -> None:
    """The analysis, once there is one."""
    show_analysis(bench, _page)


def _page(bench: Bench, report: Report) -> None:
    document = document_of(bench, report)
    match part_of(bench.say, "measurement", PARTS):
        case "quality":
            _quality(bench, report)
        case "distinct":
            _distinct(bench, report)
        case "invariance":
            _invariance(bench, report)
            show_section(bench, section_of(document, "invariance"))
        case _:
            show_section(bench, *(section_of(document, key) for key in TABLES))


def _quality(bench: Bench, report: Report) -> None:
    say, found = bench.say, report.result.measurement
    left, right = st.columns(2)
    with left:
        st.subheader(say("loadings"))
        loaded = found.items.dropna(subset=["loading"])
        frame = loaded[["item", "construct", "loading"]]
        draw(bench, charts.loadings(loaded, say), "loadings", say("loadings"), frame)
    with right:
        st.subheader(say("reliability"))
        known = found.constructs[pd.to_numeric(found.constructs["omega"], errors="coerce").notna()]
        frame = known[["construct", "omega"]].astype({"omega": float})
        draw(bench, charts.reliability(known, OMEGA, say), "reliability", say("reliability"), frame)


def _distinct(bench: Bench, report: Report) -> None:
    say, htmt = bench.say, report.result.measurement.htmt
    st.subheader(say("htmt"))
    if isinstance(htmt, Unavailable):
        st.write(say("probe_not", reason=htmt.reason))
        return
    note(say("htmt_note"))
    square = htmt.reset_index(names="construct")
    drawing = htmt_map(htmt, words(say.language))
    draw(bench, drawing, "htmt", say("htmt"), square)


def _invariance(bench: Bench, report: Report) -> None:
    say, own = bench.say, words(bench.say.language)
    for entry in report.result.invariances:
        if entry.of or isinstance(entry.found, Unavailable):
            # One factor's ladder of several: the report's table has them beside each other. Why there is
            # none, its sentences say.
            continue
        name = invariance_name(entry, bench.study, own)
        st.subheader(name)
        steps = entry.found.ladder
        holds = [own("holds_yes" if value else "holds_no") for value in steps["holds"]]
        named = steps.assign(level=step_names(steps, own), holds=holds)[["level", *MEASURES, "holds"]]
        for column, measure in zip(st.columns(2), MEASURES, strict=True):
            key = f"ladder {entry.grouping} {entry.indicators} {measure}"
            caption = say("ladder", group=name, measure=measure.upper())
            with column:
                draw(bench, ladder(steps, measure, own), key, caption, named)
    if not report.result.invariances:
        st.info(say("no_groups"))
