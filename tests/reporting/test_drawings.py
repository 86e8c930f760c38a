"""One description of a drawing: what a page and the report show is what the tables say."""

import re
from types import SimpleNamespace

import altair as alt
import numpy as np
import pandas as pd
import pytest

from analysis.pipeline.result import FittedModel
from analysis.reporting.chart_surface import EYE, TALL, surface_view
from analysis.reporting.charts_groups import group_forest, ladder
from analysis.reporting.charts_measures import answer_shares, htmt_map
from analysis.reporting.charts_probes import Titles, slope_levels, slope_lines, slope_regions, surface_map
from analysis.reporting.drawing import HOVER, figure, side_by_side
from analysis.reporting.names import labelled_paths
from analysis.reporting.pictures import png_of
from analysis.reporting.wording import words
from analysis.synergy.structure import JOINT

LANGUAGES = ("en", "zh-CN")
TITLES = Titles("Trust (SD)", "Ties (SD)", "Predicted Giving (SD)")
EXACT = 1e-9
"""Polynomials of these degrees are determined by the points given."""
AT = np.array([-1.0, 0.0, 1.0])
SLOPE, SE = 0.2 + 0.2 * AT, np.sqrt(0.01 + 0.0025 * AT**2)
SLOPES = pd.DataFrame(
    {"at": AT, "slope": SLOPE, "se": SE, "ci_lower": SLOPE - 1.96 * SE, "ci_upper": SLOPE + 1.96 * SE}
)
# (0.2 + 0.2 m)² = 1.96² (0.01 + 0.0025 m²), solved for m.
BOUNDS = sorted(np.roots([0.04 - 1.96**2 * 0.0025, 0.08, 0.04 - 1.96**2 * 0.01]).tolist())


def value(x, y):
    return 0.3 * x - 0.1 * y + 0.2 * x * y - 0.05 * x**2 + 0.1 * y**2


def known(height=value):
    x, y = (axis.ravel() for axis in np.meshgrid(np.arange(-2.0, 3.0), np.arange(-2.0, 3.0)))
    return pd.DataFrame({"first_at": x, "second_at": y, "value": height(x, y)})


def region(low=-1.5, high=2.5):
    return {"lower": BOUNDS[0], "upper": BOUNDS[1], "observed_min": low, "observed_max": high}


PATHS = pd.DataFrame(
    [("a", "JD", 210, 0.3, 0.1, 0.5), ("a", "X", 220, 0.1, -0.1, 0.3), ("b", "JD", 210, 0.2, 0.0, 0.4)],
    columns=["path", "group", "n", "estimate", "ci_lower", "ci_upper"],
)
STEPS = pd.DataFrame(
    [
        ("configural", "", 0.98, 0.04, True),
        ("metric", "", 0.9, 0.09, False),
        ("metric", "f=~x2", 0.97, 0.05, True),
    ],
    columns=["level", "freed", "cfi", "rmsea", "holds"],
)
RATIOS = pd.DataFrame([[1.0, 0.9, 0.2], [0.9, 1.0, 0.4], [0.2, 0.4, 1.0]], list("ABC"), list("ABC"))
COUNTS = pd.DataFrame({"item": ["i"] * 3 + ["j"], "category": [1, 2, 3, 1], "count": [2, 4, 4, 0]})


def drawings(language):
    own = words(language)
    return {
        "levels": slope_levels(SLOPES, TITLES, own),
        "lines": slope_lines(known(), TITLES, own),
        "regions": slope_regions(SLOPES, region(), TITLES, own),
        "map": surface_map(known(), TITLES),
        "view": surface_view(known(), TITLES),
        "forest": group_forest(PATHS, own),
        "cfi": ladder(STEPS, "cfi", own),
        "rmsea": ladder(STEPS, "rmsea", own),
        "htmt": htmt_map(RATIOS, own),
        "answers": answer_shares(COUNTS, {"i": 3, "j": 3}, own),
    }


def said(svg):
    return re.findall(r">([^<>\n]+)</t(?:ext|span)>", svg)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", drawings("en"))
