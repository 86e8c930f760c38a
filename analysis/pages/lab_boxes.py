"""The lab's text boxes: where a model comes from, its text with what is wrong in it, and a way back."""

from __future__ import annotations

from typing import Any

import streamlit as st

from analysis.jobs import State
from analysis.pages.bench import Bench, analysis_of, note
from analysis.pages.lab_text import Fault, Read, all_constructs, look, names_of, starts, with_parameter
from analysis.pages.words import Words
from analysis.pipeline.result import FittedModel
from questionnaire.study import Study

NAMES = ("A", "B", "C")
"""Models that can be set side by side."""
MOST_BACK = 30
"""Steps back that are kept of each box."""


def text_of(study: Study, name: str) -> str:
    """The text of that box as it stands; the first starts with all constructs, the others with the first."""
    kept = st.session_state.get(_at(study, name))
    if kept is not None:
        return str(kept)
    return all_constructs(study) if name == NAMES[0] else text_of(study, NAMES[0])


def put(study: Study, name: str, text: str) -> None:
    """A new text in that box; the one before can be had back."""
    before = text_of(study, name)
    if text != before:
        back = st.session_state.setdefault(f"{_at(study, name)} before", [])
        back.append(before)
        del back[:-MOST_BACK]
        st.session_state[_at(study, name)] = text


def add_parameter(study: Study, name: str, lhs: str, op: str, rhs: str) -> None:
    """One more parameter in that box."""
    put(study, name, with_parameter(text_of(study, name), lhs, op, rhs))


def box(bench: Bench, name: str, ordered: dict[str, int] | None) -> tuple[str, bool]:
    """The box of one model: its text, and whether it is one."""
    say, study = bench.say, bench.study
    offered = _offered(bench)
    at = f"{_at(study, name)} start in {say.language}"
    st.selectbox(
        say("lab_start", name=name),
        list(offered),
        index=None,
        placeholder=say("lab_start_none"),
        key=at,
        on_change=_begin,
        args=(study, name, at, offered),
    )
    # Another language makes another widget of it, and another page makes it go away; the text is kept here.
    key = f"{_at(study, name)} box in {say.language}"
    st.session_state[key] = text_of(study, name)
    st.text_area(
        say("lab_syntax", name=name),
        height=240,
        help=say("lab_syntax_help"),
        key=key,
        on_change=_typed,
        args=(study, name, key),
    )
    text = text_of(study, name)
    back = st.session_state.get(f"{_at(study, name)} before", [])
    if back:
        st.button(say("lab_back"), key=f"undo {study.code} {name}", on_click=_go_back, args=(study, name))
    found = look(text, names_of(study), ordered)
    _tell(found, say)
    return text, isinstance(found, Read)


def _offered(bench: Bench) -> dict[str, str]:
    """What to start from: all constructs, the study's models, and those the analysis has fitted."""
    found = {bench.say("lab_empty"): all_constructs(bench.study)}
    found |= starts(bench.study)
    job = analysis_of(bench)
    if job is not None and job.state is State.DONE:
        fitted = (m for m in job.result.result.models if isinstance(m, FittedModel))
        found |= {model.model: model.syntax for model in fitted if model.model not in found}
    return found


def _begin(study: Study, name: str, at: str, offered: dict[str, str]) -> None:
    chosen = st.session_state.get(at)
    if chosen is not None:
        put(study, name, offered[chosen])
    st.session_state[at] = None


def _typed(study: Study, name: str, key: str) -> None:
    put(study, name, str(st.session_state[key]))


def _go_back(study: Study, name: str) -> None:
    back = st.session_state[f"{_at(study, name)} before"]
    st.session_state[_at(study, name)] = back.pop()


def _tell(found: Fault | Read, say: Words) -> None:
    if isinstance(found, Fault):
        told(found, say)
        return
    note(say("lab_ok", n=found.formulas, free=found.free))
    if found.twice:
        note(say("lab_twice", names=", ".join(found.twice)))


def told(fault: Fault, say: Words) -> None:
    """What is wrong, how to mend it, and the line with a mark under the character."""
    st.error(mended(say.told(fault.message), fault.mend, say))
    if fault.marked:
        # Only fixed-width type keeps the mark under its character.
        st.code(f"{fault.marked}\n{say.told(fault.where)}", language=None)
    elif fault.where:
        note(say.told(fault.where))


def mended(message: str, mend: str, say: Words) -> str:
    """What is wrong and how to mend it, each a sentence."""
    how = say.told(mend)
    found = [message.rstrip(".。")] + ([how[0].upper() + how[1:].rstrip(".。")] if how else [])
    # A question has its mark already.
    return say("sentences").join(found) + ("" if found[-1].endswith(("?", "？")) else say("full_stop"))


def _at(study: Study, name: str) -> str:
    return f"lab {study.code} {name}"


def kept_choice(say: Words, name: str, label: str, options: list[Any], called: Any, **more: Any) -> Any:
    """A list to choose from whose choice outlives pages and languages."""
    key = f"{name} in {say.language}"
    kept = st.session_state.get(name)
    if st.session_state.get(key) not in options:
        st.session_state[key] = kept if kept in options else options[0]
    chosen = st.selectbox(label, options, format_func=called, key=key, **more)
    st.session_state[name] = chosen
    return chosen
