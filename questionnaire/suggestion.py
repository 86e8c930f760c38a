"""What an unknown name was probably meant to be."""

from __future__ import annotations

from collections.abc import Iterable, Set
from difflib import get_close_matches


def suggestion(name: str, known: Iterable[str]) -> str:
    """The mend for an unknown name: the nearest known one, or the whole list when it is short."""
    names = sorted(known) if isinstance(known, Set) else list(known)
    near = get_close_matches(name, names, n=1, cutoff=0.6)
    if near:
        return f'Did you mean "{near[0]}"?'
    if not names:
        return "None is defined."
    shown = ", ".join(names[:12])
    return f"Known: {shown}{', …' if len(names) > 12 else ''}."
