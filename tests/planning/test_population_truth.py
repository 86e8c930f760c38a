"""Exact moments of populations against closed forms, published values and an independent generator."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.planning.default_population import CORRELATION, EXPLAINED, default_population
from analysis.planning.latents import draw_variables
from analysis.planning.polynomials import add, covariance, expectation, multiply
from analysis.planning.population import Population, PopulationError, Variable, standardised_effects, truth
from analysis.planning.population_file import load_population, population_of
from questionnaire.loading import StudyError, load_study
from questionnaire.study import Study

DATA = Path(__file__).parents[2] / "data"
PRINTED = 0.0006
"""Values printed with three decimals, each within half a unit, rounded from rounded sums."""


@pytest.fixture(scope="module")
def capital() -> Study:
    return load_study(DATA / "studies/social_capital.yaml")


@pytest.fixture(scope="module")
def population(capital: Study) -> Population:
    return population_of(capital)


@pytest.mark.parametrize(
    ("power", "moment"), [(0, 1), (1, 0), (2, 1), (3, 0), (4, 3), (5, 0), (6, 15), (8, 105)]
)
def test_moments_of_a_standard_normal(power: int, moment: int) -> None:
    assert expectation({(0,) * power: 1.0}) == moment


@settings(deadline=None)
@given(st.lists(st.floats(-2, 2), min_size=3, max_size=3), st.lists(st.floats(-2, 2), min_size=3, max_size=3))
def test_variance_of_a_sum(a: list[float], b: list[float]) -> None:
    left = {(k,): v for k, v in enumerate(a)}
    right = {(k, k + 1): v for k, v in enumerate(b)}
    both = add(left, right)
    parts = covariance(left, left) + covariance(right, right) + 2 * covariance(left, right)
    assert covariance(both, both) == pytest.approx(parts)


@settings(deadline=None)
@given(st.floats(-0.9, 0.9))
def test_covariance_of_products_of_two_normals(rho: float) -> None:
    """Isserlis 1918: Var(XY) = 1 + ρ², Cov(XY, X²) = 2ρ for standard normal X, Y."""
    x = {(0,): 1.0}
    y = {(0,): rho, (1,): (1 - rho**2) ** 0.5}
    assert covariance(multiply(x, y), multiply(x, y)) == pytest.approx(1 + rho**2)
    assert covariance(multiply(x, y), multiply(x, x)) == pytest.approx(2 * rho)


def test_correlations_of_the_capitals(population: Population) -> None:
    moments = truth(population)
    pairs = {("S", "R"): 0.5, ("S", "C"): 0.5, ("R", "C"): 0.475}
    assert {pair: moments.covariance(*pair) for pair in pairs} == pytest.approx(pairs)
    assert [moments.sd(code) for code in ("S", "R", "C", "PRC", "PCM")] == pytest.approx([1.0] * 5)


def test_standardised_interactions_are_those_stated(population: Population) -> None:
    """The study's method note prints γ″ = .117, .078, .098, .059 from a draw of 200,000."""
    effects = standardised_effects(population, "PI")
    stated = {"S:R": 0.117, "S:C": 0.078, "R:C": 0.098, "S:R:C": 0.059}
    assert {term: effects[term] for term in stated} == pytest.approx(stated, abs=PRINTED)


@pytest.mark.parametrize(
    ("scenario", "sd", "r2"),
    # SD of PI and R² with main effects, pairs and the triple, from 400,000 draws (seed 3) of the generator
    # that the population was first written as; its Monte Carlo errors are .001 and .0015.
    [
        ("synergy", 1.0204, (0.4867, 0.5607, 0.5676)),
        ("half", 0.9591, (0.4877, 0.5085, 0.5105)),
        ("additive", 0.9194, (0.4673, 0.4673, 0.4673)),
        ("null", 0.6966, (0.0721, 0.0722, 0.0722)),
        ("balance", 0.9330, (0.4559, 0.4568, 0.4568)),
        ("curvature", 0.9438, (0.4323, 0.4782, 0.4782)),
    ],
)
def test_scenarios_agree_with_the_first_generator(
    population: Population, scenario: str, sd: float, r2: tuple[float, ...]
) -> None:
    moments = truth(population.under(scenario))
    assert moments.sd("PI") == pytest.approx(sd, abs=0.003)
    main = ["S", "R", "C", "PCM", "PRC"]
    pairs = [*main, "S:R", "S:C", "R:C"]
    for terms, expected in zip((main, pairs, [*pairs, "S:R:C"]), r2, strict=True):
        phi = np.array([[moments.covariance(a, b) for b in terms] for a in terms])
        with_pi = np.array([moments.covariance(a, "PI") for a in terms])
        explained = with_pi @ np.linalg.solve(phi, with_pi)
        assert explained / moments.sd("PI") ** 2 == pytest.approx(expected, abs=0.004)


