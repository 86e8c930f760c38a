"""Choose answers, look at how they were read, and start the analysis."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import streamlit as st

from analysis.pages.bench import Bench, Chosen, analysis_of, ask, group_results_of, show
from analysis.pages.offering import analysed
from analysis.pages.sources import STEP, InFile, Live, LiveGroups, demo_answers, in_steps
from questionnaire.access.roles import Permission
from questionnaire.pages.visitor import visitor
from questionnaire.web.site import current

if TYPE_CHECKING:
    from analysis.pages.work import Report

SEED_WIDTH = 240
"""Pixels: wide enough for ten digits and the buttons."""


def render(bench: Bench) -> None:
    """Source and seed, then the button."""
    say = bench.say
    demo = demo_answers(bench.study.code) if os.environ.get("SYNERGY_DEMO") else None
    account = visitor(current()).account
    sources = {"demo": say("demo")} if demo else {}
    if account is not None and account.may(Permission.READ_ANSWERS):
        sources = {"live": say("live", n=bench.finished), "upload": say("upload")} | sources
    elif account is not None and account.may(Permission.SEE_RESULTS):
        sources = {"groups": say("live_groups", n=in_steps(bench.finished))} | sources
    kept = st.session_state.get("source")
    # Nothing is chosen for anyone, unless there is nothing else.
    alone = 0 if len(sources) == 1 else None
    index = list(sources).index(kept) if kept in sources else alone
    source = st.radio(say("answers"), list(sources), format_func=sources.__getitem__, index=index)
    st.session_state["source"] = source
    place = st.container()
    seed = st.session_state.get("seed", 1)
    seed = int(st.number_input(say("seed"), 0, value=seed, step=1, help=say("seed_help"), width=SEED_WIDTH))
    st.session_state["seed"] = seed
    version = bench.study.content_hash
    chosen = None
    if source == "live" and bench.finished:
        key = ("live", version, bench.finished, bench.latest, seed)
        chosen = Chosen(key, str(bench.finished), Live(bench.database), seed)
    elif source == "live":
        place.info(say("nobody"))
    elif source == "groups":
        with place:
            chosen = _groups(bench, seed)
    elif source == "demo" and demo is not None:
        chosen = Chosen(("demo", version, seed), demo.name, InFile(demo), seed)
    elif source == "upload":
        from analysis.pages import importer

        with place:
            chosen = importer.choose(bench, seed)
    bench.choose(chosen)
    if chosen is None:
        return
    if st.button(say("analyse"), type="primary"):
        analysed(bench)
        ask(chosen.key)
    job = analysis_of(bench)
    if job is not None:
        show(chosen.key, job, say, lambda report: _ready(bench, report))
    groups = group_results_of(bench)
    if groups is not None:
        show(chosen.key, groups, say, lambda _: _groups_ready(bench))


def _groups(bench: Bench, seed: int) -> Chosen | None:
    """What viewers may have analysed, once there are enough respondents."""
    from analysis.reporting.for_viewers import FEWEST

    n = in_steps(bench.finished)
    if n < FEWEST:
        st.info(bench.say("groups_few", fewest=FEWEST, step=STEP))
        return None
    key = ("groups", bench.study.content_hash, bench.finished, bench.latest, seed)
    return Chosen(key, str(n), LiveGroups(bench.database), seed)


def _groups_ready(bench: Bench) -> None:
    st.success(bench.say("groups_ready"))


def _ready(bench: Bench, report: Report) -> None:
    st.success(bench.say("ready", n=report.result.flow[-1].n))
