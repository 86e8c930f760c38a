"""What the importer did and what it left, to read: in words, as tables, and as rows before and after."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from analysis.importing import KEPT, Account, Imported
from analysis.pages.bench import Bench, note
from analysis.pages.printing import table_of
from analysis.pages.words import Words
from analysis.preparation.answers import AnswersError
from analysis.reporting.document import Section
from analysis.reporting.html import section_html

SHOWN_ROWS = 3
SHOWN_TEXTS = 200
"""Distinct texts in the table of how each was read; free text in an item's column would fill a book."""


def summary(bench: Bench, account: Account) -> None:
    """Recognised as what, how much was read, and what no column holds."""
    say = bench.say
    mapped = sum(bool(column.code) for column in account.columns)
    unread = sum(value.count for value in account.unread)
    empty = sum(value.count for value in account.values if value.rating == 0)
    st.info(say("import_recognised", tool=say.told(account.tool), reason=account.why))
    counts = {"rows": account.rows, "mapped": mapped, "columns": len(account.columns)}
    st.write(say("import_counts", **counts, unread=unread, empty=empty))
    for remark in account.notes:
        note(say.told(remark))
    if not set(bench.study.items) - set(account.absent):
        st.error(say("import_no_item"))
    elif account.absent:
        st.write(say("import_absent", codes=", ".join(account.absent)))
    else:
        st.write(say("import_all_items"))


def details(bench: Bench, imported: Imported) -> None:
    """Each column, each value and the first rows, to look up."""
    say, account = bench.say, imported.account
    with st.expander(say("import_columns")):
        _table("columns", say("import_columns"), account.column_frame(), say)
    if account.values:
        _values(account, say)
    _preview(say, imported)


def _values(account: Account, say: Words) -> None:
    with st.expander(say("import_values")):
        values = account.value_frame()
        values["rating"] = [_rating(rating, say) for rating in values["rating"]]
        totals = values.groupby(["text", "rating", "how"], sort=False)["count"].sum().reset_index()
        shown = totals[["text", "rating", "how", "count"]].head(SHOWN_TEXTS)
        _table("values", say("import_values"), shown, say)
        if len(totals) > len(shown):
            note(say("figure_more", shown=len(shown), total=len(totals)))


def _preview(say: Words, imported: Imported) -> None:
    """The first rows, each answer as it stood in the file and as it is read."""
    rows = min(SHOWN_ROWS, len(imported.table))
    lines = []
    for column in imported.account.columns:
        if column.code:
            pairs = zip(
                imported.before[column.column][:rows], imported.table[column.code][:rows], strict=True
            )
            cells = [f"{before or '–'} → {after or say('import_cell_empty')}" for before, after in pairs]
            lines.append((column.code, column.column, *cells))
    names = ["code", "column", *(say("import_row", n=k + 1) for k in range(rows))]
    with st.expander(say("import_preview", n=rows)):
        _table("preview", say("import_preview", n=rows), pd.DataFrame(lines, columns=names), say)


def refusal(error: AnswersError, say: Words) -> str:
    """Where, what and how to mend it, each by itself: joined they read like another message."""
    stop = "。" if say.language.startswith("zh") else ". "
    place, what = say.told(error.place), say.told(error.message)
    colon = "：" if stop == "。" else ": "
    return f"{say('file_problem')}{place}{colon}{what}{stop}{say.told(error.mend)}"


def told(how: str, say: Words) -> str:
    """How something was read is a word of this page, why it was not a message of the import."""
    return say.known(f"how_{how}", "") or say.told(how)


def _rating(rating: float | None, say: Words) -> str:
    if rating is None or rating != rating:
        return say("import_cell_unread")
    return {0: say("import_cell_empty"), KEPT: say("import_cell_text")}.get(int(rating), str(int(rating)))


def _table(key: str, caption: str, frame: pd.DataFrame, say: Words) -> None:
    """One of the account's frames, its reasons in the page's language."""
    shown = frame.assign(how=[told(str(how), say) for how in frame["how"]]) if "how" in frame else frame
    st.html(section_html(Section(key, caption, tables=(table_of(key, caption, shown, say),))))
