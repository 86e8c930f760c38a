"""Files of the workbench: those made from live answers are handed out with an entry in the audit log."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from analysis.pages.bench import Bench
from analysis.pages.sources import Live, LiveGroups
from questionnaire.access.roles import Permission
from questionnaire.pages.handing_out import hand_out
from questionnaire.pages.visitor import note


def analysed(bench: Bench, detail: str = "") -> None:
    """A button has been pressed that reads the chosen answers: live ones leave an entry."""
    if bench.chosen is not None and isinstance(bench.chosen.source, Live):
        if isinstance(bench.chosen.source, LiveGroups):
            detail = "results about groups"
        note("analysis", bench.study.code, detail)


def offer(
    bench: Bench,
    label: str,
    content: Callable[[], bytes | str],
    file_name: str,
    mime: str | None = None,
    *,
    key: str | None = None,
) -> None:
    """A download button for what was made from the chosen answers; the demo's and one's own need no entry."""
    if bench.chosen is None or not isinstance(bench.chosen.source, Live):
        st.download_button(label, content, file_name, mime, key=key, on_click="ignore")
        return
    hand_out(
        label,
        lambda _: content(),
        file_name,
        mime,
        needs=Permission.READ_ANSWERS,
        study=bench.study.code,
        key=key,
    )
