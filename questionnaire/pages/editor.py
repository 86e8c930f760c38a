"""The study editor: items in a table, the file as text, the pages beside it as respondents will see them."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from questionnaire.access.roles import Permission
from questionnaire.editing.item_rows import WORDING, RowError, item_rows, with_items
from questionnaire.editing.preview import PREVIEWS, preview_pages
from questionnaire.editing.versions import VersionError, checked_version, difference
from questionnaire.loading import StudyError, dump_study, parse_study
from questionnaire.pages.editor_words import editor_words
from questionnaire.pages.handing_out import hand_out
from questionnaire.pages.spoken import spoken
from questionnaire.pages.visitor import note
from questionnaire.service import Fielding
from questionnaire.storage import StorageUnavailableError
from questionnaire.study import Study
from questionnaire.web.site import Site

Words = Mapping[str, str]

FRAMES = {"phone": 390, "desk": 1000}
HEIGHT = 780
TEXT = "editor-text"


def render(site: Site) -> None:
    """Choose, edit, look, keep."""
    st.set_page_config(layout="wide")
    words = editor_words(spoken())
    st.title(words["title"])
    _start(site, words)
    text = st.session_state.get(TEXT)
    if text is None:
        return
    study = _read(text, words)
    left, right = st.columns([3, 2], gap="large")
    with left:
        items, file = st.tabs([words["items"], words["file"]])
        with file:
            st.text_area(words["file_label"], key=TEXT, height=HEIGHT)
        with items:
            _items(study, words)
    with right:
        st.subheader(words["preview"])
        if study is None:
            st.info(words["no_preview"])
        else:
            _preview(study, words)
    hand_out(
        words["download"],
        lambda _: text,
        "study.yaml",
        "application/yaml",
        needs=Permission.CHANGE_STUDIES,
        study=study.code if study is not None else "",
    )
    if study is not None:
        _keep(site, study, text, words)


def _start(site: Site, words: Words) -> None:
    def take() -> None:
        code = st.session_state["editor-start"]
        if code:
            fielding = site.fieldings[code]
            st.session_state[TEXT] = fielding.storage.study(fielding.study.content_hash).text

    def take_file() -> None:
        given = st.session_state["editor-file"]
        if given is not None:
            st.session_state[TEXT] = given.getvalue().decode("utf-8-sig", errors="replace")

    st.selectbox(
        words["start"],
        list(site.fieldings),
        index=None,
        key="editor-start",
        on_change=take,
        placeholder=words["choose"],
    )
    st.file_uploader(words["upload"], type=["yaml", "yml"], key="editor-file", on_change=take_file)


def _read(text: str, words: Words) -> Study | None:
    try:
        study = parse_study(text, "study")
    except StudyError as error:
        st.error(words["problems"].format(n=len(error.problems)))
        st.table(
            [
                {
                    words["line"]: problem.line or "",
                    words["field"]: problem.field,
                    words["what"]: problem.what,
                    words["mend"]: problem.mend,
                }
                for problem in error.problems
            ]
        )
        return None
    pages = len(preview_pages(study, study.forms[0].code))
    about = {"items": len(study.items), "pages": pages, "languages": ", ".join(study.languages)}
    st.success(words["valid"].format(**about))
    return study


def _items(study: Study | None, words: Words) -> None:
    if study is None:
        st.info(words["no_preview"])
        return
    st.caption(words["items_note"])
    names = [construct.code for construct in study.constructs]
    columns = {
        "construct": st.column_config.SelectboxColumn(words["construct"], options=names, required=True),
        "code": st.column_config.TextColumn(words["code"], required=True),
        "reverse": st.column_config.CheckboxColumn(words["reverse"], default=False),
        "short": st.column_config.CheckboxColumn(words["short"], default=True),
    }
    for language in study.languages:
        label = words["wording"].format(language=language)
        columns[WORDING + language] = st.column_config.TextColumn(label, width="large", required=True)
    # Another study is another table: edits of one are never laid over the other.
    rows = st.data_editor(
        item_rows(study), column_config=columns, num_rows="dynamic", key=f"items-{study.content_hash[:12]}"
    )

    def take() -> None:
        try:
            st.session_state[TEXT] = dump_study(with_items(study, rows))
        except RowError as error:
            st.session_state["editor-row-problem"] = str(error)

    st.button(words["apply"], on_click=take)
    problem = st.session_state.pop("editor-row-problem", None)
    if problem:
        st.error(words["row_problem"].format(problem=problem))


def _preview(study: Study, words: Words) -> None:
    key = PREVIEWS.put(study, st.session_state.get("editor-preview", ""))
    st.session_state["editor-preview"] = key
    language = st.segmented_control(words["language"], study.languages, default=study.languages[0])
    forms = [form.code for form in study.forms]
    form = st.selectbox(words["form"], forms) if len(forms) > 1 else forms[0]
    pages = preview_pages(study, form)
    page = st.selectbox(words["page"], range(len(pages)), format_func=lambda n: f"{n + 1} {pages[n]}")
    frame = st.segmented_control(words["frame"], list(FRAMES), default="phone", format_func=words.__getitem__)
    # The content's hash makes the address new when the study is, so that the frame loads it again.
    query = f"lang={language or study.languages[0]}&form={form}&p={page + 1}&v={study.content_hash[:12]}"
    st.iframe(f"/preview/{key}?{query}", width=FRAMES[frame or "phone"], height=HEIGHT)


def _keep(site: Site, study: Study, text: str, words: Words) -> None:
    before = site.fieldings.get(study.code)
    changed = difference(before.study, study) if before else None
    if changed is not None and not changed.content:
        st.info(words["unchanged"])
        return
    if changed is not None and changed.plan:
        st.warning(words["plan_changed"])
    # Kept and not opened, a version takes nobody until it is: where newcomers come in, they go on to.
    opens = st.checkbox(words["open_too"], value=before is not None and _is_open(before))
    if not st.button(words["save"], type="primary"):
        return
    try:
        checked_version(site.storage, text)
        site.adopt(text, opens=opens)
        note("changed study", study.code, f"version {study.version} {study.content_hash[:12]}")
    except (VersionError, StudyError, StorageUnavailableError) as error:
        st.error(words["refused"].format(problem=error))
        return
    st.success(words["saved"].format(code=study.code, version=study.version, hash=study.content_hash[:12]))


def _is_open(fielding: Fielding) -> bool:
    window = fielding.storage.field.window(fielding.study.content_hash)
    return window is not None and not window.closed_at
