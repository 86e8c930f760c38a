"""Whatever happens to a study file, the answer is a study or a list of problems, never a crash."""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from questionnaire.loading import StudyError, parse_study
from questionnaire.study import Study

STUDIES = Path(__file__).parents[2] / "data/studies"
TEA = (STUDIES / "tea_breaks.yaml").read_text(encoding="utf-8")
LINES = TEA.splitlines()
FRAGMENTS = [
    "{",
    "}",
    "[",
    "]",
    ":",
    "- ",
    "&a ",
    "*a ",
    "!!x ",
    "'",
    '"',
    "|",
    "null",
    "\t",
    "{drink}",
    ".nan",
    "\ufeff",
]


def outcome(text: str) -> Study | StudyError:
    try:
        return parse_study(text, "damaged.yaml")
    except StudyError as error:
        return error


def survives(text: str) -> None:
    found = outcome(text)
    if isinstance(found, StudyError):
        assert found.problems
        assert all(problem.what and problem.mend for problem in found.problems)
        # YAML breaks lines at more characters than "\n".
        last = len(text.splitlines()) + 1
        assert all(0 <= problem.line <= last for problem in found.problems)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, len(LINES) - 1), st.integers(1, 6), st.integers(0, 3))
def test_lines_lost_or_repeated(start: int, length: int, times: int) -> None:
    survives("\n".join(LINES[:start] + LINES[start : start + length] * times + LINES[start + length :]))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, len(TEA)), st.sampled_from(FRAGMENTS) | st.text(max_size=4), st.integers(0, 4))
def test_characters_replaced(place: int, fragment: str, lost: int) -> None:
    survives(TEA[:place] + fragment + TEA[place + lost :])


@settings(max_examples=80, deadline=None)
@given(
    st.integers(0, len(LINES) - 1), st.sampled_from(["[]", "{}", "''", "7", "x", "[[x]]", "{x: {y: z}}", "~"])
)
def test_values_of_another_shape(line: int, value: str) -> None:
    key, colon, _ = LINES[line].partition(":")
    survives("\n".join([*LINES[:line], f"{key}{colon} {value}", *LINES[line + 1 :]]))


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_any_text_at_all(text: str) -> None:
    survives(text)
