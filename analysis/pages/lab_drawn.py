"""What is drawn of a model of the lab: its paths, and its bootstrap."""

from __future__ import annotations

import streamlit as st

from analysis.pages.bench import Bench, note, pick
from analysis.pages.draw_histogram import histogram
from analysis.pages.draw_work import column_of
from analysis.pages.figures import draw, part_files, tabulate
from analysis.pages.lab_trial import Drawn, Tried
from analysis.reporting.diagram import path_diagram
from analysis.reporting.document import Figure, Section
from analysis.reporting.html import section_html
from analysis.reporting.sections_structure import study_names
from analysis.unavailable import Unavailable


def diagram(bench: Bench, name: str, tried: Tried, code: str) -> None:
    """The path diagram, of one group where there are several."""
    say = bench.say
    groups = list(dict.fromkeys(tried.estimates["group"]))
    estimates = tried.estimates[tried.estimates["group"] == groups[0]]
    if len(groups) > 1:
        group = pick(say, "lab group shown", list(map(str, groups)), str, say("lab_group"))
        estimates = tried.estimates[tried.estimates["group"].astype(str) == group]
    if not estimates["op"].isin(["=~", "~"]).any():
        st.info(say("lab_no_diagram"))
        return
    caption = say("lab_diagram", name=name)
    svg, width = path_diagram(estimates, study_names(bench.study, say.language), caption)
    figure = Figure(f"diagram_{name}", caption, svg, width)
    with st.container(key="diagram"):
        st.html(section_html(Section("", "", figures=(figure,))))
    note(say("diagram_colours"))
    part_files(bench, figure, code=code)


def bootstrapped(bench: Bench, name: str, drawn: Drawn | Unavailable, code: str) -> None:
    """Errors and intervals from the draws, and the draws of one parameter."""
    say = bench.say
    if isinstance(drawn, Unavailable):
        asked_for = drawn.reason != "not asked for"
        st.info(say("probe_not", reason=drawn.reason) if asked_for else say("lab_bootstrap_none"))
        return
    for problem in drawn.problems:
        st.warning(say.told(problem))
    note(say("lab_drawn", n=len(drawn.draws), failed=drawn.failed))
    free = drawn.estimates[drawn.estimates["se"] > 0]
    shown = free[["lhs", "op", "rhs", "est", "bias", "se", "ci_lower", "ci_upper"]]
    made = f"{code}{name}.bootstrap().estimates"
    tabulate(bench, f"bootstrap {name}", say("lab_bootstrap_table"), shown, made)
    chosen = st.selectbox(say("path"), list(map(str, drawn.draws.columns)), key=f"draws {name}")
    caption = say("lab_draws", path=chosen)
    st.markdown(f"**{caption}**")
    known = {column_of(row): float(row["est"]) for row in drawn.estimates.to_dict("records")}
    chart, frame = histogram(drawn.draws[chosen].to_numpy(dtype=float), known.get(chosen), say)
    draw(bench, chart, f"draws {name}", caption, frame, code)
