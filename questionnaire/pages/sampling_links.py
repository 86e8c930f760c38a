"""The two sides of the page that make personal links: batches, and the next wave."""

from __future__ import annotations

import io
import os
import zipfile
from collections import Counter
from collections.abc import Sequence

import streamlit as st

from questionnaire.admission.invitations import Invitation, Letter, letters_csv, qr_svg
from questionnaire.exchange.panel_ids import panel_csv
from questionnaire.fielding import desk
from questionnaire.fielding.contacts import KEY, Safe
from questionnaire.pages import sampling_contacts
from questionnaire.pages.side import Side
from questionnaire.piping import say
from questionnaire.service import utc_now

CODES_MAX = 2_000
"""QR codes in one archive: drawing one takes about 5 ms, and the page waits for all."""


def links(side: Side) -> None:
    """A new batch, the states of those that were sent, and who to remind."""
    study, words = side.study, side.words
    st.caption(words["links_help"])
    safe = _safe()
    people = sampling_contacts.upload(side, safe)
    with st.form(f"links-{study.code}"):
        count = st.number_input(
            words["count"], min_value=1, max_value=CODES_MAX, value=50, step=1, disabled=bool(people)
        )
        wave = _wave(side)
        batch, root = _batch(side)
        pressed = words["make_links_for"].format(n=len(people)) if people else words["make_links"]
        if st.form_submit_button(pressed, type="primary"):
            batch = batch or utc_now()
            where = {"batch": batch, "root": root, "now": utc_now(), "wave": wave}
            side.note("make links", f"{len(people) or int(count)}, batch {batch}")
            if people and safe is not None:
                made = desk.invite_people(side.storage, study, safe, people, **where)
            else:
                made = desk.invite(side.storage, study, int(count), **where)
            _remember(study.code, made, batch)
    _download(side, safe)
    sent = side.storage.field.invitations(study.code)
    if sent:
        _states(side, sent, safe)
    else:
        st.info(words["nobody_invited"])
    _panel(side)


def waves(side: Side) -> None:
    """Links to the next wave for those who finished one and may be asked again."""
    study, words = side.study, side.words
    known = [wave.code for wave in study.waves]
    if len(known) < 2:
        st.info(words["no_waves"])
        return
    st.caption(words["waves_help"])
    names = {wave.code: say(wave.name, side.language, study.languages[0]) for wave in study.waves}
    before = st.selectbox(words["before"], known, format_func=names.__getitem__)
    later = [code for code in known if code != before]
    wave = st.selectbox(words["next_wave"], later, format_func=names.__getitem__)
    waiting = desk.to_invite_again(side.storage, study, before=before, wave=wave)
    if not waiting:
        st.info(words["nobody_again"])
    else:
        batch, root = _batch(side)
        if st.button(words["invite_again"].format(n=len(waiting)), type="primary"):
            batch = batch or utc_now()
            side.note("make links", f"{len(waiting)} from wave {before} to {wave}, batch {batch}")
            where = {"batch": batch, "root": root, "now": utc_now()}
            made = desk.invite_again(side.storage, study, before=before, wave=wave, **where)
            _remember(study.code, made, batch)
    _download(side, _safe())


def _safe() -> Safe | None:
    """What opens contact data; None where the server has no key, and ContactError for a bad one."""
    keys = os.environ.get(KEY, "")
    return Safe(keys) if keys.strip() else None


def _wave(side: Side) -> str:
    study = side.study
    names = {wave.code: say(wave.name, side.language, study.languages[0]) for wave in study.waves}
    names = {"": side.words["no_wave"]} | names
    return str(st.selectbox(side.words["wave"], list(names), format_func=names.__getitem__))


def _batch(side: Side) -> tuple[str, str]:
    here = st.context.headers.get("origin") or f"http://{st.context.headers.get('host', 'localhost')}"
    batch = st.text_input(side.words["batch"]).strip()
    return batch, st.text_input(side.words["root"], value=here).strip()


def _remember(study_code: str, letters: Sequence[Letter], batch: str) -> None:
    # In this browser session only: secrets are stored nowhere, so a page left is a batch to make anew.
    st.session_state[f"letters-{study_code}"] = (tuple(letters), batch)


def _download(side: Side, safe: Safe | None) -> None:
    code, words = side.study.code, side.words
    letters, batch = st.session_state.get(f"letters-{code}", ((), ""))
    if not letters:
        return
    st.success(words["made"].format(n=len(letters)))
    reader = None
    if safe is not None and side.may_read_contacts() and any(letter.contact for letter in letters):
        reader = side.contact_reader(safe, f"links of batch {batch}")
    with st.container(horizontal=True):
        side.hand_out(
            words["download_links"],
            lambda: letters_csv(letters, batch, reader() if reader else None),
            f"{code}_links.csv",
        )
        side.hand_out(
            words["download_codes"], lambda: _codes(letters), f"{code}_links.zip", "application/zip"
        )


def _codes(letters: Sequence[Letter]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for letter in letters[:CODES_MAX]:
            archive.writestr(f"{letter.number:05d}.svg", qr_svg(letter.address))
    return buffer.getvalue()


def _states(side: Side, sent: Sequence[Invitation], safe: Safe | None) -> None:
    words = side.words
    states = Counter(one.status or "unused" for one in sent)
    st.subheader(words["states"])
    rows = [{words["state"]: words[state], words["invitations"]: n} for state, n in states.items()]
    st.dataframe(rows, hide_index=True)
    sampling_contacts.reminders(side, sent, safe)
    _find(side, sent)


def _find(side: Side, sent: Sequence[Invitation]) -> None:
    words = side.words
    number = st.number_input(words["number"], min_value=1, value=None, step=1)
    if number is None:
        return
    found = next((one for one in sent if one.number == int(number)), None)
    if found is None:
        st.warning(words["no_number"].format(number=int(number)))
    else:
        state = words[found.status or "unused"]
        st.info(words["find"].format(number=found.number, state=state, batch=found.batch))


def _panel(side: Side) -> None:
    """The list a panel pays by, for a study that keeps a panel's ids."""
    if not side.fielding.panel_parameters() or not side.may_read_contacts():
        return
    words = side.words
    st.subheader(words["panel"])
    st.caption(words["panel_help"])
    noted = side.identities_read("ids of the panel")

    def listed() -> str:
        noted()
        return panel_csv(side.storage, side.study.code)[0]

    side.hand_out(words["download_panel"], listed, f"{side.study.code}_panel.csv")
