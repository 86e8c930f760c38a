"""The analyst's page: choose answers, run the analysis in a worker, read the report."""

from __future__ import annotations

import os
from collections.abc import Hashable

import streamlit as st

from analysis.jobs import Desk, Job, State
from analysis.pages import work
from analysis.pages.words import Words, words
from analysis.reporting.html import section_html, style
from questionnaire.exchange.table import completed
from questionnaire.piping import say
from questionnaire.service import Fielding
from questionnaire.web.site import Site, current

POLL = "1s"
"""How often a waiting page looks at its job."""


@st.cache_resource
def _desk() -> Desk:
    return Desk()


def render() -> None:
    """Inputs, one call, the report."""
    st.set_page_config(layout="wide")
    site = current()
    names = {"en": "English", "zh-CN": "简体中文"}
    language = st.segmented_control(
        "Language / 语言", list(names), default="en", format_func=names.__getitem__
    )
    say_it = words(language or "en")
    st.title(say_it("title"))
    st.html(f"<style>{style()}</style>")
    fielding = _choose_study(site, say_it)
    seed = int(st.number_input(say_it("seed"), min_value=0, value=1, step=1, help=say_it("seed_help")))
    job = _choose_answers(site, fielding, seed, say_it)
    if job is not None:
        _show(job, say_it)


def _choose_study(site: Site, say_it: Words) -> Fielding:
    def title(code: str) -> str:
        study = site.fieldings[code].study
        return say(study.title, say_it.language, study.languages[0])

    return site.fieldings[st.selectbox(say_it("study"), list(site.fieldings), format_func=title)]


def _choose_answers(site: Site, fielding: Fielding, seed: int, say_it: Words) -> Job | None:
    study = fielding.study
    finished = completed(fielding.storage.respondents(study.content_hash))
    demo = work.demo_answers(study.code) if os.environ.get("SYNERGY_DEMO") else None
    sources = {"live": say_it("live", n=len(finished))} | ({"demo": say_it("demo")} if demo else {})
    # Another language makes another widget of it; the choice itself is kept here.
    chosen = st.session_state.get("source")
    index = list(sources).index(chosen) if chosen in sources else None
    source = st.radio(say_it("answers"), list(sources), format_func=sources.__getitem__, index=index)
    st.session_state["source"] = source
    if source == "live" and finished:
        latest = max(stored.updated_at for stored in finished)
        key: Hashable = ("live", study.content_hash, len(finished), latest, seed)
        return _ask(key, say_it, work.analyse_live, site.database, study.code, seed)
    if source == "demo" and demo is not None:
        text = fielding.storage.study(study.content_hash).text
        return _ask(("demo", study.content_hash, seed), say_it, work.analyse_file, text, demo, seed)
    if source == "live":
        st.info(say_it("nobody"))
    return None


def _ask(key: Hashable, say_it: Words, function: object, *args: object) -> Job | None:
    asked = st.session_state.setdefault("asked", set())
    if st.button(say_it("analyse"), type="primary"):
        asked.add(key)
    return _desk().ask(key, function, *args) if key in asked else None  # type: ignore[arg-type]


def _show(job: Job, say_it: Words) -> None:
    match job.state:
        case State.RUNNING:
            _waiting(job, say_it)
        case State.FAILED:
            st.error(say_it("failed", reason=job.error))
        case State.CANCELLED:
            st.warning(say_it("cancelled"))
        case State.DONE:
            _report(job.result, say_it)


def _waiting(job: Job, say_it: Words) -> None:
    @st.fragment(run_every=POLL)
    def look() -> None:
        if job.state is not State.RUNNING:
            st.rerun()
        st.progress(min(max(job.share, 0.0), 1.0), text=job.doing or say_it("starting"))
        if st.button(say_it("cancel")):
            job.cancel()
            st.rerun()

    look()


def _report(report: work.Report, say_it: Words) -> None:
    document = report.documents[say_it.language]
    if document.stamp:
        st.warning(document.stamp)
    st.caption(document.subtitle)
    st.download_button(say_it("download"), report.archive, "synergy-report.zip", "application/zip")
    for section in document.sections:
        st.header(section.title)
        st.html(section_html(section))
