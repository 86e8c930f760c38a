"""Back to a panel after the end, with the ids it sent the respondent with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import quote, urlsplit

PLACE = re.compile(r"\{(\w+)\}")
VALUE_MAX = 128
OWN = frozenset({"t", "p", "i", "lang", "form", "wave", "study"})
"""The survey's own parameters; a panel's cannot be called so."""


def parameters(*addresses: str) -> tuple[str, ...]:
    """The query parameters that the addresses give back."""
    return tuple(dict.fromkeys(name for address in addresses for name in PLACE.findall(address)))


def is_parameter(name: str) -> bool:
    """Whether a panel's parameter can be called so."""
    return PLACE.fullmatch(f"{{{name}}}") is not None


def kept(names: Iterable[str], query: Mapping[str, object]) -> dict[str, str]:
    """What is kept of a link's query: asked for by name, text, and not too long to be an id."""
    found = {name: query.get(name) for name in names}
    return {n: v for n, v in found.items() if isinstance(v, str) and 0 < len(v) <= VALUE_MAX}


def filled(address: str, values: Mapping[str, str]) -> str:
    """The address to go to; a value can be nothing but a value in it."""
    return PLACE.sub(lambda place: quote(values.get(place[1], ""), safe=""), address)


def fault(address: str) -> str:
    """What is wrong with an address in a study file, or nothing."""
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return "not a web address"
    if parts.scheme != "https" or not host or any(character.isspace() for character in address):
        return "not a web address that begins with https://"
    if "{" in parts.netloc or "}" in parts.netloc:
        return "the site's name holds a parameter, so a link could lead anywhere"
    if re.search(r"[{}]", PLACE.sub("", address)):
        return "a brace that belongs to no {parameter}"
    taken = [name for name in parameters(address) if name in OWN]
    return f'"{taken[0]}" is a parameter of the survey itself' if taken else ""
