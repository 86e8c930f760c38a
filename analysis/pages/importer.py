"""The guided importer: a file, what was made of it, and every way to correct that."""

from __future__ import annotations

import hashlib
from collections import defaultdict

import pandas as pd
import streamlit as st

from analysis.importing import ENDINGS, Account, Imported, Mapping, convert, propose, read_export
from analysis.pages.bench import Bench, Chosen, note
from analysis.pages.printing import table_of
from analysis.pages.sources import Uploaded
from analysis.pages.words import Words
from analysis.preparation.answers import AnswersError
from analysis.reporting.document import Section
from analysis.reporting.html import section_html
from questionnaire.exchange.formulas import harmless_table
from questionnaire.instrument import Check, Item, Question, Role
from questionnaire.piping import PIPE
from questionnaire.piping import say as in_language

MOST_ASKED = 30
"""Texts that cannot be read are asked about one by one; a file with more of them is another study's."""


def choose(bench: Bench, seed: int) -> Chosen | None:
    """The uploaded answers once every item needed has a column."""
    say = bench.say
    file = st.file_uploader(say("file"), type=list(ENDINGS), help=say("file_help"))
    if file is not None:
        st.session_state["upload"] = (file.name, file.getvalue())
    if "upload" not in st.session_state:
        return None
    name, content = st.session_state["upload"]
    digest = hashlib.sha256(content).hexdigest()
    at = f"mapping {digest} {bench.study.content_hash}"
    try:
        mapping: Mapping = st.session_state.get(at) or propose(bench.study, read_export(name, content))
    except AnswersError as error:
        st.error(say("file_problem", reason=error))
        return None
    mapping = _meanings(bench, mapping, convert(bench.study, mapping).account)
    st.session_state[at] = mapping
    imported = convert(bench.study, mapping)
    _account(bench, imported)
    if (corrected := _correction(bench, mapping, imported.account.absent)) is not None:
        st.session_state[at] = corrected
        st.rerun()
    if _needed(bench, imported):
        st.warning(say("import_not_ready"))
        return None
    table = harmless_table(imported.table).to_csv(index=False).encode("utf-8-sig")
    st.download_button(say("import_download"), table, "answers.csv", "text/csv")
    key = ("upload", bench.study.content_hash, hashlib.sha256(table).hexdigest(), seed)
    return Chosen(key, name, Uploaded(imported.table), seed)


def _meanings(bench: Bench, mapping: Mapping, account: Account) -> Mapping:
    """Ask what each unreadable text means, once for each scale."""
    say = bench.say
    said = {(scale, text) for scale, table in mapping.values.items() for text in table}
    asked: dict[tuple[str, str], list[str]] = defaultdict(list)
    counts: dict[tuple[str, str], int] = defaultdict(int)
    how: dict[tuple[str, str], str] = {}
    for value in account.values:
        place = (value.scale, value.text)
        if value.scale and (value.rating is None or place in said):
            asked[place].append(value.code)
            counts[place] += value.count
            how[place] = value.how
    if not asked:
        return mapping
    st.warning(say("import_unread"))
    for (scale, text), codes in list(asked.items())[:MOST_ASKED]:
        points = bench.study.scale(scale)
        labels = points.labels.get(say.language) or next(iter(points.labels.values()))
        before = mapping.values.get(scale, {}).get(text)
        rating = st.selectbox(
            say(
                "import_means",
                text=text,
                n=counts[scale, text],
                columns=_few(codes),
                reason=_told(how[scale, text], say),
            ),
            [None, 0, *range(1, points.points + 1)],
            index=None if before is None else before + 1,
            format_func=lambda r, labels=labels: (
                "" if r is None else f"{r} · {labels[r - 1]}" if r else say("import_empty")
            ),
            key=f"meaning {scale} {text}",
        )
        if rating is not None:
            mapping = mapping.with_value(scale, text, rating)
    return mapping


def _few(codes: list[str], shown: int = 4) -> str:
    return ", ".join(codes[:shown]) + ("…" if len(codes) > shown else "")


def _account(bench: Bench, imported: Imported) -> None:
    say, account = bench.say, imported.account
    mapped = sum(bool(column.code) for column in account.columns)
    unread = sum(value.count for value in account.unread)
    st.info(say("import_recognised", tool=say.told(account.tool), reason=account.why))
    st.write(
        say("import_counts", rows=account.rows, mapped=mapped, columns=len(account.columns), unread=unread)
    )
    for remark in account.notes:
        note(say.told(remark))
    if account.absent:
        st.write(say("import_absent", codes=", ".join(account.absent)))
    else:
        st.write(say("import_all_items"))
    with st.expander(say("import_columns")):
        _table("columns", say("import_columns"), account.column_frame(), say)
    with st.expander(say("import_values")):
        values = account.value_frame()
        values["rating"] = values["rating"].map(lambda r: "–" if r != r or r is None else str(int(r)))
        totals = values.groupby(["text", "rating", "how"], sort=False)["count"].sum().reset_index()
        _table("values", say("import_values"), totals[["text", "rating", "how", "count"]], say)


def _table(key: str, caption: str, frame: pd.DataFrame, say: Words) -> None:
    """One of the account's frames, its reasons in the page's language."""
    told = frame.assign(how=[_told(str(how), say) for how in frame["how"]])
    st.html(section_html(Section(key, caption, tables=(table_of(key, caption, told, say),))))


def _told(how: str, say: Words) -> str:
    """How something was read is a word of this page, why it was not a message of the import."""
    return say.known(f"how_{how}", "") or say.told(how)


def _correction(bench: Bench, mapping: Mapping, absent: tuple[str, ...]) -> Mapping | None:
    say = bench.say
    names = [str(name) for name in mapping.recognised.export.rows.columns]
    # What has no column comes first: it is what a correction is mostly for.
    codes = [*absent, *(code for code in bench.study.answer_codes() if code not in absent)]
    with st.expander(say("import_correct"), expanded=bool(absent)):
        code = st.selectbox(say("import_code"), codes, format_func=lambda code: _wording(bench, code))
        now = mapping.columns.get(code)
        column = st.selectbox(
            say("import_column"),
            [None, *names],
            index=0 if now is None else names.index(now) + 1,
            format_func=lambda name: say("import_none") if name is None else name,
            key=f"column of {code}",
        )
        if st.button(say("import_apply")):
            return mapping.corrected(code, column)
    return None


def _wording(bench: Bench, code: str) -> str:
    """The code with what it asks."""
    study = bench.study
    others: list[Check | Question] = [*study.checks, *study.questions]
    asked: dict[str, Item | Check | Question] = {**study.items, **{one.code: one for one in others}}
    if code not in asked:
        return code
    wording = PIPE.sub("…", in_language(asked[code].wording, bench.say.language, study.languages[0]))
    return f"{code} · {wording}"


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
