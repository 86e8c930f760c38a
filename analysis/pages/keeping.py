"""What a tab works on outlives a reload: kept in this process, under a name in the tab's address.

A reload is a new session with nothing in it. Answers chosen, work asked for and models written are taken up
again by whoever is signed in as before; the names cannot be guessed, and what a page shows is still asked of
the account at every run.
"""

from __future__ import annotations

import threading
import uuid
from collections import OrderedDict
from typing import Any

import streamlit as st

NAME = "at"
"""The part of the address that names what a tab works on."""
MOST = 32
"""Tabs kept; the one not used for longest goes first."""
MOST_BYTES = 256 * 1024**2
"""Of files in all tabs kept, and first of those not used for longest; the newest tab keeps its file."""
UPLOAD = "upload"
SINGLE = ("study", "page", "language chosen", "source", "seed", "asked", "who waits", UPLOAD)
MANY = ("chosen ", "lab ", "part of ", "mapping ")
WIDGETS = (" in en", " in zh-CN")
"""Keys of widgets, which hold nothing that is not kept beside them."""


class Shelf:
    """Name → whose it is and what it holds."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[str, dict[str, Any]]] = OrderedDict()

    def put(self, name: str, account: str, values: dict[str, Any]) -> None:
        """Keep the values, instead of those that were there."""
        with self._lock:
            self._kept[name] = (account, values)
            self._kept.move_to_end(name)
            while len(self._kept) > 1 and (len(self._kept) > MOST or self._bytes() > MOST_BYTES):
                self._kept.popitem(last=False)

    def _bytes(self) -> int:
        return sum(len(values[UPLOAD][1]) for _, values in self._kept.values() if UPLOAD in values)

    def get(self, name: str, account: str) -> dict[str, Any] | None:
        """What is kept there for that account, None for anybody else's."""
        with self._lock:
            whose, values = self._kept.get(name, ("", None))
            return dict(values) if values is not None and whose == account else None


@st.cache_resource
def shelf() -> Shelf:
    """The one shelf of this process."""
    return Shelf()


def take_up(account: str) -> None:
    """In a new session, begin where the tab's address says it was; name the tab."""
    if "kept as" not in st.session_state:
        name = st.query_params.get(NAME, "")
        values = shelf().get(name, account)
        st.session_state["kept as"] = name if values is not None else uuid.uuid4().hex
        for key, value in (values or {}).items():
            st.session_state[key] = value
    if st.query_params.get(NAME) != st.session_state["kept as"]:
        st.query_params[NAME] = st.session_state["kept as"]


def keep(account: str) -> None:
    """Remember this session's work."""
    values = {str(key): value for key, value in st.session_state.items() if worth(str(key))}
    shelf().put(st.session_state["kept as"], account, values)


def worth(key: str) -> bool:
    """Whether what stands under the key is work, and no state of a widget."""
    return key in SINGLE or (key.startswith(MANY) and not key.endswith(WIDGETS))
