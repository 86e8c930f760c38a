"""What survives a reload of the workbench, and whose it is."""

import pytest

from analysis.pages import keeping
from analysis.pages.keeping import MOST, Shelf, worth


def test_only_the_same_account_takes_up_what_was_kept():
    shelf = Shelf()
    shelf.put("tab", "ann", {"page": "lab"})
    assert shelf.get("tab", "ann") == {"page": "lab"}
    assert shelf.get("tab", "bob") is None
    assert shelf.get("other", "ann") is None
    assert shelf.get("", "") is None


def test_the_tab_not_used_for_longest_goes_first():
    shelf = Shelf()
    for k in range(MOST):
        shelf.put(str(k), "ann", {})
    shelf.put("0", "ann", {})
    shelf.put("new", "ann", {})
    assert shelf.get("0", "ann") == {}
    assert shelf.get("1", "ann") is None


def test_files_of_tabs_not_used_for_longest_make_room(monkeypatch):
    monkeypatch.setattr(keeping, "MOST_BYTES", 100)
    shelf = Shelf()
    shelf.put("old", "ann", {keeping.UPLOAD: ("a.csv", b"1" * 60)})
    shelf.put("no file", "ann", {})
    shelf.put("new", "ann", {keeping.UPLOAD: ("b.csv", b"2" * 60)})
    assert shelf.get("old", "ann") is None
    assert shelf.get("no file", "ann") == {}
    shelf.put("large", "ann", {keeping.UPLOAD: ("c.csv", b"3" * 500)})
    assert shelf.get("large", "ann") == {keeping.UPLOAD: ("c.csv", b"3" * 500)}


@pytest.mark.parametrize(
    ("key", "kept"),
    [
        ("page", True),
        ("asked", True),
        ("chosen 1f", True),
        ("lab tea_breaks A", True),
        ("lab tea_breaks A before", True),
        ("lab tea_breaks A box in en", False),
        ("page in zh-CN", False),
        ("undo tea_breaks A", False),
        ("file lab csv", False),
    ],
)
def test_work_is_kept_and_widgets_are_not(key, kept):
    assert worth(key) is kept
