"""What a construct says once for all its items: their scale, and that they are its own."""

from __future__ import annotations

from typing import Any

from questionnaire.study_file.nodes import ListNode, MapNode, Scalar


def spread_shared_keys(root: MapNode) -> None:
    """Give every item the ``scale`` of its construct, unless it names one, and its construct's code."""
    constructs = root.members.get("constructs")
    for construct in constructs.members if isinstance(constructs, ListNode) else ():
        if isinstance(construct, MapNode):
            _spread(construct)


def _spread(construct: MapNode) -> None:
    items = construct.members.get("items")
    if not isinstance(items, ListNode):
        return
    scale = construct.members.pop("scale", None)
    code = construct.members.get("code", Scalar(construct.line, "", plain=False))
    for item in items.members:
        if not isinstance(item, MapNode):
            continue
        for key, value in (("scale", scale), ("construct", code)):
            if value is not None and key not in item.members:
                item.members[key] = value
                item.key_lines[key] = value.line


def gather_shared_keys(construct: dict[str, Any]) -> None:
    """The reverse, on plain data: what all items share moves up to their construct."""
    items = construct["items"]
    scales = {item["scale"] for item in items}
    if len(scales) == 1:
        construct["scale"] = scales.pop()
    for item in items:
        del item["construct"]
        if "scale" in construct:
            del item["scale"]
    construct["items"] = construct.pop("items")
