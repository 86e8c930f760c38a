"""What someone whose role is to see results about groups sees of live answers."""

from __future__ import annotations

import streamlit as st

from analysis.pages.bench import Bench, group_results_of, note, show
from analysis.pages.showing import chosen_section
from analysis.reporting.document import Document
from analysis.reporting.for_viewers import SMALLEST_CELL


def render(bench: Bench, *, report: bool) -> None:
    """The report without files; every other page says where it stands."""
    if not report:
        st.info(bench.say("groups_elsewhere"))
        return
    chosen = bench.chosen
    key = None if chosen is None else chosen.key
    show(key, group_results_of(bench), bench.say, lambda documents: _page(bench, documents))


def _page(bench: Bench, documents: dict[str, Document]) -> None:
    document = documents[bench.say.language]
    note(document.subtitle)
    note(bench.say("groups_note", smallest=SMALLEST_CELL))
    chosen_section(bench.say, document)
