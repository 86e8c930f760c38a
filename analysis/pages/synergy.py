"""The verdicts first, then what the interactions look like."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pandas as pd
import streamlit as st

from analysis.pages import chart_probes
from analysis.pages.bench import Bench, note, part_of, show_analysis
from analysis.pages.chart_groups import group_forest
from analysis.pages.figures import draw, take
from analysis.pages.showing import document_of, section_of, show_section, show_text
from analysis.pages.work import Report
from analysis.reporting.document import Section
from analysis.reporting.numbers import number
from analysis.reporting.sections_structure import study_names
from analysis.synergy.group_paths import GroupPaths
from analysis.synergy.probe import Probe
from analysis.unavailable import Unavailable

PARTS = ("verdicts", "interactions", "groups", "tables")
TABLES = ("verdicts", "results", "probes", "necessity", "waves")
LINES = (-1.0, 0.0, 1.0)


def render(bench: Bench) -> None:
    """The analysis, once there is one."""
    show_analysis(bench, lambda report: _page(bench, report))


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
    counts = Counter(card.verdict for card in section.cards)
    st.markdown(" · ".join(f"**{n}** {verdict}" for verdict, n in counts.most_common()))
    show_text(section)


def _groups(bench: Bench, report: Report) -> None:
    for compared in report.result.group_comparisons:
        caption = f"{bench.say('groups')}: {compared.hypothesis}"
        st.subheader(caption)
        if isinstance(compared.found, GroupPaths):
            paths = compared.found.paths
            draw(bench, group_forest(paths, bench.say), f"groups {compared.hypothesis}", caption, paths)
        else:
            note(bench.say("probe_not", reason=compared.found.reason))
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
    key = f"{probe.model} {probe.outcome} {predictor} {moderator}"
    left, right = st.columns(2)
    with left:
        caption = say("slopes", **blanks)
        st.markdown(f"**{caption}**")
        shown = slopes[["at", "slope", "se", "pvalue", "ci_lower", "ci_upper"]]
        draw(bench, chart_probes.slope_forest(slopes, say), f"slopes {key}", caption, shown)
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
        named: dict[str, Any] = {**region, "predictor": called(predictor), "moderator": called(moderator)}
        chart = chart_probes.johnson_neyman(slopes, named, say)
        draw(bench, chart, f"region {key}", caption, chart_probes.band(slopes, region))
    predicted = probe.predicted
    pair = predicted[predicted[["first", "second"]].isin([predictor, moderator]).all(axis=1)]
    if not pair.empty:
        _surface(bench, pair.replace({"first": names, "second": names}), blanks, key)


def _of(frame: pd.DataFrame, predictor: str, moderator: str) -> pd.DataFrame:
    return frame[(frame["predictor"] == predictor) & (frame["moderator"] == moderator)]


def _surface(bench: Bench, pair: pd.DataFrame, blanks: dict[str, str], key: str) -> None:
    say, outcome = bench.say, blanks["outcome"]
    rows = pair[["first", "first_at", "second", "second_at", "value"]]
    left, right = st.columns(2)
    with left:
        caption = say("slope_lines", **blanks)
        st.markdown(f"**{caption}**")
        chart = chart_probes.slope_lines(pair, blanks["predictor"], blanks["moderator"], outcome)
        draw(
            bench,
            chart,
            f"lines {key}",
            caption,
            rows[rows[["first_at", "second_at"]].isin(LINES).any(axis=1)],
        )
        caption = say("balance", outcome=outcome)
        st.markdown(f"**{caption}**")
        draw(bench, chart_probes.balance_map(pair, outcome), f"balance {key}", caption, rows)
    with right:
        caption = say("surface", outcome=outcome)
        st.markdown(f"**{caption}**")
        st.plotly_chart(
            chart_probes.surface(pair, outcome),
            config=chart_probes.camera(f"surface {key}"),
            alt=caption,
            key=f"surface {key}",
        )
        note(say("surface_png"))
        take(bench, f"surface {key}", caption, chart_probes.grid(pair), None, say("figure_data"))
