"""Populations as files: read with every problem placed, and found by the study's code."""

from __future__ import annotations

from pathlib import Path

from analysis.planning.default_population import default_population
from analysis.planning.population import PRODUCT, Population, increasing
from questionnaire.study import Study
from questionnaire.study_file.nodes import parse
from questionnaire.study_file.problems import Collector, StudyError, TooManyProblemsError
from questionnaire.study_file.reading import Reader
from questionnaire.suggestion import suggestion

POPULATIONS = Path(__file__).parents[2] / "data" / "populations"


def population_of(study: Study) -> Population:
    """The population that comes with the study, or one assumed from its structure."""
    path = POPULATIONS / f"{study.code}.yaml"
    return load_population(path, study) if path.is_file() else default_population(study)


def load_population(path: Path, study: Study) -> Population:
    """The population in a file, checked against the study; StudyError lists every problem."""
    problems = Collector(str(path))
    population: Population | None = None
    try:
        root = parse(path.read_text(encoding="utf-8"), problems)
        if root is not None:
            population = Reader(problems).record(root, "", Population)
        if population is not None and not problems.problems:
            _check(population, study, problems)
    except TooManyProblemsError:
        population = None
    if problems.problems or population is None:
        raise StudyError(problems.problems)
    return population


def _check(population: Population, study: Study, problems: Collector) -> None:
    if population.study != study.code:
        what = f'it describes the study "{population.study}"'
        problems.add("study", what, f"Write {study.code}, or choose the file of that study.")
    _variables(population, study, problems)
    for points in sorted({scale.points for scale in study.scales if _rates(study, scale.code)}):
        if points not in {member.points for member in population.thresholds}:
            what = f"the study has a scale of {points} points, and no thresholds are given for it"
            problems.add("thresholds", what, f"Add points: {points} with {points - 1} cuts.")
    for index, member in enumerate(population.thresholds):
        if len(member.cuts) != member.points - 1 or not increasing(member.cuts):
            what = f"{len(member.cuts)} cuts for {member.points} points, or not in order"
            problems.add(f"thresholds[{index}]", what, f"Give {member.points - 1} increasing cuts.")
    for loading in population.loadings:
        if loading**2 + population.method**2 > 1:
            what = f"a loading of {loading} beside a method effect of {population.method} leaves no residual"
            problems.add("loadings", what, "Their squares must not add up to more than 1.")
    _shares(population, study, problems)


def _rates(study: Study, scale: str) -> bool:
    return any(item.scale == scale for item in study.items.values())


def _variables(population: Population, study: Study, problems: Collector) -> None:
    codes = [variable.code for variable in population.variables]
    for construct in study.constructs:
        if construct.code not in codes:
            what = f'the construct "{construct.code}" is no variable here'
            problems.add("variables", what, f"Add code: {construct.code} with its effects.")
    for index, variable in enumerate(population.variables):
        _terms(f"variables[{variable.code}].effects", variable.effects, codes[:index], problems)
    effects = {variable.code: codes[:index] for index, variable in enumerate(population.variables)}
    for scenario in population.scenarios:
        path = f"scenarios[{scenario.code}].changes"
        for code, changed in scenario.changes.items():
            if code not in effects:
                problems.add(f"{path}.{code}", f'"{code}" is not a variable', suggestion(code, codes))
            else:
                _terms(f"{path}.{code}", changed, effects[code], problems)


def _terms(path: str, effects: object, earlier: list[str], problems: Collector) -> None:
    for term in effects if isinstance(effects, dict) else ():
        for part in term.split(PRODUCT):
            if part not in earlier:
                what = f'"{part}" is not a variable listed before'
                problems.add(f"{path}.{term}", what, suggestion(part, earlier))


def _shares(population: Population, study: Study, problems: Collector) -> None:
    questions = {question.code: question for question in study.questions}
    for code, shares in population.shares.items():
        if code not in questions:
            problems.add(f"shares.{code}", f'"{code}" is not a question', suggestion(code, questions))
            continue
        known = [option.code for option in questions[code].options]
        for option in [code for code in shares if code not in known]:
            where, what = f"shares.{code}.{option}", f'"{option}" is not an option of {code}'
            problems.add(where, what, suggestion(option, known))
        if min(shares.values(), default=0.0) < 0 or not sum(shares.values()) > 0:
            problems.add(f"shares.{code}", "the shares are not positive", "Give shares that add up to 1.")
