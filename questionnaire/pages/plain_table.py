"""A table of text that a screen reader can read, and that a phone shows as one block a row."""

from __future__ import annotations

import html
from collections.abc import Sequence

import streamlit as st

_STYLE = """<style>
.plain{width:100%;border-collapse:collapse;overflow-wrap:anywhere}
.plain th,.plain td{text-align:start;vertical-align:top;padding:.4rem .6rem;
border-bottom:1px solid color-mix(in srgb,currentColor 25%,transparent)}
.plain td{min-width:8rem}
.plain .brief,.plain th{white-space:nowrap;min-width:0}
@media(max-width:768px){
.plain thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
.plain tr,.plain tbody{display:block}
.plain tr{padding:.5rem 0;border-bottom:1px solid color-mix(in srgb,currentColor 25%,transparent)}
.plain td{display:flex;gap:.75rem;border:0;padding:.1rem 0}
.plain td::before{content:attr(data-label);flex:0 0 6rem;font-weight:600}
.plain td:empty{display:none}
}
</style>"""


def plain_table(head: Sequence[str], rows: Sequence[Sequence[str]], brief: Sequence[int] = ()) -> None:
    """``rows`` under ``head``; a cell is text, never markup. ``brief`` columns do not break."""
    # A row that is no longer laid out as a table loses its meaning to some readers; roles keep it.
    columns = "".join(f'<th role="columnheader" scope="col">{html.escape(name)}</th>' for name in head)
    lines = "".join(f'<tr role="row">{_cells(head, row, brief)}</tr>' for row in rows)
    st.html(
        f'{_STYLE}<table class="plain" role="table"><thead role="rowgroup"><tr role="row">{columns}</tr>'
        f'</thead><tbody role="rowgroup">{lines}</tbody></table>'
    )


def _cells(head: Sequence[str], row: Sequence[str], brief: Sequence[int]) -> str:
    cells = []
    for place, (name, text) in enumerate(zip(head, row, strict=True)):
        kind = ' class="brief"' if place in brief else ""
        cells.append(f'<td role="cell"{kind} data-label="{html.escape(name)}">{html.escape(text)}</td>')
    return "".join(cells)
