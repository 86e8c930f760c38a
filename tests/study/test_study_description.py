"""What `synergy check` says about a study."""

from __future__ import annotations

from pathlib import Path

import pytest

from questionnaire.description import burden, describe
from questionnaire.loading import load_study

STUDIES = Path(__file__).parents[2] / "data/studies"


@pytest.mark.parametrize(
    ("form", "statements"),
    # 52 core items of capitals and intention, 8 controls, 4 marker items; the short form keeps 3 of 4.
    [("long", 64), ("short", 48), ("extended", 76)],
)
def test_statements_of_each_form(form: str, statements: int) -> None:
    study = load_study(STUDIES / "social_capital.yaml")
    asked = burden(study, study.form(form))
    assert asked.statements == statements
    assert (asked.checks, asked.questions) == (4, 19)
    assert 5 < asked.minutes < 20


def test_pages_hold_eight_to_ten_statements_at_most() -> None:
    study = load_study(STUDIES / "social_capital.yaml")
    assert all(block.per_page <= 10 for block in study.blocks)


@pytest.mark.parametrize("language", ["", "zh-CN", "fr"])
def test_description_names_everything(language: str) -> None:
    study = load_study(STUDIES / "social_capital.yaml")
    text = describe(study, language)
    listed = (study.constructs, study.dimensions, study.forms, study.waves, study.models, study.hypotheses)
    for part in listed:
        assert all(member.code in text for member in part)
    named = "认知型社会资本" if language == "zh-CN" else "Cognitive capital"
    assert named in text


def test_a_study_without_english_is_described_in_its_own_language() -> None:
    study = load_study(STUDIES / "tea_breaks.yaml")
    assert "Gemeinsame Teepausen" in describe(study, "de")
