"""Every key of a study file is documented, and what the documentation says holds."""

from __future__ import annotations

import dataclasses
import re
from enum import StrEnum
from pathlib import Path

import pytest

from questionnaire import instrument, plan
from questionnaire.loading import StudyError, load_study, parse_study
from questionnaire.study import Study
from questionnaire.study_file.check_instrument import RESERVED
from questionnaire.study_file.writing import UNSTATED

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs/study-file.md").read_text(encoding="utf-8")
WORDS = set(re.findall(r"\w+", DOCUMENT))

TYPES = [
    kind
    for module in (instrument, plan)
    for kind in vars(module).values()
    if isinstance(kind, type) and kind.__module__ == module.__name__
]


@pytest.mark.parametrize(
    "kind", [*filter(dataclasses.is_dataclass, TYPES), Study], ids=lambda kind: kind.__name__
)
def test_every_key_is_documented(kind: type) -> None:
    keys = {field.name for field in dataclasses.fields(kind)} - UNSTATED
    # An item's construct is where it stands in the file.
    keys -= {"construct"} if kind is instrument.Item else set()
    assert keys <= WORDS


@pytest.mark.parametrize("kind", [t for t in TYPES if issubclass(t, StrEnum)], ids=lambda kind: kind.__name__)
def test_every_choice_is_documented(kind: type[StrEnum]) -> None:
    assert {str(member) for member in kind} <= WORDS


def test_reserved_columns_are_documented() -> None:
    assert {name for name in RESERVED if not name.startswith("seconds_")} <= WORDS


def test_every_option_of_a_hypothesis_in_use_is_documented() -> None:
    used = {
        key
        for path in (ROOT / "data/studies").glob("*.yaml")
        for hypothesis in load_study(path).hypotheses
        for key in hypothesis.options
    }
    assert used <= WORDS


def test_the_messages_shown_are_the_real_ones() -> None:
    text = (ROOT / "data/studies/tea_breaks.yaml").read_text(encoding="utf-8")
    faulty = text.replace("        reverse: true", "        revers: true").replace(
        "estimand: a*c", "estimand: a*d"
    )
    with pytest.raises(StudyError) as caught:
        parse_study(faulty, "my_study.yaml")
    assert str(caught.value) in DOCUMENT
