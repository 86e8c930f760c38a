"""The studies that come with the product load, read back the same and say what their sources say."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaire.instrument import Role
from questionnaire.loading import dump_study, identified, load_study, parse_study
from questionnaire.study import Study

STUDIES = sorted((Path(__file__).parents[2] / "data/studies").glob("*.yaml"))
ITEMS = Path(__file__).with_name("items.csv")
"""The instrument as its authors handed it over: 64 core and 12 optional items."""


@pytest.fixture(scope="module", params=STUDIES, ids=lambda path: path.stem)
def study(request: pytest.FixtureRequest) -> Study:
    return load_study(request.param)


@pytest.fixture(scope="module")
def capital() -> Study:
    return load_study(STUDIES[0].with_name("social_capital.yaml"))


def test_there_are_studies_on_different_subjects() -> None:
    assert {path.stem for path in STUDIES} >= {"social_capital", "tea_breaks"}


def test_written_out_it_reads_back_the_same(study: Study) -> None:
    again = parse_study(dump_study(study), "dump")
    assert again == study


def test_comments_layout_and_order_of_keys_do_not_change_the_hash(study: Study) -> None:
    data = yaml.safe_load(dump_study(study))
    shuffled = yaml.safe_dump(data, allow_unicode=True, sort_keys=True, default_flow_style=True, width=10**9)
    again = parse_study("# another layout\n" + shuffled, "flow")
    assert (again.content_hash, again.plan_hash) == (study.content_hash, study.plan_hash)


def test_wording_changes_the_content_but_not_the_plan(capital: Study) -> None:
    renamed = identified(replace(capital, thanks={"zh-CN": "谢谢！", "en": "Thanks!"}))
    assert renamed.content_hash != capital.content_hash
    assert renamed.plan_hash == capital.plan_hash


@pytest.mark.parametrize("field", ["sesoi", "alpha"])
def test_a_changed_rule_changes_the_plan(capital: Study, field: str) -> None:
    first, *others = capital.hypotheses
    changed = identified(replace(capital, hypotheses=(replace(first, **{field: 0.2}), *others)))
    assert changed.plan_hash != capital.plan_hash


def test_keying_is_part_of_the_plan(capital: Study) -> None:
    first, *others = capital.constructs
    item, *rest = first.items
    turned = replace(first, items=(replace(item, reverse=not item.reverse), *rest))
    changed = identified(replace(capital, constructs=(turned, *others)))
    assert changed.plan_hash != capital.plan_hash


@settings(deadline=None)
@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="{}"), min_size=1).filter(
        str.strip
    )
)
def test_any_wording_survives_being_written(text: str) -> None:
    tea = load_study(STUDIES[0].with_name("tea_breaks.yaml"))
    changed = identified(replace(tea, thanks={"en": text, "de": text}, source=text))
    assert parse_study(dump_study(changed), "dump") == changed


def test_the_instrument_is_the_one_handed_over(capital: Study) -> None:
    with ITEMS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["code"] for row in rows] == list(capital.items)
    for row in rows:
        item, construct = capital.items[row["code"]], capital.construct(row["facet"])
        assert dict(item.wording) == {"zh-CN": row["zh"], "en": row["en"]}
        assert (item.reverse, item.short) == (row["reverse"] == "1", row["short"] == "1")
        assert dict(construct.name) == {"zh-CN": row["facet_zh"], "en": row["facet_en"]}
        assert (construct.source, construct.certainty) == (row["source"], row["certainty"])


def test_structure_of_the_built_in_study(capital: Study) -> None:
    assert {d.code: d.facets for d in capital.dimensions} == {
        "S": ("STD", "SRB", "SRI"),
        "R": ("RTT", "RRN", "RFB"),
        "C": ("CSV", "CSL", "CIN"),
        "PI": ("PIP", "PIS", "PIC", "PIN"),
    }
    roles = {role: [c.code for c in capital.constructs if c.role is role] for role in Role}
    assert roles[Role.CONTROL] == ["PCM", "PRC"]
    assert roles[Role.MARKER] == ["MKR"]
    assert roles[Role.OPTIONAL] == ["ITR", "WIL", "BEL", "COS"]
    assert [tier.level for tier in capital.consent.tiers] == [0, 1, 2, 3]
    codes = {h.code.split("_")[0] for h in capital.hypotheses}
    stated = "H1 H2 H3 H4a H4b H5a H5b H5c H6a H6b H6c H7p H7 H8 H9 H10 H11 H12"
    assert codes >= set(stated.split())


def test_reversed_items_are_worded_as_opposites_not_negations(capital: Study) -> None:
    reverse = {code for code, item in capital.items.items() if item.reverse}
    assert reverse == {"STD4", "RTT4", "CSV4", "PIC4", "PCM4"}
    assert not any(capital.items[code].short for code in reverse)


def test_no_case_story_reaches_a_respondent(capital: Study) -> None:
    """Pipes carry a brand and its badge; the story of a case would prime the answers."""
    for option in capital.question("platform").options:
        for text in option.pipes.values():
            assert all(len(string) <= 30 for string in text.values())
    shown = [string for item in capital.items.values() for string in item.wording.values()]
    names = ("抖音", "京东", "支付宝", "蚂蚁", "腾讯", "小红花", "Douyin", "Alipay", "Tencent")
    assert not [string for string in shown if any(name in string for name in names)]
