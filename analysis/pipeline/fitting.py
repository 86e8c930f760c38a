"""One model, one sample, one call to the engine; what goes wrong becomes a value with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis import sem
from analysis.pipeline.brief import Effects, effects_alone, labelled_pvalues
from analysis.pipeline.outcome import fitted_model
from analysis.pipeline.result import NOT_ASKED_FOR, FailedModel, FittedModel, ModelOutcome, Part
from analysis.pipeline.sample import Sample
from analysis.sem.errors import SemError
from analysis.sem.fit import Fit
from analysis.sem.syntax import parse_model
from analysis.sem.table import build_table
from analysis.synergy.compile import compile_model
from analysis.synergy.compiled import CompiledModel
from analysis.synergy.standardise import GAMMA, PREFIX, standardised_definitions
from analysis.synergy.two_stage import SecondStage
from analysis.unavailable import Unavailable
from questionnaire.plan import Model
from questionnaire.study import Study

TROUBLE = (SemError, np.linalg.LinAlgError, FloatingPointError)
SHOWN_RESIDUALS = 10
CROSS_CHECK_SECONDS = 20.0


@dataclass(frozen=True, slots=True, eq=False)
class Attempt:
    """A model outcome with what later steps still ask of it.

    ``fit`` is the engine's object, None for a failure; ``effects`` the rows of the standardised estimands
    asked for, by name, with the columns of ``fit.estimates``. ``second_stage``: the equation with products by
    an estimator without product indicators, where a hypothesis asks for one.
    """

    outcome: ModelOutcome
    fit: Fit | None
    effects: Effects
    compiled: CompiledModel | None = None
    second_stage: SecondStage | None = None


def fit_model(
    study: Study,
    model: Model,
    sample: Sample,
    estimands: Mapping[str, str],
    *,
    part: Part,
    detailed: bool = False,
    brief: bool = False,
) -> Attempt:
    """Compile and fit ``model``; ``detailed`` adds the residuals and the second engine's estimates.

    ``brief``, for the thousands of fits of a simulation, gives only what evidence is read from: the estimands
    (``est``, ``se``), the labelled paths' p values and the engine's findings.
    """
    compiled = compile_model(study, model, error_variances=sample.errors, absent=sample.absent)
    if isinstance(compiled, Unavailable):
        return failed_attempt(model, part, sample, "", compiled.reason, compiled.mend)
    data = sample.frame(compiled)
    if obstacle := obstacle_in(data):
        return failed_attempt(model, part, sample, compiled.syntax, obstacle.reason, obstacle.mend)
    # Products of incomplete rows are not missing at random, so interactions use complete rows only.
    # Without holes full information is the listwise likelihood, at many times its cost.
    whole = not bool(data.isna().any(axis=None))
    missing = "listwise" if compiled.products or whole else study.measurement.missing
    gammas = {} if brief else _product_labels(compiled)
    try:
        if obstacle := _too_few(compiled, data, missing):
            return failed_attempt(model, part, sample, compiled.syntax, obstacle.reason, obstacle.mend)
        definitions = standardised_definitions(
            compiled.syntax, compiled.products, {**estimands, **gammas}, meanstructure=missing == "fiml"
        )
        fit = sem.fit(
            "\n".join((compiled.syntax, *definitions)),
            data,
            estimator=study.measurement.estimator,
            missing=missing,
            engine=study.measurement.engine,
        )
        if brief:
            outcome = outcome_of(study, model, part, sample, compiled, fit, labelled_pvalues(fit))
            return Attempt(outcome, fit, effects_alone(fit, list(estimands)), compiled)
        estimates = fit.estimates
    except TROUBLE as error:
        return failed_attempt(model, part, sample, compiled.syntax, str(error), "")
    effects = {str(r["lhs"]): r for r in estimates[estimates["op"] == ":="].to_dict("records")}
    outcome = outcome_of(
        study,
        model,
        part,
        sample,
        compiled,
        fit,
        _shown(estimates, compiled, effects),
        fit_measures=fit.fit_measures,
        residuals=_residuals(fit) if detailed else NOT_ASKED_FOR,
        cross_check=_cross_check(fit, compiled.syntax, data) if detailed else NOT_ASKED_FOR,
        data=data if detailed else pd.DataFrame(),
    )
    return Attempt(outcome, fit, effects, compiled)


def outcome_of(
    study: Study,
    model: Model,
    part: Part,
    sample: Sample,
    compiled: CompiledModel,
    fit: Fit,
    estimates: pd.DataFrame,
    **shown: Any,
) -> FittedModel:
    """:func:`fitted_model` of a compiled model and a sample."""
    at = {"screening": sample.level, "scoring": sample.scoring, "estimator": study.measurement.estimator}
    return fitted_model(model, fit, estimates, part=part, syntax=compiled.syntax, **at, **shown)


def failed_attempt(model: Model, part: Part, sample: Sample, syntax: str, reason: str, mend: str) -> Attempt:
    """An attempt that gave no fit, with why and how to mend it."""
    failure = FailedModel(model.code, model.name, part, sample.level, sample.scoring, syntax, reason, mend)
    return Attempt(failure, None, {})


def obstacle_in(data: pd.DataFrame) -> Unavailable | None:
    """Why the data cannot carry any model with these columns, None where they may."""
    values = data.to_numpy(dtype=float)
    answered = (~np.isnan(values)).sum(axis=0)
    for name, count in zip(data.columns, answered, strict=True):
        if count < 3:
            return Unavailable(f"{name} has only {count} values", "Collect more answers.")
    spread = np.nanmax(values, axis=0) - np.nanmin(values, axis=0)
    if (spread < 1e-12).any():
        constant = [str(c) for c, s in zip(data.columns, spread, strict=True) if s < 1e-12]
        return Unavailable(
            f"everyone has the same value on {', '.join(constant[:6])}"
            + (f" and {len(constant) - 6} more" if len(constant) > 6 else ""),
            "A variable without variance cannot be modelled.",
        )
    return None


def _too_few(compiled: CompiledModel, data: pd.DataFrame, missing: str) -> Unavailable | None:
    """Fewer respondents than free parameters or observed variables: what came out would be noise."""
    usable = data.dropna(how="all" if missing == "fiml" else "any")
    wanted = max(build_table(parse_model(compiled.syntax)).n_free, data.shape[1] + 1)
    if len(usable) >= wanted:
        return None
    return Unavailable(
        f"{len(usable)} usable respondents are too few for its {wanted} parameters",
        "Collect more answers, or test a smaller model.",
    )


def _product_labels(compiled: CompiledModel) -> dict[str, str]:
    """An estimand for every labelled path in an equation that holds a latent product.

    Products so get γ'' where γ' would stand, and a response surface its coefficients with their covariance.
    """
    paths = [s for s in parse_model(compiled.syntax).parameters if s.op == "~"]
    outcomes = {s.lhs for s in paths if s.rhs in compiled.products}
    return {
        GAMMA + s.modifiers.label[0]: s.modifiers.label[0]
        for s in paths
        if s.lhs in outcomes and s.modifiers.label
    }


def _shown(estimates: pd.DataFrame, compiled: CompiledModel, effects: Effects) -> pd.DataFrame:
    """The estimates without the compiler's own definitions, with γ'' as a product's standardised path."""
    shown = estimates[~estimates["lhs"].astype(str).str.startswith(PREFIX)].reset_index(drop=True)
    for index, row in shown.iterrows():
        if row["op"] == "~" and row["rhs"] in compiled.products:
            effect = effects.get(f"{GAMMA}{row['label']}")
            value = float(str(effect["est"])) if effect else np.nan
            shown.loc[index, ["std_lv", "std_all"]] = value
    return shown


def _residuals(fit: Fit) -> pd.DataFrame | Unavailable:
    """The ten largest correlation residuals: ``lhs rhs residual``."""
    try:
        found = fit.residuals()
    except TROUBLE as error:
        return Unavailable(str(error))
    between = found[(found["op"] == "~~") & (found["lhs"] != found["rhs"])]
    order = between["correlation"].abs().sort_values(ascending=False, kind="stable").index[:SHOWN_RESIDUALS]
    return between.loc[order, ["lhs", "rhs", "correlation"]].set_axis(["lhs", "rhs", "residual"], axis=1)


def _cross_check(fit: Fit, syntax: str, data: pd.DataFrame) -> pd.DataFrame | Unavailable:
    """Both engines' estimates, with ``cases`` saying of what.

    Where rows have holes both fit the complete rows: semopy takes minutes over many patterns of missing
    answers, and two engines that agree on the same data agree.
    """
    holes = fit.options.missing == "fiml" and bool(data.isna().any(axis=None))
    try:
        compared = sem.fit(syntax, data, estimator="ML") if holes else fit
        found = compared.cross_check(time_limit=CROSS_CHECK_SECONDS)
    except TROUBLE as error:
        return Unavailable(str(error))
    if found.reason:
        return Unavailable(found.reason)
    return found.parameters.assign(cases="complete rows" if holes else "all rows")
