"""Parts of the composed report on a page: the same tables, to the digit, that the report prints."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from analysis.pages.bench import Bench
from analysis.pages.figures import letters_found, part_files
from analysis.pages.words import Words
from analysis.pages.work import Report
from analysis.reporting.document import Document, Figure, Section, Table
from analysis.reporting.html import section_html
from analysis.reporting.wording import words as report_words

MOST_SENTENCES = 8


def document_of(bench: Bench, report: Report) -> Document:
    """The report in the page's language, its stamp shown."""
    document = report.documents[bench.say.language]
    if document.stamp:
        st.warning(document.stamp)
    if not letters_found(bench):
        st.warning(report_words(document.language)("font_missing"))
    return document


def section_of(document: Document, key: str) -> Section | None:
    """The section of that key, None where this report has none."""
    return next((section for section in document.sections if section.key == key), None)


def show_text(section: Section | None) -> None:
    """The section's paragraphs and cards."""
    if section is not None:
        st.html(section_html(replace(section, figures=(), tables=())))


def show_section(bench: Bench, *sections: Section | None) -> None:
    """One table or figure of the sections at a time, with its files, and their sentences."""
    present = [section for section in sections if section is not None]
    parts: dict[str, Table | Figure] = {}
    for section in present:
        parts |= {f"table {table.key}": table for table in section.tables}
        parts |= {f"figure {figure.key}": figure for figure in section.figures}
    if parts:
        _one_of(bench, parts, " ".join(section.key for section in present))
    texts = [replace(section, figures=(), tables=(), cards=()) for section in present]
    said = sum(len(section.paragraphs) for section in texts)
    # Dozens of sentences are the report's; here they would push the tables off the page.
    place = st.expander(bench.say("text")) if said > MOST_SENTENCES else st.container()
    for section in texts:
        if any(section.paragraphs):
            place.html(section_html(section))


def _one_of(bench: Bench, parts: dict[str, Table | Figure], name: str) -> None:
    key = st.selectbox(
        bench.say("which_part", n=len(parts)),
        list(parts),
        format_func=lambda name: parts[name].caption,
        key=f"part in {name}",
        persist_state="session",
    )
    part = parts[key] if key in parts else next(iter(parts.values()))
    alone = Section("", "")
    alone = replace(alone, tables=(part,)) if isinstance(part, Table) else replace(alone, figures=(part,))
    st.html(section_html(alone))
    with st.expander(bench.say("downloads")):
        part_files(bench, part)


def chosen_section(say: Words, document: Document) -> Section:
    """One section of the report, chosen from all and shown."""
    titles = {section.key: section.title for section in document.sections}
    # All of it at once is some sixty screens long and slow to draw on a phone.
    key = st.selectbox(
        say("section", n=len(titles)),
        list(titles),
        format_func=titles.__getitem__,
        key="section of report",
        persist_state="session",
    )
    section = section_of(document, str(key)) or document.sections[0]
    st.subheader(section.title)
    st.html(section_html(section))
    return section
