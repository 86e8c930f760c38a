"""The flow diagram: how many rows stand at each stage, and how many were set aside on the way."""

from __future__ import annotations

from html import escape

from analysis.pipeline.result import AnalysisResult
from analysis.reporting.diagram import FONTS
from analysis.reporting.document import Figure
from analysis.reporting.numbers import whole
from analysis.reporting.wording import Words

BOX, HEIGHT, GAP, MARGIN = 210.0, 46.0, 34.0, 16.0


def flow_diagram(result: AnalysisResult, words: Words) -> Figure:
    """One box a stage from top to bottom, with what was set aside to the right of the arrow."""
    parts: list[str] = []
    for place, step in enumerate(result.flow):
        y = MARGIN + place * (HEIGHT + GAP)
        text = f"{words.told(step.stage)}: {words('n')} = {whole(step.n)}"
        if place:
            x = MARGIN + BOX / 2
            parts.append(
                f'<path d="M{x},{y - GAP} V{y - 5}" stroke="#33475B" stroke-width="1.5" '
                f'marker-end="url(#flow_tip)"/>'
            )
        parts.append(_box(MARGIN, y, BOX, text, "#F2F6FA"))
        if step.removed:
            middle, left = y - GAP / 2, MARGIN + BOX / 2
            edge = MARGIN + BOX + 40
            parts.append(f'<path d="M{left},{middle} H{edge}" stroke="#33475B" stroke-width="1.2"/>')
            said = f"{words('removed')}: {whole(step.removed)}"
            parts.append(_box(edge, middle - 13, 150, said, "#FFFFFF", 26))
    width = MARGIN * 2 + BOX + 40 + 150
    height = MARGIN * 2 + len(result.flow) * (HEIGHT + GAP) - GAP
    caption = words("flow_diagram")
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(caption)}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}" '
        f'font-family="{escape(FONTS)}" style="max-width:{width:.0f}px">'
        f"<title>{escape(caption)}</title><defs>"
        '<marker id="flow_tip" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="9" markerHeight="9" '
        'markerUnits="userSpaceOnUse" orient="auto"><path d="M0,0 L8,4 L0,8 z" fill="#33475B"/></marker>'
        '</defs><rect width="100%" height="100%" fill="#FFFFFF"/>' + "".join(parts) + "</svg>"
    )
    return Figure("flow_diagram", caption, svg, width, words("flow_diagram_note"))


def _box(x: float, y: float, width: float, text: str, fill: str, height: float = HEIGHT) -> str:
    return (
        f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="4" fill="{fill}" stroke="#33475B"/>'
        f'<text x="{x + width / 2}" y="{y + height / 2 + 5}" text-anchor="middle" font-size="14" '
        f'fill="#16202A">{escape(text)}</text>'
    )
