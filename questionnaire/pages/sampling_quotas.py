"""The side on quotas: how full each cell is, cells set and removed, what differs from the study file."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from questionnaire.admission.quota import HOLD_MINUTES, Fill, check_cell, hold_cutoff
from questionnaire.fielding.from_file import as_in_file, departures, who
from questionnaire.pages.side import Side, say_what_differs
from questionnaire.piping import say
from questionnaire.recruitment import Cell
from questionnaire.service import utc_now


def quotas(side: Side) -> None:
    """All cells with their places; one is set or removed at a time."""
    study, words = side.study, side.words
    st.caption(words["quotas_help"].format(minutes=HOLD_MINUTES))
    fills = side.storage.field.fill(study.code, hold_cutoff(utc_now()))
    if fills:
        show_fills(fills, words)
    else:
        st.info(words["no_cells"])
    _differences(side, [fill.cell for fill in fills])
    _set_cell(side)
    if fills:
        name = st.selectbox(
            words["remove"], [fill.cell.name for fill in fills], index=None, placeholder=words["choose"]
        )
        if st.button(words["remove"], disabled=name is None) and name is not None:
            side.note("remove quota", name)
            side.storage.field.drop_cell(study.code, name)
            side.said("quota_removed")


def show_fills(fills: tuple[Fill, ...], words: Mapping[str, str]) -> None:
    """Every cell with its places, as a table."""
    st.dataframe(
        [
            {
                words["cell"]: fill.cell.name,
                words["who"]: who(fill.cell) or words["everyone"],
                words["wave"]: fill.cell.wave,
                words["target"]: fill.cell.target,
                words["finished"]: fill.finished,
                words["held"]: fill.held,
                words["left"]: fill.left,
                words["fill"]: fill.finished / fill.cell.target,
            }
            for fill in fills
        ],
        hide_index=True,
        column_config={
            words["fill"]: st.column_config.ProgressColumn(format="percent", min_value=0, max_value=1)
        },
    )


def _differences(side: Side, cells: list[Cell]) -> None:
    study = side.study
    window = side.storage.field.window(study.content_hash)
    differing = [one for one in departures(study, window, cells) if one.cell]
    # A file that names no quotas leaves them to this page.
    if not differing or not study.quotas:
        return
    say_what_differs(side, differing)
    if st.button(side.words["as_in_file"]):
        side.note("set quota", "all as in the study file")
        as_in_file(side.storage, study)
        side.said("quota_set")


def _set_cell(side: Side) -> None:
    study, words = side.study, side.words
    questions = {question.code: question for question in study.questions if question.options}
    code = st.selectbox(
        words["question"], ["", *questions], format_func=lambda code: code or words["everyone"]
    )
    chosen: list[str] = []
    if code:
        labels = {o.code: say(o.label, side.language, study.languages[0]) for o in questions[code].options}
        chosen = st.multiselect(
            words["options"], list(labels), format_func=labels.__getitem__, placeholder=words["choose"]
        )
    waves = ["", *(wave.code for wave in study.waves)]
    wave = st.selectbox(words["wave"], waves, format_func=lambda code: code or words["no_wave"])
    name = st.text_input(words["cell"], value="+".join(chosen) or "all")
    target = st.number_input(words["target"], min_value=1, value=100, step=1)
    if st.button(words["set_cell"], type="primary", disabled=bool(code) and not chosen):
        cell = Cell(name.strip(), int(target), {code: tuple(chosen)} if code else {}, wave)
        check_cell(study, cell)
        side.note("set quota", f"{cell.name}: {cell.target} of {who(cell) or 'everyone'}")
        side.storage.field.put_cell(study.code, cell)
        side.said("quota_set")
