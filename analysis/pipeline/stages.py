"""The stages between screening and verdicts: measuring, rivals, sensitivity, comparisons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis import sem
from analysis.pipeline.beside import Beside, Later
from analysis.pipeline.elsewhere import evidence_elsewhere
from analysis.pipeline.fitting import TROUBLE, Attempt, fit_model
from analysis.pipeline.intake import Intake
from analysis.pipeline.measuring import one_factors
from analysis.pipeline.one_factor import OneFactor, error_variance
from analysis.pipeline.progress import Stage, Steps
from analysis.pipeline.result import Comparison, FittedModel, Part, VerdictRow
from analysis.pipeline.sample import Sample, score_sample
from analysis.pipeline.testing import relabel, verdict_rows, weigh_hypotheses
from analysis.preparation.answers import Answers
from analysis.preparation.scoring import Scored
from analysis.screening.levels import LEVELS, Screened
from analysis.synergy.restricted import in_data_of
from analysis.synergy.structure import read_structure
from analysis.unavailable import Unavailable
from questionnaire.plan import Model
from questionnaire.study import Study


def draw_sample(
    study: Study, answers: Answers, kept: np.ndarray, level: str, scoring: Scored
) -> tuple[Sample, dict[str, OneFactor | Unavailable]]:
    """The scored rows that ``kept`` marks, with the one-factor models that give their error variances."""
    sample = score_sample(study, answers.items[kept], level, scoring)
    factors = one_factors(study, sample)
    errors = {
        code: error_variance(sample.parcels[code], factor)
        for code in study.measurement.single_indicators
        if isinstance(factor := factors.get(code), OneFactor)
    }
    return replace(sample, errors=errors), factors


def is_measurement(study: Study, model: Model) -> bool:
    """Whether a model has no path between variables, only what measures them."""
    return not model.lagged and not read_structure(study, model).has_paths


def begin_measurement(study: Study, sample: Sample, beside: Beside) -> dict[str, Later[Attempt]]:
    """Every measurement model of the study, begun."""
    return {
        model.code: beside.start(fit_model, study, model, sample, {}, part=Part.MEASUREMENT, detailed=True)
        for model in study.models
        if is_measurement(study, model)
    }


def fitted_measurement(begun: Mapping[str, Later[Attempt]], steps: Steps) -> dict[str, Attempt]:
    """The measurement models, once all are there."""
    found: dict[str, Attempt] = {}
    steps.begin(Stage.MEASURING, "fitting the measurement models")
    for code, later in begun.items():
        steps.part(len(found) / len(begun), f"fitting the measurement model {code}")
        found[code] = later.result()
    return found


def widest(attempts: Mapping[str, Attempt]) -> FittedModel | None:
    """The fitted measurement model with the most latent variables."""
    fitted = [
        a.outcome for a in attempts.values() if isinstance(a.outcome, FittedModel) and a.outcome.converged
    ]
    return max(fitted, key=_latents, default=None)


def _latents(model: FittedModel) -> int:
    return int(model.estimates.loc[model.estimates["op"] == "=~", "lhs"].nunique())


def fit_rivals(
    study: Study, sample: Sample, attempts: Mapping[str, Attempt], steps: Steps
) -> dict[str, Attempt]:
    """Every model of the study that has not been fitted yet: rivals and equivalent models."""
    found: dict[str, Attempt] = {}
    rivals = [model for model in study.models if model.code not in attempts]
    steps.begin(Stage.RIVALS, "fitting the rivals")
    for model in rivals:
        steps.part(len(found) / len(rivals), f"fitting the rival {model.code}")
        found[model.code] = fit_model(study, model, sample, {}, part=Part.RIVAL, detailed=True)
    return found


def compare_rivals(study: Study, sample: Sample, attempts: Mapping[str, Attempt]) -> tuple[Comparison, ...]:
    """Each tested model beside each of its rivals and equivalent models.

    A rival that lacks products is fitted on the product model's own indicators.
    """
    pairs: dict[tuple[str, str], None] = {}
    for hypothesis in study.hypotheses:
        more = hypothesis.options.get("rivals", ())
        others = [hypothesis.rival, *(map(str, more) if isinstance(more, list | tuple) else ())]
        pairs |= {(hypothesis.model, rival): None for rival in others if rival not in ("", hypothesis.model)}
    estimator = study.measurement.estimator
    found = []
    for a, b in pairs:
        one, other = attempts.get(a), attempts.get(b)
        fit = _without_products(sample, one, other, estimator)
        found.append(Comparison(a, b, _compare(one, other if fit is None else fit, a, b)))
    return tuple(found)


def _without_products(
    sample: Sample, one: Attempt | None, other: Attempt | None, estimator: str
) -> Attempt | None:
    """The rival on the model's indicators, None where it can be compared as it is or not at all."""
    if one is None or other is None or one.compiled is None or other.compiled is None:
        return None
    text = in_data_of(one.compiled, other.compiled)
    if isinstance(text, Unavailable):
        return None
    try:
        fit = sem.fit(text, sample.frame(one.compiled), estimator=estimator)
    except TROUBLE:
        return None
    return replace(other, fit=fit)


