"""The analyst's workbench: a study, its answers, and one page for each question put to them."""

from __future__ import annotations

import importlib
from pathlib import Path

import streamlit as st

from analysis.pages.bench import Bench, Chosen, note, pick
from analysis.pages.keeping import keep, take_up
from analysis.pages.sources import InFile, Live, LiveGroups, Source
from analysis.pages.words import Words, words
from analysis.reporting.html import style
from questionnaire.access.roles import Permission
from questionnaire.exchange.table import completed
from questionnaire.pages.spoken import speak, spoken
from questionnaire.pages.visitor import may, visitor
from questionnaire.pages.words import console_language
from questionnaire.piping import say
from questionnaire.service import Fielding
from questionnaire.web.site import Site, current

STYLE = Path(__file__).with_name("workbench.css")
LANGUAGES = {"en": "English", "zh-CN": "简体中文"}
PAGES = ("data", "screening", "measurement", "structure", "synergy", "lab", "planning", "report")
"""A module each, read when it is opened: the first page does not wait for the libraries of all others."""
OPEN = ("data", "planning")
"""Pages that show nothing computed from the chosen answers."""


def render() -> None:
    """Language, study and page; then the page."""
    st.set_page_config(layout="wide")
    st.html(f"<style>{style()}{STYLE.read_text('utf-8')}</style>")
    account = visitor(current()).account
    mine = "" if account is None else account.id
    take_up(mine)
    try:
        _render()
    finally:
        # Also where the run ends early, as it does when the tab is reloaded.
        keep(mine)


def _render() -> None:
    say_it = _head()
    site = current()
    bench = _bench(site, _choose_study(site, say_it), say_it)
    kept = bench.chosen
    if kept is not None and not may(site, _needed(kept.source)):
        # Chosen while someone was signed in; whoever looks now is not.
        bench.choose(None)
    page = pick(say_it, "page", PAGES, lambda name: say_it(f"view_{name}"), say_it("view"))
    st.header(say_it(f"view_{page}"))
    if bench.chosen is not None and page not in OPEN:
        note(say_it("analysed_data", name=_called(bench.chosen, say_it), seed=bench.chosen.seed))
    if bench.chosen is not None and isinstance(bench.chosen.source, LiveGroups) and page not in OPEN:
        # Whatever else a page computes from answers, it does not get to see these.
        from analysis.pages import group_results

        group_results.render(bench, report=page == "report")
        return
    importlib.import_module(f"analysis.pages.{page}").render(bench)


def _needed(source: Source) -> Permission:
    if isinstance(source, InFile):
        return Permission.TRY_DEMO
    return Permission.SEE_RESULTS if isinstance(source, LiveGroups) else Permission.READ_ANSWERS


def _called(chosen: Chosen, say_it: Words) -> str:
    """What was chosen, in the page's language even if it was chosen in another."""
    match chosen.source:
        case InFile():
            return say_it("demo")
        case LiveGroups():
            return say_it("live_groups", n=chosen.name)
        case Live():
            return say_it("live", n=chosen.name)
        case _:
            return chosen.name


def _head() -> Words:
    """The title with the choice of a language beside it; the words of that language."""
    language = console_language(spoken())
    say_it = words(language)
    with st.container(
        key="head", horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        st.title(say_it("title"), width="content")
        st.segmented_control(
            "Language / 语言",
            list(LANGUAGES),
            default=language,
            format_func=LANGUAGES.__getitem__,
            required=True,
            key="language",
            # Before the run: the page's frame, made first, speaks it too.
            on_change=lambda: speak(st.session_state["language"]),
            label_visibility="collapsed",
        )
    return say_it


def _choose_study(site: Site, say_it: Words) -> Fielding:
    def title(code: str) -> str:
        study = site.fieldings[code].study
        return say(study.title, say_it.language, study.languages[0])

    kept = st.session_state.get("study")
    codes = list(site.fieldings)
    key = f"study in {say_it.language}"
    st.session_state.setdefault(key, kept if kept in site.fieldings else codes[0])
    chosen = st.selectbox(say_it("study"), codes, format_func=title, key=key)
    st.session_state["study"] = chosen
    return site.fieldings[chosen]


def _bench(site: Site, fielding: Fielding, say_it: Words) -> Bench:
    study = fielding.study
    finished = completed(fielding.storage.respondents(study.content_hash))
    latest = max((stored.updated_at for stored in finished), default="")
    text = fielding.storage.study(study.content_hash).text
    return Bench(study, text, say_it, site.database, len(finished), latest)
