"""The verdicts first, then what the interactions look like."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from analysis.pages import chart_probes
from analysis.pages.bench import Bench, analysis_of, note, show
from analysis.pages.chart_groups import group_forest
from analysis.pages.showing import document_of, section_of, show_section
from analysis.pages.work import Report
from analysis.reporting.html import section_html
from analysis.reporting.numbers import number
from analysis.reporting.sections_structure import study_names
from analysis.synergy.group_paths import GroupPaths
from analysis.synergy.probe import Probe
from analysis.unavailable import Unavailable


def render(bench: Bench) -> None:
    """The analysis, once there is one."""
    show(analysis_of(bench), bench.say, lambda report: _page(bench, report))


def _page(bench: Bench, report: Report) -> None:
    document = document_of(bench, report)
    verdicts = section_of(document, "verdicts")
    if verdicts is not None:
        st.html(section_html(replace(verdicts, tables=(), figures=())))
    _probes(bench, report.result.probes)
    for compared in report.result.group_comparisons:
        if isinstance(compared.found, GroupPaths):
            st.subheader(f"{bench.say('groups')}: {compared.hypothesis}")
            st.altair_chart(group_forest(compared.found.paths, bench.say))
    if verdicts is not None:
        show_section(bench, replace(verdicts, paragraphs=()), cards=False)
    for key in ("probes", "groups"):
        show_section(bench, section_of(document, key))


def _probes(bench: Bench, found: tuple[Probe | Unavailable, ...]) -> None:
    say = bench.say
    usable = [probe for probe in found if not isinstance(probe, Unavailable)]
    for probe in found:
        if isinstance(probe, Unavailable):
            note(say("probe_not", reason=probe.reason))
    choices = {
        (k, str(row.predictor), str(row.moderator)): probe
        for k, probe in enumerate(usable)
        for row in probe.regions.itertuples()
    }
    if not choices:
        st.info(say("probes_none"))
        return
    names = study_names(bench.study, say.language)
    st.subheader(say("probe"))
    chosen = st.selectbox(
        say("probe"),
        list(choices),
        format_func=lambda c: f"{choices[c].model}: {c[1]} × {c[2]} → {choices[c].outcome}",
        label_visibility="collapsed",
    )
    if chosen is not None:
        _probe(bench, choices[chosen], chosen[1], chosen[2], names)


def _probe(bench: Bench, probe: Probe, predictor: str, moderator: str, names: dict[str, str]) -> None:
    say = bench.say

    def called(code: str) -> str:
        return names.get(code, code)

    blanks = {
        "predictor": called(predictor),
        "moderator": called(moderator),
        "outcome": called(probe.outcome),
    }
    slopes = _of(probe.slopes, predictor, moderator)
    slopes = slopes[slopes["held_at"].fillna(0.0) == 0.0]
    raw = _of(probe.regions, predictor, moderator).astype(object).to_dict("records")[0]
    region = {str(k): (None if v is None or v != v else v) for k, v in raw.items()}
    left, right = st.columns(2)
    with left:
        st.markdown(f"**{say('slopes', **blanks)}**")
        st.altair_chart(chart_probes.slope_forest(slopes, say))
    with right:
        st.markdown(f"**{say('jn', **blanks)}**")
        bounds = ", ".join(number(b, 2) for b in (region["lower"], region["upper"]) if b is not None)
        note(
            say(
                "jn_region",
                **blanks,
                shape=say.known(f"shape_{region['shape']}", str(region["shape"])),
                bounds=bounds or say("none"),
                low=number(region["observed_min"], 2),
                high=number(region["observed_max"], 2),
            )
        )
        shown: dict[str, Any] = {**region, "predictor": called(predictor), "moderator": called(moderator)}
        st.altair_chart(chart_probes.johnson_neyman(slopes, shown, say))
    predicted = probe.predicted
    pair = predicted[predicted[["first", "second"]].isin([predictor, moderator]).all(axis=1)]
    if not pair.empty:
        _surface(bench, pair.replace({"first": names, "second": names}), blanks)


def _of(frame: pd.DataFrame, predictor: str, moderator: str) -> pd.DataFrame:
    return frame[(frame["predictor"] == predictor) & (frame["moderator"] == moderator)]


def _surface(bench: Bench, pair: pd.DataFrame, blanks: dict[str, str]) -> None:
    say, outcome = bench.say, blanks["outcome"]
    left, right = st.columns(2)
    with left:
        st.markdown(f"**{say('slope_lines', **blanks)}**")
        st.altair_chart(chart_probes.slope_lines(pair, blanks["predictor"], blanks["moderator"], outcome))
        st.markdown(f"**{say('balance', outcome=outcome)}**")
        st.altair_chart(chart_probes.balance_map(pair, outcome))
    with right:
        st.markdown(f"**{say('surface', outcome=outcome)}**")
        st.plotly_chart(chart_probes.surface(pair, outcome))
        with st.expander(say("surface_values")):
            st.table(pair.pivot_table(index="second_at", columns="first_at", values="value").round(2))
