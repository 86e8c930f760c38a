"""What each stage of an analysis will cost, foreseen from the study, so that its progress can be honest.

The figures are seconds of one core on the built-in study's 600 demo answers; only their proportions are
used. On other answers they are off by how much more or less they need for one stage than for another.
"""

from __future__ import annotations

from collections.abc import Mapping

from analysis.pipeline.progress import Stage
from analysis.synergy.compile import compile_model
from analysis.synergy.compiled import CompiledModel
from analysis.synergy.structure import read_structure
from analysis.unavailable import Unavailable
from questionnaire.plan import HypothesisKind, Model
from questionnaire.study import Study

ELSEWHERE = (HypothesisKind.CROSS_LAGGED, HypothesisKind.GROUP_COMPARISON, HypothesisKind.NECESSITY)
REPEATS = 4
"""The other screening levels, and the other scoring."""
FIXED = {Stage.READING: 0.15, Stage.SCREENING: 0.1, Stage.JUDGING: 0.4}
MANY = 4
"""Products beyond which draws are refitted one by one: a full quadratic surface has six."""
SECOND_ENGINE = 0.7
"""Reading the second engine's libraries, once."""
WAYS = 6
"""Matchings of indicators a product model has, usually."""


def foreseen(study: Study, draws: int) -> dict[Stage, float]:
    """The cost of every stage of the study's analysis with so many bootstrap draws."""
    sizes = {model.code: _compiled(study, model) for model in study.models}
    tested = dict.fromkeys(h.model for h in study.hypotheses if h.kind not in ELSEWHERE)
    drawn = {h.model for h in study.hypotheses if h.kind is HypothesisKind.MEDIATION}
    products = {code: m for code, m in sizes.items() if m is not None and m.products}
    measuring = [m for m in study.models if _measures(study, m)]
    rest = [m.code for m in study.models if m.code not in tested and m not in measuring]
    lagged = sum(h.kind is HypothesisKind.CROSS_LAGGED for h in study.hypotheses)
    fits = sum(fit_cost(sizes.get(code)) for code in tested)
    return {
        **FIXED,
        Stage.GROUPS: 0.012 * len(study.items) + 0.3 * (len(study.groups) + lagged),
        Stage.TESTING: SECOND_ENGINE + fits + 0.1 * len(products),
        Stage.DRAWING: sum(draw_cost(study, sizes.get(code)) for code in drawn) * draws,
        Stage.MEASURING: sum(fit_cost(sizes[m.code]) for m in measuring),
        Stage.RIVALS: sum(fit_cost(sizes[code]) for code in rest),
        Stage.MODEL_TESTS: sum(map(test_cost, products.values())) * min(draws, study.rules.model_test_draws),
        Stage.REPEATING: REPEATS * fits / 3,
        Stage.MATCHING: sum(WAYS * fit_cost(sizes[code]) / 2 for code in products if code in tested),
        Stage.RELIABILITY: 0.7 + 0.03 * len(study.items),
        Stage.SUMMING: 0.02 * len(study.items),
    }


def fit_cost(model: CompiledModel | None) -> float:
    """A fit with residuals and the second engine: the residuals' weights grow fastest with its variables."""
    size = _size(model)
    return 0.05 + 4e-4 * size**2 + (size / 45) ** 6


def draw_cost(study: Study, model: CompiledModel | None) -> float:
    """One bootstrap draw; full information goes through every pattern of missing answers."""
    return (1.5e-5 if study.measurement.missing == "fiml" else 4e-7) * _size(model) ** 2


def test_cost(model: CompiledModel) -> float:
    """One draw of a product model's test; with many products most draws do not settle in batched steps."""
    return 4.5e-6 * _size(model) ** 2 * (12 if len(model.products) > MANY else 1)


def _size(model: CompiledModel | None) -> int:
    """Observed variables; none in a model that one sample cannot show."""
    return 0 if model is None else len(model.columns)


def _compiled(study: Study, model: Model) -> CompiledModel | None:
    errors: Mapping[str, float] = dict.fromkeys(study.measurement.single_indicators, 1.0)
    found = compile_model(study, model, error_variances=errors)
    return None if isinstance(found, Unavailable) else found


def _measures(study: Study, model: Model) -> bool:
    return not model.lagged and not read_structure(study, model).has_paths
