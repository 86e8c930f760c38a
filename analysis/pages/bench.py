"""What every page of the workbench is given, and the one way to have something computed."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import streamlit as st

from analysis.jobs import Desk, Job, State
from analysis.pages import work
from analysis.pages.sources import LiveGroups, Source
from analysis.pages.words import Words
from questionnaire.study import Study

MINUTE = 55.0
"""Seconds from which what is left is told in minutes."""
POLL = "1s"
"""How often a waiting page looks at its job."""


@st.cache_resource
def desk() -> Desk:
    """The one desk of this process: two analysts who ask the same question wait for the same job."""
    return Desk()


@dataclass(frozen=True, slots=True)
class Chosen:
    """Answers chosen for analysis; ``key`` changes whenever study, answers or seed do."""

    key: Hashable
    name: str
    source: Source
    seed: int


@dataclass(frozen=True, slots=True)
class Bench:
    """The study at hand, its text, the words of the page and where live answers are."""

    study: Study
    text: str
    say: Words
    database: str
    finished: int
    latest: str

    @property
    def chosen(self) -> Chosen | None:
        """The answers chosen for this study, kept while pages change."""
        return st.session_state.get(f"chosen {self.study.content_hash}")

    def choose(self, chosen: Chosen | None) -> None:
        """Keep the choice."""
        st.session_state[f"chosen {self.study.content_hash}"] = chosen


def note(text: str) -> None:
    """A remark in small type; the framework's own caption is too pale to be read by everyone."""
    st.html(f'<p class="note">{escape(text)}</p>')


def pick(say: Words, name: str, options: Sequence[str], called: Callable[[str], str], label: str = "") -> str:
    """One of a few, side by side; kept under ``name`` while pages and languages change."""
    kept = str(st.session_state.get(name, options[0]))
    # Another language makes another widget of it; the choice itself is kept here.
    key = f"{name} in {say.language}"
    if st.session_state.get(key) not in options:
        st.session_state[key] = kept if kept in options else options[0]
    chosen = st.segmented_control(
        label or name,
        list(options),
        format_func=called,
        key=key,
        required=True,
        # Seen, the word would only take a line: what can be chosen says what it is.
        label_visibility="collapsed",
    )
    st.session_state[name] = chosen
    return str(chosen)


def part_of(say: Words, page: str, parts: Sequence[str]) -> str:
    """Which part of a page is shown: only that part is made and sent."""
    return pick(say, f"part of {page}", parts, lambda part: say(f"part_{part}"), say("part"))


def asked(key: Hashable) -> bool:
    """Whether this session has asked for the job of that key."""
    return key in st.session_state.setdefault("asked", set())


def ask(key: Hashable) -> None:
    """A button was pressed: this session wants the job of that key, anew where it failed before."""
    desk().forget_failure(key)
    st.session_state.setdefault("asked", set()).add(key)


def show_analysis(bench: Bench, page: Callable[[Bench, Any], None]) -> None:
    """The analysis behind all pages as :func:`show` shows a job, then ``page(bench, report)``."""
    chosen = bench.chosen
    key = None if chosen is None else chosen.key
    show(key, analysis_of(bench), bench.say, lambda report: page(bench, report))


def analysis_of(bench: Bench) -> Job | None:
    """The one analysis behind all pages: computed once for the same study, answers and seed."""
    chosen = bench.chosen
    if chosen is None or not asked(chosen.key) or isinstance(chosen.source, LiveGroups):
        return None
    return desk().ask(chosen.key, work.analyse_source, bench.text, chosen.source, chosen.seed)


def group_results_of(bench: Bench) -> Job | None:
    """The report for viewers, where that is what was chosen and asked for."""
    chosen = bench.chosen
    if chosen is None or not asked(chosen.key) or not isinstance(chosen.source, LiveGroups):
        return None
    return desk().ask(chosen.key, work.group_results, bench.text, chosen.source, chosen.seed)


def show(key: Hashable, job: Job | None, say: Words, ready: Callable[[Any], None]) -> None:
    """Progress with a way to stop, what went wrong, or ``ready(result)``; ``key`` is what was asked."""
    if job is None:
        st.info(say("not_yet"))
        return
    match job.state:
        case State.RUNNING:
            _waiting(key, job, say)
        case State.FAILED:
            st.error(say("failed", reason=job.error.rstrip(".")))
        case State.CANCELLED:
            st.warning(say("cancelled"))
        case State.DONE:
            ready(job.result)


def _session() -> str:
    """A name of this session: two analysts may wait for one job, and one of them may stop waiting."""
    return str(st.session_state.setdefault("who waits", uuid.uuid4().hex))


def _doing(job: Job, say: Words) -> str:
    """What is being done and, where that can be told, how much longer it takes."""
    doing = say.told(job.doing) or say("starting")
    left = job.seconds_left()
    if left is None:
        return doing
    if left < MINUTE:
        return f"{doing} · {say('left_seconds', n=10 * max(1, round(left / 10)))}"
    return f"{doing} · {say('left_minutes', n=max(1, round(left / 60)))}"


def _waiting(key: Hashable, job: Job, say: Words) -> None:
    me = _session()

    @st.fragment(run_every=POLL)
    def look() -> None:
        if job.state is not State.RUNNING:
            st.rerun()
        job.look(me)
        st.progress(min(max(job.share, 0.0), 1.0), text=_doing(job, say))
        if st.button(say("cancel")):
            job.leave(me)
            st.session_state["asked"].discard(key)
            st.rerun()

    look()