def _compare(one: Attempt | None, other: Attempt | None, a: str, b: str) -> pd.DataFrame | Unavailable:
    if one is None or one.fit is None or other is None or other.fit is None:
        return Unavailable(f"{a if one is None or one.fit is None else b} was not fitted")
    for name, attempt in ((a, one), (b, other)):
        if attempt.fit is not None and not attempt.fit.converged:
            return Unavailable(f"{name} did not converge")
    # Rivals that are not nested still have information criteria to compare, if they share their data.
    reason = ""
    for nested in (True, False):
        try:
            table: pd.DataFrame = sem.compare(one.fit, other.fit, names=(a, b), nested=nested)
        except TROUBLE as error:
            reason = str(error)
        else:
            return table
    return Unavailable(reason)


@dataclass(frozen=True, slots=True)
class Repeat:
    """The verdicts at another screening level or scoring; ``found`` None where they are the primary's."""

    level: str
    what: str
    found: Later[list[VerdictRow]] | None


def repeat_verdicts(
    study: Study,
    intake: Intake,
    screened: Screened,
    primary: tuple[str, Scored],
    plan: str,
    *,
    gate_passed: bool,
    seed: int,
    beside: Beside,
) -> list[Repeat]:
    """Begin the verdicts at the other screening levels, and at the primary one under the other scoring.

    A level that keeps exactly the respondents of one already analysed repeats its figures. Hypotheses of
    groups and waves are tested at every level, too.
    """
    level, scoring = primary
    done: list[tuple[np.ndarray, Later[list[VerdictRow]] | None]] = [(screened.kept[level], None)]
    out: list[Repeat] = []
    for other in LEVELS:
        if other == level:
            continue
        kept = screened.kept[other]
        same = [found for mask, found in done if np.array_equal(mask, kept)]
        if not same:
            same = [beside.start(_verdicts, study, intake, kept, other, scoring, plan, gate_passed, seed)]
            done.append((kept, same[0]))
        out.append(Repeat(other, f"screening level {other}", same[0]))
    second = Scored.RAW if scoring is Scored.NORMAL else Scored.NORMAL
    kept = screened.kept[level]
    found = beside.start(_verdicts, study, intake, kept, level, second, plan, gate_passed, seed)
    return [*out, Repeat(level, f"{second.value} scores", found)]


def repeated_rows(repeats: list[Repeat], rows: list[VerdictRow], steps: Steps) -> list[VerdictRow]:
    """The rows of every repeat, once all are there; ``rows`` are the primary's."""
    out: list[VerdictRow] = []
    steps.begin(Stage.REPEATING, "repeating the analysis")
    for k, repeat in enumerate(repeats):
        steps.part(k / len(repeats), f"repeating with {repeat.what}")
        out += relabel(rows if repeat.found is None else repeat.found.result(), repeat.level)
    return out


def _verdicts(
    study: Study,
    intake: Intake,
    kept: np.ndarray,
    level: str,
    scoring: Scored,
    plan: str,
    gate_passed: bool,
    seed: int,
) -> list[VerdictRow]:
    sample, _ = draw_sample(study, intake.answers, kept, level, scoring)
    given = evidence_elsewhere(study, intake, sample, kept, seed=seed)
    tested = weigh_hypotheses(study, sample, gate_passed=gate_passed, given=given)
    return verdict_rows(study, sample, tested, plan, primary=False)