def test_draws_have_the_exact_moments(population: Population) -> None:
    n = 200_000
    moments = truth(population)
    drawn = draw_variables(population, moments, n, np.random.default_rng(4))
    for code in ("S", "PCM", "PI", "PIC"):
        assert drawn[code].mean() == pytest.approx(moments.mean(code), abs=5 / n**0.5)
        assert drawn[code].std() == pytest.approx(moments.sd(code), abs=5 / n**0.5)
    assert np.cov(drawn["PI"], drawn["PCM"])[0, 1] == pytest.approx(
        moments.covariance("PI", "PCM"), abs=5 / n**0.5
    )


def test_more_than_all_variance_cannot_be_explained() -> None:
    tea = default_population(load_study(DATA / "studies/tea_breaks.yaml"))
    impossible = (Variable("A"), Variable("B", {"A": 1.5}))
    with pytest.raises(PopulationError, match=r"B: its effects explain a variance of 2\.250"):
        truth(Population(**{**{f: getattr(tea, f) for f in tea.__slots__}, "variables": impossible}))


def test_an_unknown_scenario_is_refused(population: Population) -> None:
    with pytest.raises(PopulationError, match="synergy, half, additive, null, balance, curvature"):
        population.under("sinergy")


@pytest.mark.parametrize("name", ["social_capital", "tea_breaks"])
def test_a_population_is_assumed_where_none_is_given(name: str) -> None:
    study = load_study(DATA / f"studies/{name}.yaml")
    population = default_population(study)
    moments = truth(population.under("default"))
    assert {c.code for c in study.constructs} <= {v.code for v in population.variables}
    causes, outcomes = (("S", "R"), ("PI",)) if name == "social_capital" else (("BREAKS", "TALK"), ("MOOD",))
    assert moments.covariance(*causes) == pytest.approx(CORRELATION)
    for outcome in outcomes:
        assert 1 - moments.residuals[outcome] == pytest.approx(EXPLAINED)


FAULTS = {
    "another study": ("study: social_capital", "study: tea_breaks", "study", "describes the study"),
    "unknown key": ("method: 0.20", "method: 0.20\nmetod: 1", "metod", "unknown key"),
    "construct without variable": ("  - {code: MKR}\n", "", "variables", '"MKR" is no variable'),
    "term that comes later": (
        "{code: R, effects: {S: 0.50}}",
        "{code: R, effects: {C: 0.50}}",
        "variables[R].effects.C",
        "listed before",
    ),
    "unknown product": (
        '"R:C": -0.10}}',
        '"R:X": -0.10}}',
        "variables[PCM].effects.R:X",
        '"X" is not a variable',
    ),
    "scenario of an unknown variable": (
        "      PI: {S: 0,",
        "      PX: {S: 0,",
        "scenarios[null].changes.PX",
        '"PX" is not a variable',
    ),
    "cuts out of order": ("-1.88, -1.41", "-1.41, -1.88", "thresholds[0]", "not in order"),
    "no cuts for a scale": ("{points: 7, cuts", "{points: 6, cuts", "thresholds", "scale of 7 points"),
    "loading too large": ("loadings: [0.85", "loadings: [0.99", "loadings", "leaves no residual"),
    "unknown question": ("  age: {", "  ages: {", "shares.ages", '"ages" is not a question'),
    "unknown option": ("{douyin: 0.28", "{douying: 0.28", "shares.platform.douying", "not an option"),
    "negative share": ("{joined: 0.7", "{joined: -0.7", "shares.exposed", "not positive"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_faulty_population_is_answered_with_its_place(capital: Study, tmp_path: Path, name: str) -> None:
    old, new, field, what = FAULTS[name]
    text = (DATA / "populations/social_capital.yaml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "p.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(StudyError) as caught:
        load_population(path, capital)
    matching = [p for p in caught.value.problems if p.field == field]
    assert matching
    assert what in matching[0].what
    assert matching[0].line > 0
    assert matching[0].mend
