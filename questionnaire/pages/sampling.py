"""The page on who is asked: field time, personal links, quotas and waves of one study."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import streamlit as st

from questionnaire.admission.invitations import InvitationError
from questionnaire.admission.quota import QuotaError
from questionnaire.admission.window import Access, Window, WindowError, moment
from questionnaire.fielding import desk
from questionnaire.fielding.contacts import ContactError
from questionnaire.fielding.from_file import departures, first_window
from questionnaire.pages import sampling_links, sampling_quotas
from questionnaire.pages.sampling_words import sampling_words
from questionnaire.pages.side import Side, say_what_differs, say_what_was_done
from questionnaire.pages.spoken import spoken
from questionnaire.piping import say
from questionnaire.service import utc_now
from questionnaire.storage import StorageUnavailableError
from questionnaire.web.site import Site


def render(site: Site) -> None:
    """One study and one of its four sides at a time, so that only that one reads the store."""
    language, words = sampling_words(spoken())
    st.title(words["title"])

    def title(code: str) -> str:
        study = site.fieldings[code].study
        return say(study.title, language, study.languages[0])

    code = st.selectbox(words["study"], list(site.fieldings), format_func=title)
    shown = Side(site, site.fieldings[code], language, words)
    sides: dict[str, Callable[[Side], None]] = {
        "field_time": _field_time,
        "links": sampling_links.links,
        "quotas": sampling_quotas.quotas,
        "waves": sampling_links.waves,
    }
    name = st.segmented_control(
        words["title"],
        list(sides),
        default="field_time",
        format_func=words.__getitem__,
        label_visibility="collapsed",
    )
    st.header(words[name or "field_time"])
    say_what_was_done()
    try:
        sides[name or "field_time"](shown)
    except StorageUnavailableError as error:
        st.error(words["out_of_reach"].format(error=error))
    except (ContactError, InvitationError, QuotaError, WindowError) as error:
        st.error(str(error))


def _field_time(side: Side) -> None:
    study, words = side.study, side.words
    window = side.storage.field.window(study.content_hash)
    _say_how_it_stands(side, window)
    differing = [one for one in departures(study, window, ()) if not one.cell]
    if differing:
        say_what_differs(side, differing)
    now = window or first_window(side.storage, study, "")[0]
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
            # A day that was not changed keeps the time it was set to.
            ends = now.stop_at if stop_at == last else moment(stop_at.isoformat()) if stop_at else ""
            settings = {"access": access, "stop_n": int(stop_n), "full_redirect": redirect.strip()}
            until = f"stop at {ends or 'no time'}, {int(stop_n) or 'any'} finished"
            side.note("open study", f"access {access.value}, {until}")
            desk.open_study(side.storage, study, utc_now(), stop_at=ends, **settings)
            side.said("settings_saved" if is_open else "opened")
    if is_open:
        lets_finish = st.checkbox(words["lets_finish"], value=True)
        if st.button(words["close"]):
            side.note("close study", "those under way may finish" if lets_finish else "for everyone")
            desk.close_study(side.storage, study, utc_now(), lets_finish=lets_finish)
            side.said("closed")


def _say_how_it_stands(side: Side, window: Window | None) -> None:
    words = side.words
    if window is None:
        st.warning(words["never_opened"])
        return
    opened_at = window.opened_at[:16].replace("T", " ")
    if window.closed_at:
        closed_at = window.closed_at[:16].replace("T", " ")
        st.warning(words["is_closed"].format(closed_at=closed_at, opened_at=opened_at))
    else:
        st.success(words["is_open"].format(opened_at=opened_at))
    same = desk.plan_at_opening(side.storage, side.study.code) == side.study.plan_hash
    st.caption(words["plan_same" if same else "plan_changed"])