def test_a_drawing_is_valid_and_can_be_taken_as_svg_and_png(name, language):
    spec = drawings(language)[name].alone()
    # Rows need no schema, and thousands of them take it half a minute.
    alt.Chart.from_dict({**spec, "data": {"values": spec["data"]["values"][:3]}})
    made = figure("k 1", "Caption <1>", {"width": 400, **spec})
    assert 'aria-label="Caption &lt;1&gt;"' in made.svg
    assert not re.search(r"(?:null|NaN|undefined)", " ".join(said(made.svg)))
    assert all(f'"{ref}"' in made.svg for ref in re.findall(r"url\(#([^)]*)\)", made.svg))
    assert png_of(made.svg).startswith(b"\x89PNG")


def rows_of(drawing, kind):
    return pd.DataFrame([row for row in drawing.rows if row["kind"] == kind])


@pytest.mark.parametrize("language", LANGUAGES)
def test_regions_are_coloured_as_the_bounds_say(language):
    own = words(language)
    drawing = slope_regions(SLOPES, region(), TITLES, own)
    band = rows_of(drawing, "band")
    inside = (band["at"] > BOUNDS[0] + EXACT) & (band["at"] < BOUNDS[1] - EXACT)
    assert set(band["said"][inside]) == {own("region_same")}
    outside = (band["at"] < BOUNDS[0] - EXACT) | (band["at"] > BOUNDS[1] + EXACT)
    assert set(band["said"][outside]) == {own("region_differs")}
    drawn = [bound for bound in BOUNDS if -2 < bound < 2.5]
    assert rows_of(drawing, "bound")["at"].tolist() == drawn
    assert rows_of(drawing, "unseen")[["at", "end"]].values.tolist() == [[-2.0, -1.5]]


def test_levels_are_coloured_by_their_interval():
    own = words("en")
    found = [(row["level"], row["said"]) for row in slope_levels(SLOPES, TITLES, own).rows]
    same, differs = own("region_same"), own("region_differs")
    assert found == [("−1 SD", same), ("Mean", differs), ("+1 SD", differs)]


def test_lines_run_along_the_first_variable_at_levels_of_the_second():
    drawing = slope_lines(known(), TITLES, words("en"))
    for level, at in (("−1 SD", -1.0), ("Mean", 0.0), ("+1 SD", 1.0)):
        for kind in ("line", "point"):
            own = rows_of(drawing, kind)
            own = own[own["level"] == level]
            np.testing.assert_allclose(own["value"], value(own["x"], at), atol=EXACT)


def test_the_map_and_the_view_show_the_same_surface():
    cells = rows_of(surface_map(known(), TITLES), "cell")
    np.testing.assert_allclose(cells["value"], value(cells["x"], cells["y"]), atol=EXACT)
    seen = rows_of(surface_view(known(), TITLES), "cell")
    assert (
        seen["value"].min()
        >= value(*np.meshgrid(np.linspace(-2, 2, 99), np.linspace(-2, 2, 99))).min() - EXACT
    )
    assert np.ptp(seen["value"]) == pytest.approx(np.ptp(cells["value"]), rel=0.05)


@pytest.mark.parametrize(
    ("height", "to"),
    [
        (lambda x, y: 0.3 * x + 0.2 * y, 2.0),
        (lambda x, y: 0 * x, 2.0),
        # At (a, a) it falls by 4a a step of either variable; the line of sight by the ridge's whole height
        # of 16 over TALL sides of four steps, times the eye's rise beside its way along x and y.
        (lambda x, y: -((x + y) ** 2), EYE[2] / -(EYE[0] + EYE[1]) * 16 / TALL / 4 / 4),
    ],
    ids=["plane", "level", "ridge"],
)
def test_what_the_surface_hides_is_not_drawn(height, to):
    drawn = rows_of(surface_view(known(height), TITLES), "equal")
    assert (len(drawn) - 1) / 160 == pytest.approx((to + 2) / 4, abs=0.01)
    assert min(EYE[2], -EYE[0], -EYE[1]) > 0, "seen from above, where both variables are low"


