"""The two sides of the page that make personal links: batches, and the next wave."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from questionnaire.fielding import desk
from questionnaire.fielding.invitations import Invitation, Letter, letters_csv, qr_svg, rows_csv, to_remind
from questionnaire.piping import say
from questionnaire.service import Fielding, utc_now

Words = Mapping[str, str]
Note = Callable[[str, str], None]
CODES_MAX = 2_000
"""QR codes in one archive: drawing one takes about 5 ms, and the page waits for all."""


def links(fielding: Fielding, language: str, words: Words, note: Note) -> None:
    """A new batch, the states of those that were sent, and who to remind."""
    study, storage = fielding.study, fielding.storage
    st.caption(words["links_help"])
    with st.form(f"links-{study.code}"):
        count = st.number_input(words["count"], min_value=1, max_value=CODES_MAX, value=50, step=1)
        wave = _wave(fielding, language, words)
        batch, root = _batch(words)
        if st.form_submit_button(words["make_links"], type="primary"):
            note("make links", f"{int(count)}, batch {batch}")
            made = desk.invite(
                storage, study, int(count), batch=batch or utc_now(), root=root, now=utc_now(), wave=wave
            )
            _remember(study.code, made, batch)
    _download(study.code, words)
    sent = storage.field.invitations(study.code)
    if not sent:
        st.info(words["nobody_invited"])
        return
    states = Counter(one.status or "unused" for one in sent)
    st.subheader(words["states"])
    rows = [{words["state"]: words[state], words["invitations"]: n} for state, n in states.items()]
    st.dataframe(rows, hide_index=True)
    st.download_button(
        words["remind"],
        lambda: _reminders(sent),
        file_name=f"{study.code}_reminders.csv",
        mime="text/csv",
        on_click="ignore",
    )
    _find(sent, words)


def waves(fielding: Fielding, language: str, words: Words, note: Note) -> None:
    """Links to the next wave for those who finished one and may be asked again."""
    study, storage = fielding.study, fielding.storage
    known = [wave.code for wave in study.waves]
    if len(known) < 2:
        st.info(words["no_waves"])
        return
    st.caption(words["waves_help"])
    names = {wave.code: say(wave.name, language, study.languages[0]) for wave in study.waves}
    before = st.selectbox(words["before"], known, format_func=names.__getitem__)
    later = [code for code in known if code != before]
    wave = st.selectbox(words["next_wave"], later, format_func=names.__getitem__)
    waiting = desk.to_invite_again(storage, study, before=before, wave=wave)
    if not waiting:
        st.info(words["nobody_again"])
    else:
        batch, root = _batch(words)
        if st.button(words["invite_again"].format(n=len(waiting)), type="primary"):
            note("make links", f"{len(waiting)} from wave {before} to {wave}, batch {batch}")
            where = {"batch": batch or utc_now(), "root": root, "now": utc_now()}
            _remember(study.code, desk.invite_again(storage, study, before=before, wave=wave, **where), batch)
    _download(study.code, words)


def _wave(fielding: Fielding, language: str, words: Words) -> str:
    study = fielding.study
    names = {wave.code: say(wave.name, language, study.languages[0]) for wave in study.waves}
    names = {"": words["no_wave"]} | names
    return str(st.selectbox(words["wave"], list(names), format_func=names.__getitem__))


def _batch(words: Words) -> tuple[str, str]:
    here = st.context.headers.get("origin") or f"http://{st.context.headers.get('host', 'localhost')}"
    return st.text_input(words["batch"]).strip(), st.text_input(words["root"], value=here).strip()


def _remember(study_code: str, letters: Sequence[Letter], batch: str) -> None:
    # In this browser session only: secrets are stored nowhere, so a page left is a batch to make anew.
    st.session_state[f"letters-{study_code}"] = (tuple(letters), batch)


def _download(study_code: str, words: Words) -> None:
    letters, batch = st.session_state.get(f"letters-{study_code}", ((), ""))
    if not letters:
        return
    st.success(words["made"].format(n=len(letters)))
    with st.container(horizontal=True):
        st.download_button(
            words["download_links"],
            letters_csv(letters, batch),
            file_name=f"{study_code}_links.csv",
            mime="text/csv",
            on_click="ignore",
        )
        st.download_button(
            words["download_codes"],
            lambda: _codes(letters),
            file_name=f"{study_code}_links.zip",
            mime="application/zip",
            on_click="ignore",
        )


def _codes(letters: Sequence[Letter]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for letter in letters[:CODES_MAX]:
            archive.writestr(f"{letter.number:05d}.svg", qr_svg(letter.address))
    return buffer.getvalue()


def _reminders(sent: Sequence[Invitation]) -> str:
    rows = ((one.number, one.batch, one.wave, one.status or "unused") for one in to_remind(sent))
    return rows_csv(("number", "batch", "wave", "status"), rows)


def _find(sent: Sequence[Invitation], words: Words) -> None:
    number = st.number_input(words["number"], min_value=1, value=None, step=1)
    if number is None:
        return
    found = next((one for one in sent if one.number == int(number)), None)
    if found is None:
        st.warning(words["no_number"].format(number=int(number)))
    else:
        state = words[found.status or "unused"]
        st.info(words["find"].format(number=found.number, state=state, batch=found.batch))
