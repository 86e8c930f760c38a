"""One description of a drawing for page and print: rows, and the Vega-Lite marks that show them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

import vl_convert

from analysis.reporting.diagram import FONTS, NEGATIVE, POSITIVE
from analysis.reporting.document import Figure
from analysis.reporting.wording import Words

Spec = dict[str, Any]
WIDTH = 560
"""Pixels a drawing is wide in print where nothing else is said; on a page it takes the width there is."""
HOVER = "hover"
"""The name of a layer that only a page needs: places that answer to a pointer."""
PRINT: Spec = {
    "font": FONTS.replace("'", ""),
    "background": "#FFFFFF",
    "axis": {"labelFontSize": 11, "titleFontSize": 12, "titleFontWeight": "normal", "labelLimit": 220},
    "legend": {"labelFontSize": 11, "titleFontSize": 12, "titleFontWeight": "normal", "labelLimit": 400},
}


@dataclass(frozen=True, slots=True)
class Drawing:
    """``rows`` are what is drawn; ``marks`` is a Vega-Lite unit or layers without data or width."""

    rows: list[dict[str, Any]]
    marks: Spec

    def alone(self) -> Spec:
        """The whole specification of this one drawing."""
        return {"data": {"values": self.rows}, **self.marks}


def side_by_side(panels: Mapping[str, Drawing], columns: int, width: int, height: int) -> Spec:
    """Drawings with the same marks as panels of one figure, each under its name, their scales shared."""
    rows = [{**row, "panel": name} for name, panel in panels.items() for row in panel.rows]
    marks = next(iter(panels.values())).marks
    if "layer" in marks:
        marks = {**marks, "layer": [layer for layer in marks["layer"] if layer.get("name") != HOVER]}
    facet = {
        "field": "panel",
        "type": "nominal",
        "title": None,
        "sort": list(panels),
        "header": {"labelFontSize": 12, "labelFontWeight": "bold"},
    }
    spec = {**marks, "width": width, "height": height}
    return {"data": {"values": rows}, "facet": facet, "columns": columns, "spec": spec}


def drawn(key: str, words: Words, spec: Spec, suffix: str = "", **blanks: object) -> Figure:
    """A figure of the report; its words are ``key`` and ``key_note``, filled with ``blanks``."""
    name = f"{key}_{suffix}" if suffix else key
    return figure(name, words(key, **blanks), spec, words(f"{key}_note", **blanks))


def figure(name: str, caption: str, spec: Spec, note: str = "") -> Figure:
    """The drawing of ``spec`` in the report's type and colours, as SVG."""
    svg = vl_convert.vegalite_to_svg({**spec, "config": {**PRINT, **spec.get("config", {})}})
    found = re.search(r'<svg[^>]*?width="([\d.]+)"', svg)
    width = float(found.group(1)) if found else float(WIDTH)
    # What a screen reader says, and unique names for clips, since several drawings share one page.
    svg = svg.replace("<svg ", f'<svg role="img" aria-label="{escape(caption)}" ', 1)
    unique = re.sub(r"\W+", "_", name)
    svg = re.sub(r"\b(clip|gradient_)(\d+)\b", rf"{unique}_\1\2", svg)
    return Figure(name, caption, svg, width, note)


def quantity(field: str, title: str | None = None, **more: Any) -> Spec:
    """The encoding of a number; with ``title=None`` the axis has none."""
    return {"field": field, "type": "quantitative", "title": title, **more}


def category(field: str, **more: Any) -> Spec:
    """The encoding of a kind, in the rows' order and without a title."""
    return {"field": field, "type": "nominal", "sort": None, "title": None, **more}


def tip(field: str, title: str, digits: int | None = None) -> Spec:
    """A line of what is said under the pointer; ``digits`` for a number."""
    if digits is None:
        return {"field": field, "type": "nominal", "title": title}
    return {"field": field, "type": "quantitative", "title": title, "format": f".{digits}f"}


def two_kinds(field: str, yes: str, no: str, other: str = NEGATIVE) -> Spec:
    """Blue for ``yes``, ``other`` for ``no``, with a legend below."""
    scale = {"domain": [yes, no], "range": [POSITIVE, other]}
    return category(field, scale=scale, legend={"orient": "bottom"})
