"""The page on who is asked: field time, personal links, quotas and waves of one study."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import streamlit as st

from questionnaire.fielding import desk
from questionnaire.fielding.invitations import InvitationError
from questionnaire.fielding.quota import HOLD_MINUTES, QuotaError, check_cell, hold_cutoff
from questionnaire.fielding.window import Access, Window, WindowError, moment
from questionnaire.pages import sampling_links
from questionnaire.pages.sampling_words import sampling_words
from questionnaire.pages.visitor import visitor
from questionnaire.piping import say
from questionnaire.recruitment import Cell
from questionnaire.service import Fielding, utc_now
from questionnaire.storage import StorageUnavailableError
from questionnaire.web.site import Site

Words = Mapping[str, str]
Note = Callable[[str, str], None]
"""Appends an action and what it was done to, to the audit log; before the act, so that none goes unnoted."""


def render(site: Site) -> None:
    """One study and one of its four sides at a time, so that only that one reads the store."""
    language, words = sampling_words(st.context.headers.get("accept-language", ""))
    st.title(words["title"])

    def title(code: str) -> str:
        study = site.fieldings[code].study
        return say(study.title, language, study.languages[0])

    fielding = site.fieldings[st.selectbox(words["study"], list(site.fieldings), format_func=title)]
    account = visitor(site).account

    def note(action: str, detail: str) -> None:
        site.access.record(account, action, fielding.study.code, detail)

    sides: dict[str, Callable[[Fielding, str, Words, Note], None]] = {
        "field_time": _field_time,
        "links": sampling_links.links,
        "quotas": _quotas,
        "waves": sampling_links.waves,
    }
    side = st.segmented_control(
        words["title"],
        list(sides),
        default="field_time",
        format_func=words.__getitem__,
        label_visibility="collapsed",
    )
    st.header(words[side or "field_time"])
    try:
        sides[side or "field_time"](fielding, language, words, note)
    except StorageUnavailableError as error:
        st.error(words["out_of_reach"].format(error=error))
    except (InvitationError, QuotaError, WindowError) as error:
        st.error(str(error))


def _field_time(fielding: Fielding, _language: str, words: Words, note: Note) -> None:
    study, storage = fielding.study, fielding.storage
    window = storage.field.window(study.content_hash)
    _say_how_it_stands(fielding, window, words)
    now = window or Window(study.content_hash, study.code, study.plan_hash, "")
    with st.form(f"window-{study.code}"):
        modes = list(Access)
        access = st.selectbox(
            words["access"],
            modes,
            index=modes.index(now.access),
            format_func=lambda mode: words[f"access_{mode.value}"],
        )
        last = date.fromisoformat(now.stop_at[:10]) if now.stop_at else None
        stop_at = st.date_input(words["stop_at"], value=last, format="YYYY-MM-DD")
        stop_n = st.number_input(words["stop_n"], min_value=0, value=now.stop_n, step=1)
        redirect = st.text_input(words["full_redirect"], value=now.full_redirect)
        is_open = window is not None and not window.closed_at
        if st.form_submit_button(words["save" if is_open else "open"], type="primary"):
            settings = {"access": access, "stop_n": int(stop_n), "full_redirect": redirect.strip()}
            ends = moment(stop_at.isoformat()) if stop_at else ""
            note(
                "open study",
                f"access {access.value}, stop at {ends or 'no time'}, {int(stop_n) or 'any'} finished",
            )
            desk.open_study(storage, study, utc_now(), stop_at=ends, **settings)
            st.rerun()
    if is_open:
        lets_finish = st.checkbox(words["lets_finish"], value=True)
        if st.button(words["close"]):
            note("close study", "those under way may finish" if lets_finish else "for everyone")
            desk.close_study(storage, study, utc_now(), lets_finish=lets_finish)
            st.rerun()


def _say_how_it_stands(fielding: Fielding, window: Window | None, words: Words) -> None:
    if window is None:
        st.warning(words["never_opened"])
        return
    opened_at = window.opened_at[:16].replace("T", " ")
    if window.closed_at:
        closed_at = window.closed_at[:16].replace("T", " ")
        st.warning(words["is_closed"].format(closed_at=closed_at, opened_at=opened_at))
    else:
        st.success(words["is_open"].format(opened_at=opened_at))
    same = desk.plan_at_opening(fielding.storage, fielding.study.code) == fielding.study.plan_hash
    st.caption(words["plan_same" if same else "plan_changed"])


def _quotas(fielding: Fielding, language: str, words: Words, note: Note) -> None:
    study, storage = fielding.study, fielding.storage
    st.caption(words["quotas_help"].format(minutes=HOLD_MINUTES))
    fills = storage.field.fill(study.code, hold_cutoff(utc_now()))
    if fills:
        st.dataframe(
            [
                {
                    words["cell"]: fill.cell.name,
                    words["who"]: _who(fill.cell) or words["everyone"],
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
    else:
        st.info(words["no_cells"])
    _set_cell(fielding, language, words, note)
    if fills:
        name = st.selectbox(words["remove"], [fill.cell.name for fill in fills], index=None)
        if st.button(words["remove"], disabled=name is None) and name is not None:
            note("remove quota", name)
            storage.field.drop_cell(study.code, name)
            st.rerun()


def _set_cell(fielding: Fielding, language: str, words: Words, note: Note) -> None:
    study = fielding.study
    questions = {question.code: question for question in study.questions if question.options}
    code = st.selectbox(
        words["question"], ["", *questions], format_func=lambda code: code or words["everyone"]
    )
    chosen: list[str] = []
    if code:
        labels = {o.code: say(o.label, language, study.languages[0]) for o in questions[code].options}
        chosen = st.multiselect(words["options"], list(labels), format_func=labels.__getitem__)
    waves = ["", *(wave.code for wave in study.waves)]
    wave = st.selectbox(words["wave"], waves, format_func=lambda code: code or words["no_wave"])
    name = st.text_input(words["cell"], value="+".join(chosen) or "all")
    target = st.number_input(words["target"], min_value=1, value=100, step=1)
    if st.button(words["set_cell"], type="primary", disabled=bool(code) and not chosen):
        cell = Cell(name.strip(), int(target), {code: tuple(chosen)} if code else {}, wave)
        check_cell(study, cell)
        note("set quota", f"{cell.name}: {cell.target} of {_who(cell) or 'everyone'}")
        fielding.storage.field.put_cell(study.code, cell)
        st.rerun()


def _who(cell: Cell) -> str:
    return " & ".join(f"{code} = {' | '.join(options)}" for code, options in cell.where.items())
