"""The mapping corrected by hand: one column, several in their order, or all by a saved mapping."""

from __future__ import annotations

import hashlib

import streamlit as st

from analysis.importing import Mapping, to_json, with_saved
from analysis.pages.bench import Bench, note
from analysis.pages.import_account import refusal
from analysis.preparation.answers import AnswersError
from questionnaire.instrument import Check, Item, Question
from questionnaire.piping import PIPE
from questionnaire.piping import say as in_language

LEAST_IN_ORDER = 2
SHOWN = 12
"""Pairs listed before columns are given to items in their order; the rest follow the same rule."""


def correct(bench: Bench, at: str, mapping: Mapping, absent: tuple[str, ...]) -> Mapping | None:
    """The mapping as someone corrected it just now, None where nobody did."""
    with st.expander(bench.say("import_correct"), expanded=bool(absent)):
        one = _one(bench, mapping, absent)
        several = _several(bench, mapping, absent)
    with st.expander(bench.say("import_saved")):
        saved = _saved(bench, at, mapping)
    return one or several or saved


def _one(bench: Bench, mapping: Mapping, absent: tuple[str, ...]) -> Mapping | None:
    say = bench.say
    names = [str(name) for name in mapping.recognised.export.rows.columns]
    # What has no column comes first: it is what a correction is mostly for.
    codes = [*absent, *(code for code in bench.study.answer_codes() if code not in absent)]
    code = st.selectbox(say("import_code"), codes, format_func=lambda code: _wording(bench, code))
    now = mapping.columns.get(code)
    held = {match.column: match.code for match in mapping.matches}
    column = st.selectbox(
        say("import_column"),
        [None, *names],
        index=0 if now is None else names.index(now) + 1,
        format_func=lambda name: say("import_none") if name is None else _heading(mapping, name, held, code),
        key=f"column of {code}",
    )
    if st.button(say("import_apply")):
        return mapping.corrected(code, column)
    return None


def _several(bench: Bench, mapping: Mapping, absent: tuple[str, ...]) -> Mapping | None:
    """Items without a column given to the free columns from one on, in the study's order."""
    say = bench.say
    items = [code for code in bench.study.items if code in absent]
    held = {match.column for match in mapping.matches}
    free = [name for name in map(str, mapping.recognised.export.rows.columns) if name not in held]
    if min(len(items), len(free)) < LEAST_IN_ORDER:
        return None
    st.markdown(f"**{say('import_several')}**")
    first = st.selectbox(
        say("import_several_first", n=len(items)),
        free,
        index=None,
        placeholder=say("import_choose_column"),
        format_func=lambda name: _heading(mapping, name, {}, ""),
    )
    if first is None:
        return None
    pairs = list(zip(items, free[free.index(first) :], strict=False))
    for code, name in pairs[:SHOWN]:
        note(f"{_heading(mapping, name, {}, '')} → {_wording(bench, code)}")
    if len(pairs) > SHOWN:
        note(say("import_several_more", n=len(pairs) - SHOWN))
    if st.button(say("import_several_apply", n=len(pairs))):
        for code, name in pairs:
            mapping = mapping.corrected(code, name)
        return mapping
    return None


def _saved(bench: Bench, at: str, mapping: Mapping) -> Mapping | None:
    say = bench.say
    note(say("import_saved_note"))
    text = to_json(bench.study, mapping)
    st.download_button(say("import_save"), text, f"{bench.study.code}.mapping.json", "application/json")
    given = st.file_uploader(say("import_use_saved"), type=["json"])
    if given is None:
        return None
    content = given.getvalue()
    used = f"{at} {hashlib.sha256(content).hexdigest()}"
    if st.session_state.get("mapping used") == used:
        st.success(say("import_saved_used", name=given.name))
        return None
    try:
        corrected = with_saved(
            bench.study, mapping, content.decode("utf-8-sig", errors="replace"), given.name
        )
    except AnswersError as error:
        st.error(refusal(error, bench.say))
        return None
    st.session_state["mapping used"] = used
    return corrected


def _heading(mapping: Mapping, name: str, held: dict[str, str], code: str) -> str:
    """A column's name, its wording where the file has one, and which item holds it already."""
    label = mapping.recognised.export.labels.get(name, "")
    said = f"{name} · {label}" if label and label != name else name
    other = held.get(name, code)
    return said if other == code else f"{said} → {other}"


def _wording(bench: Bench, code: str) -> str:
    """The code with what it asks."""
    study = bench.study
    others: list[Check | Question] = [*study.checks, *study.questions]
    asked: dict[str, Item | Check | Question] = {**study.items, **{one.code: one for one in others}}
    if code not in asked:
        return code
    wording = PIPE.sub("…", in_language(asked[code].wording, bench.say.language, study.languages[0]))
    return f"{code} · {wording}"
