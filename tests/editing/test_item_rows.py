"""A study's items as rows: there and back, and what a bad row is told."""

from pathlib import Path

import pytest

from questionnaire.editing.item_rows import RowError, item_rows, with_items
from questionnaire.loading import dump_study, load_study, parse_study

STUDIES = sorted((Path(__file__).parents[2] / "data" / "studies").glob("*.yaml"))
SMALL = load_study(STUDIES[0].with_name("tea_breaks.yaml"))


@pytest.mark.parametrize("path", STUDIES, ids=lambda path: path.stem)
def test_rows_and_back_are_the_same_study(path):
    study = load_study(path)
    again = parse_study(dump_study(with_items(study, item_rows(study))), "again")
    assert again.content_hash == study.content_hash


def rows():
    return item_rows(SMALL)


def test_an_edited_row_is_an_edited_item_and_leaves_the_plan():
    edited = rows()
    edited[0] |= {"wording en": "I have tea with others."}
    new = parse_study(dump_study(with_items(SMALL, edited)), "edited")
    item = new.items["BR1"]
    assert (item.wording["en"], item.wording["de"]) == (
        "I have tea with others.",
        SMALL.items["BR1"].wording["de"],
    )
    assert (new.content_hash == SMALL.content_hash, new.plan_hash == SMALL.plan_hash) == (False, True)
    edited[0] |= {"reverse": True}
    assert parse_study(dump_study(with_items(SMALL, edited)), "edited").plan_hash != SMALL.plan_hash


def test_a_row_more_is_an_item_more_on_its_constructs_scale():
    more = {
        "construct": "MOOD",
        "code": "MO4",
        "wording en": "I laugh.",
        "wording de": "Ich lache.",
        "reverse": None,
    }
    new = with_items(SMALL, [*rows(), more, {"construct": None, "code": None, "short": True}])
    assert [item.code for item in new.construct("MOOD").items] == ["MO1", "MO2", "MO3", "MO4"]
    assert (new.items["MO4"].scale, new.items["MO4"].reverse, new.items["MO4"].short) == (
        "often5",
        False,
        True,
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {"construct": "NONE"},
            "row 2, construct: there is no construct 'NONE'; choose one of BREAKS, TALK, MOOD",
        ),
        ({"code": " "}, "row 2, code: an item needs a code"),
        ({"code": "BR1"}, "row 2, code: 'BR1' is the code of row 1 too"),
        ({"wording de": None}, "row 2, wording de: BR2 has no wording in de"),
    ],
)
def test_a_bad_row_is_named_with_its_mend(change, said):
    edited = rows()
    edited[1] |= change
    with pytest.raises(RowError) as error:
        with_items(SMALL, edited)
    assert said in str(error.value)


def test_a_construct_keeps_an_item():
    with pytest.raises(RowError, match="construct 'MOOD' has no item left"):
        with_items(SMALL, [row for row in rows() if row["construct"] != "MOOD"])
