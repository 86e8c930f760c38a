"""The verdicts first, then what the interactions look like."""

from __future__ import annotations

from collections import Counter
from functools import partial
from html import escape

import pandas as pd
import streamlit as st

from analysis.pages.bench import Bench, note, part_of, show_analysis
from analysis.pages.figures import Chart, draw, take
from analysis.pages.printing import table_of
from analysis.pages.showing import document_of, section_of, show_section, show_text
from analysis.pages.turning import camera, turning
from analysis.pages.work import Report
from analysis.reporting.chart_surface import surface_view
from analysis.reporting.charts_groups import group_forest
from analysis.reporting.charts_probes import (
    LEVELS,
    Titles,
    slope_levels,
    slope_lines,
    slope_regions,
    surface_map,
)
from analysis.reporting.document import Section
from analysis.reporting.names import named_paths
from analysis.reporting.numbers import number
from analysis.reporting.sections_structure import study_names
from analysis.reporting.wording import words as report_words
from analysis.synergy.curves import slope_band
from analysis.synergy.group_paths import GroupPaths
from analysis.synergy.probe import Probe
from analysis.unavailable import Unavailable

PARTS = ("verdicts", "interactions", "groups", "tables")
TABLES = ("verdicts", "results", "probes", "necessity", "waves")


def render(bench: Bench) -> None:
    """The analysis, once there is one."""
    show_analysis(bench, _page)


def _page(bench: Bench, report: Report) -> None:
    document = document_of(bench, report)
    match part_of(bench.say, "synergy", PARTS):
        case "verdicts":
            _verdicts(section_of(document, "verdicts"))
        case "interactions":
            _probes(bench, report.result.probes)
        case "groups":
            _groups(bench, report)
            show_section(bench, section_of(document, "groups"))
        case _:
            show_section(bench, *(section_of(document, key) for key in TABLES))


def _verdicts(section: Section | None) -> None:
    """How many of each verdict, then a card a hypothesis."""
    if section is None:
        return
    counts = Counter((card.tone, card.verdict) for card in section.cards)
    tallies = (
        f'<li class="{tone}"><b>{n}</b>{escape(verdict)}</li>' for (tone, verdict), n in counts.most_common()
    )
    st.html(f'<ul class="tally">{"".join(tallies)}</ul>')
    show_text(section)


def _groups(bench: Bench, report: Report) -> None:
    own = report_words(bench.say.language)
    for compared in report.result.group_comparisons:
        # Why there is nothing to draw, the report's sentences below say.
        if isinstance(compared.found, GroupPaths):
            caption = f"{bench.say('groups')}: {compared.hypothesis}"
            st.subheader(caption)
            paths = named_paths(report.result, compared, compared.found, own)
            draw(bench, group_forest(paths, own), f"groups {compared.hypothesis}", caption, paths)
    if not report.result.group_comparisons:
        st.info(bench.say("no_groups"))


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

    def called(code: str) -> str:
        return names.get(code, code)

    chosen = st.selectbox(
        say("probe"),
        list(choices),
        format_func=lambda c: (
            f"{called(c[1])} × {called(c[2])} → {called(choices[c].outcome)} ({choices[c].model})"
        ),
        key="interaction",
        persist_state="session",
    )
    if chosen is not None:
        _probe(bench, choices[chosen], chosen[1], chosen[2], names)


def _probe(bench: Bench, probe: Probe, predictor: str, moderator: str, names: dict[str, str]) -> None:
    say, own = bench.say, report_words(bench.say.language)
    blanks = {
        role: names.get(code, code)
        for role, code in (("predictor", predictor), ("moderator", moderator), ("outcome", probe.outcome))
    }
    titles = Titles(
        own("in_sd", name=blanks["predictor"]),
        own("in_sd", name=blanks["moderator"]),
        own("predicted_sd", outcome=blanks["outcome"]),
    )
    slopes, region = probe.slopes_of(predictor, moderator), probe.region_of(predictor, moderator)
    key = f"{probe.model} {probe.outcome} {predictor} {moderator}"
    left, right = st.columns(2)
    with left:
        caption = say("slopes", **blanks)
        st.markdown(f"**{caption}**")
        shown = slopes[["at", "slope", "se", "pvalue", "ci_lower", "ci_upper"]]
        draw(bench, slope_levels(slopes, titles, own), f"slopes {key}", caption, shown)
    with right:
        caption = say("jn", **blanks)
        st.markdown(f"**{caption}**")
        bounds = ", ".join(number(b, 2) for b in (region["lower"], region["upper"]) if b is not None)
        told = say(
            "jn_region",
            **blanks,
            shape=say.known(f"shape_{region['shape']}", str(region["shape"])),
            bounds=bounds or say("none"),
            low=number(region["observed_min"], 2),
            high=number(region["observed_max"], 2),
        )
        note(told)
        chart = slope_regions(slopes, region, titles, own)
        band = slope_band(slopes, region)[["at", "slope", "ci_lower", "ci_upper"]]
        draw(bench, chart, f"region {key}", caption, band)
    known = probe.predicted_of(predictor, moderator)
    if not known.empty:
        _surface(bench, known.replace({"first": names, "second": names}), titles, blanks, key)


def _surface(bench: Bench, known: pd.DataFrame, titles: Titles, blanks: dict[str, str], key: str) -> None:
    say, own = bench.say, report_words(bench.say.language)
    rows = known[["first", "first_at", "second", "second_at", "value", "se", "ci_lower", "ci_upper"]]
    left, right = st.columns(2)
    with left:
        caption = say("slope_lines", **blanks)
        st.markdown(f"**{caption}**")
        lines = slope_lines(known, titles, own)
        draw(bench, lines, f"lines {key}", caption, rows[rows["second_at"].isin(LEVELS)])
        caption = say("balance", **blanks)
        st.markdown(f"**{caption}**")
        draw(bench, surface_map(known, titles), f"balance {key}", caption, rows)
    with right:
        caption, name = say("surface", **blanks), f"surface {key}"
        st.markdown(f"**{caption}**")
        short = Titles(blanks["predictor"], blanks["moderator"], blanks["outcome"])
        st.plotly_chart(turning(known, short), config=camera(name), alt=caption, key=name)
        note(say("surface_files"))
        table = table_of(name, caption, rows, say)
        take(bench, say("figure_data"), table, Chart(name, caption, partial(surface_view, known, titles)))
