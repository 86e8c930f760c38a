"""What the page framework's colours and tables lack on researchers' pages."""

from __future__ import annotations

import streamlit as st

# Captions are grey at 60%: 4.0:1 on white where 4.5:1 is the least; on dark ground the main buttons bear
# white on light. A table wider than a phone's screen moves inside itself, not the page with it.
_STYLE = """
[data-testid="stCaptionContainer"] { color: #565d6b; opacity: 1; }
[data-testid="stMarkdownContainer"] table { display: block; max-width: 100%; overflow-x: auto; }
@media (prefers-color-scheme: dark) {
  [data-testid="stCaptionContainer"] { color: #b3b8c2; }
  button[data-testid^="stBaseButton-primary"]:not(:disabled),
  button[data-testid^="stBaseButton-primary"]:not(:disabled) p { color: #0c1a1a !important; }
}
"""


def render() -> None:
    """To be called before a page."""
    st.html(f"<style>{_STYLE}</style>")
