"""The guided importer: a file, what was made of it, and every way to correct that."""

from __future__ import annotations

import hashlib

import streamlit as st

from analysis.importing import Imported, Mapping, convert, propose, read_export
from analysis.pages import import_corrections, import_doubts
from analysis.pages.bench import Bench, Chosen, note
from analysis.pages.file_picker import pick_file
from analysis.pages.import_account import details, refusal, summary
from analysis.pages.sources import Uploaded
from analysis.preparation.answers import AnswersError
from questionnaire.formulas import harmless_table
from questionnaire.instrument import Role


def choose(bench: Bench, seed: int) -> Chosen | None:
    """The uploaded answers once every item needed has a column and every doubt is settled."""
    say = bench.say
    # No list of endings: the framework would refuse the others in its own words, and in English.
    file = pick_file(say)
    note(say("file_kept", most=st.get_option("server.maxUploadSize")))
    if file is not None:
        st.session_state["upload"] = (file.name, file.getvalue())
    if "upload" not in st.session_state:
        return None
    name, content = st.session_state["upload"]
    if file is None:
        # Another language or page has made a new picker of it, which knows no file.
        note(say("file_in_use", name=name))
    digest = hashlib.sha256(content).hexdigest()
    at = f"mapping {digest} {bench.study.content_hash}"
    try:
        mapping: Mapping = st.session_state.get(at) or propose(bench.study, read_export(name, content))
    except AnswersError as error:
        st.error(refusal(error, say))
        return None
    # What was recognised stands above what is asked about it, and tells of the answers given there.
    top = st.container()
    mapping = import_doubts.settle(bench, at, mapping, _converted(bench, mapping).account)
    mapping = import_doubts.meanings(bench, at, mapping, _converted(bench, mapping).account)
    st.session_state[at] = mapping
    imported = _converted(bench, mapping)
    with top:
        summary(bench, imported.account)
    details(bench, imported)
    if (corrected := import_corrections.correct(bench, at, mapping, imported.account.absent)) is not None:
        import_doubts.forget(at)
        st.session_state[at] = corrected
        st.rerun()
    waiting = any(one.open for one in imported.account.suspicions)
    if waiting or _needed(bench, imported):
        st.warning(say("import_undecided" if waiting else "import_not_ready"))
        return None
    table = _as_csv(imported)
    st.download_button(say("import_download"), table, "answers.csv", "text/csv")
    key = ("upload", bench.study.content_hash, hashlib.sha256(table).hexdigest(), seed)
    return Chosen(key, name, Uploaded(imported.table), seed)


def _converted(bench: Bench, mapping: Mapping) -> Imported:
    """The import by this mapping, made once however often the page is drawn."""
    known = st.session_state.get("imported")
    if known is None or known[0] is not mapping or known[1] != bench.study.content_hash:
        known = (mapping, bench.study.content_hash, convert(bench.study, mapping))
        st.session_state["imported"] = known
    made: Imported = known[2]
    return made


def _as_csv(imported: Imported) -> bytes:
    known = st.session_state.get("imported as csv")
    if known is None or known[0] is not imported:
        known = (imported, harmless_table(imported.table).to_csv(index=False).encode("utf-8-sig"))
        st.session_state["imported as csv"] = known
    text: bytes = known[1]
    return text


def _needed(bench: Bench, imported: Imported) -> list[str]:
    """Items without a column whose construct cannot be left out."""
    absent = set(imported.account.absent)
    return [
        item.code
        for construct in bench.study.constructs
        for item in construct.items
        if item.code in absent
        and not (construct.role is Role.OPTIONAL and all(i.code in absent for i in construct.items))
    ]
