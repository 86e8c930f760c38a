"""The framework's file picker in the page's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from analysis.pages.words import Words
from analysis.reporting.html import css_string

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

_BUTTON = '[data-testid="stFileUploaderDropzone"] button p'
_STYLE = f"""<style>
{_BUTTON} {{ font-size: 0 }}
{_BUTTON}::after {{ content: %s; font-size: .875rem }}
[data-testid="stFileUploaderDropzoneInstructions"] {{ display: none }}
</style>"""
"""The framework's own texts are English, its limits are said by the page beside it. Its word on the button
stays for whoever has the page read out, followed by what is seen: the name holds the word that is seen."""


def pick_file(say: Words) -> UploadedFile | None:
    """The file chosen, None before one is; the look is that of every picker on the page."""
    st.html(_STYLE % css_string(say("file_choose")))
    return st.file_uploader(say("file"), help=say("file_help"))
