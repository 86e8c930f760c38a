"""How numbers are printed."""

import math

import pytest

from analysis.reporting.numbers import NONE, agreement, bounded, interval, listing, number, pvalue, whole


@pytest.mark.parametrize(
    ("print_it", "value", "text"),
    [
        (number, 1.23456, "1.235"),
        (number, -0.5, "−0.500"),
        (number, -0.0001, "0.000"),
        (number, None, NONE),
        (number, math.nan, NONE),
        (number, math.inf, NONE),
        (number, True, NONE),
        (bounded, 0.931, ".931"),
        (bounded, -0.25, "−.250"),
        (bounded, 1.0, "1.000"),
        (bounded, 10.25, "10.250"),
        (pvalue, 0.0004, "< .001"),
        (pvalue, 0.001, ".001"),
        (pvalue, 0.5, ".500"),
        (pvalue, math.nan, NONE),
        (agreement, 1.1e-8, "< 0.0001"),
        (agreement, 0.0, "< 0.0001"),
        (agreement, 0.0001, "0.0001"),
        (agreement, 1.25, "1.2500"),
        (agreement, math.nan, NONE),
        (whole, 1234.0, "1,234"),
        (whole, None, NONE),
    ],
)
def test_one_number(print_it, value, text):
    assert print_it(value) == text


@pytest.mark.parametrize(
    ("low", "high", "text"), [(0.1, 0.25, "[0.100, 0.250]"), (-0.1, None, NONE), (math.nan, 1, NONE)]
)
def test_an_interval_needs_both_ends(low, high, text):
    assert interval(low, high) == text


@pytest.mark.parametrize(("language", "text"), [("en", "a, b"), ("zh-CN", "a、b")])
def test_a_listing_has_its_languages_comma(language, text):
    assert listing(["a", "b"], language) == text