def test_paths_are_called_by_cause_and_effect():
    fitted = FittedModel.__new__(FittedModel)
    estimates = [
        ("F", "=~", "x", "l"),
        ("Y", "~", "F", "gF"),
        ("Y", "~", "F__x__G", "gFG"),
        ("Y", "~", "A", "same"),
        ("Y", "~", "B", "same"),
        ("Y", "~", "C", ""),
    ]
    frame = pd.DataFrame(estimates, columns=["lhs", "op", "rhs", "label"])
    object.__setattr__(fitted, "estimates", frame.replace("F__x__G", f"F{JOINT}G"))
    result = SimpleNamespace(model=lambda code: fitted if code == "M1" else None)
    assert labelled_paths(result, "M1") == {"gF": "F → Y", "gFG": "F × G → Y", "same": "A → Y, B → Y"}
    assert labelled_paths(result, "M2") == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_forest_names_paths_and_groups(language):
    svg = figure("k", "c", {**group_forest(PATHS, words(language)).alone(), "width": 400}).svg
    texts = [text for text in said(svg) if text in {"a", "b", "JD", "X"}]
    assert texts == ["a", "JD", "X", "b", "JD"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_ladder_names_its_steps_in_words(language):
    own = words(language)
    found = [(row["step"], row["holds"]) for row in ladder(STEPS, "cfi", own).rows]
    assert found == [
        (f"1. {own('level_configural')}", own("ladder_holds")),
        (f"2. {own('level_metric')}", own("ladder_fails")),
        (f"3. {own('level_metric')} − f=~x2", own("ladder_holds")),
    ]


@pytest.mark.parametrize(
    ("values", "low", "high"),
    [
        ((0.981, 0.98), 0.9655, 0.9955),
        ((0.999, 1.0), 0.9845, 1.0),
        ((0.9, 0.8), 0.79, 0.91),
    ],
)
def test_small_differences_of_fit_look_small(values, low, high):
    steps = STEPS.iloc[:2].assign(cfi=values)
    scale = ladder(steps, "cfi", words("en")).marks["encoding"]["x"]["scale"]
    assert scale["domain"] == pytest.approx([low, high])


def test_htmt_draws_the_lower_triangle_and_frames_what_is_high():
    drawing = htmt_map(RATIOS, words("en"))
    found = [(row["row"], row["column"], row["text"]) for row in drawing.rows]
    assert found == [("B", "A", ".90"), ("C", "A", ".20"), ("C", "B", ".40")]
    assert [len(htmt_map(frame, words("en")).marks["layer"]) for frame in (RATIOS, RATIOS * 0.9)] == [3, 2]


def luminance(colour):
    """Of ``rgb(…)`` or ``#rrggbb``, as WCAG 2.2 defines it."""
    hexes = re.findall("[0-9A-Fa-f]{2}", colour) if colour.startswith("#") else []
    parts = [int(one, 16) for one in hexes] or [int(one) for one in re.findall(r"\d+", colour)]
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in (p / 255 for p in parts)]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_every_ratio_of_htmt_can_be_read_on_its_cell():
    codes = [f"c{k}" for k in range(102)]
    ratios = pd.DataFrame(np.nan, codes, codes)
    ratios.iloc[1:, 0] = np.linspace(0.0, 1.0, 101)
    svg = figure("htmt", "htmt", htmt_map(ratios, words("en")).alone()).svg
    cells = re.findall(r'rect mark" d="[^"]*" fill="(rgb[^"]*)"', svg)
    inks = re.findall(r'<text aria-label="column[^>]* fill="(#[^"]*)"', svg)
    assert len(cells) == len(inks) == 101
    for cell, ink in zip(cells, inks, strict=True):
        dark, light = sorted((luminance(cell), luminance(ink)))
        assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_answers_are_centred_on_the_middle_of_their_scale():
    rows = answer_shares(COUNTS, {"i": 3, "j": 3}, words("en")).rows
    assert [(row["item"], row["point"], row["share"]) for row in rows] == [
        ("i", 1, 0.2),
        ("i", 2, 0.4),
        ("i", 3, 0.4),
    ]
    assert [row["a"] for row in rows] == pytest.approx([-0.4, -0.2, 0.2])
    assert rows[-1]["b"] == pytest.approx(0.6)


def test_panels_share_their_marks_and_need_no_pointer():
    panels = {name: slope_lines(known(), TITLES, words("en")) for name in ("A | B", "B | A")}
    spec = side_by_side(panels, 2, 160, 130)
    assert spec["facet"]["sort"] == ["A | B", "B | A"]
    assert [layer.get("name") for layer in spec["spec"]["layer"]] == [None]
    assert HOVER in [layer.get("name") for layer in panels["A | B"].marks["layer"]]
    assert {"A | B", "B | A"} <= set(said(figure("k", "c", spec).svg))
