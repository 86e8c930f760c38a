"""Hypotheses across waves: the same respondents' composites, wave beside wave, in one model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis import sem
from analysis.pipeline.fitting import TROUBLE, Attempt
from analysis.pipeline.intake import Intake
from analysis.pipeline.measured import Invariance
from analysis.pipeline.outcome import fitted_model
from analysis.pipeline.result import FailedModel, Panel, Part
from analysis.pipeline.sample import Sample, score_sample
from analysis.pipeline.wave_invariances import same_over_waves, wave_invariances
from analysis.pipeline.wave_table import wide_composites
from analysis.preparation.scoring import Scored
from analysis.screening.levels import screen
from analysis.screening.responses import gather_responses
from analysis.sem.fit import Fit
from analysis.synergy.evidence import Evidence, NotTested, conditions
from analysis.synergy.loop import lag_definitions, read_dynamics
from analysis.synergy.panel import FEWEST, PanelModel, compile_panel
from analysis.unavailable import Unavailable
from questionnaire.plan import Hypothesis, HypothesisKind, Model
from questionnaire.study import Study

FIT_MEASURES = ("chisq", "df", "pvalue", "cfi", "tli", "rmsea", "srmr", "aic", "bic")
PLAIN = "plain"
"""Added to a model's code: the cross-lagged model that does not separate persons from change within them."""


@dataclass(frozen=True, slots=True, eq=False)
class Waves:
    """What the waves say: a panel for every lagged model that hypotheses name, the attempts, the evidence.

    ``invariances``: how far the measurement is the same at every wave.
    """

    panels: tuple[Panel, ...]
    attempts: Mapping[str, Attempt]
    evidence: Mapping[str, Evidence | Unavailable]
    invariances: tuple[Invariance, ...] = ()


def weigh_waves(
    study: Study, intake: Intake, level: str, scoring: Scored, *, seed: int, rivals: bool = True
) -> Waves:
    """Measurement and every hypothesis across waves at one screening level.

    ``rivals``: whether models are fitted that no hypothesis is tested by, to be shown beside the others.

    Items are scored over all waves together, so that a score means the same at every wave. Hypotheses are
    tested where scalar invariance holds, with exceptions at most.
    """
    asked = [h for h in study.hypotheses if h.kind is HypothesisKind.CROSS_LAGGED]
    tested = {h.model for h in asked}
    lagged = [model for model in study.models if model.lagged and (rivals or model.code in tested)]
    several = len(intake.waves) > 1
    if not lagged and not several:
        return Waves((), {}, {})
    sample, context = _everyone(study, intake, level, scoring, seed) if several else (None, pd.DataFrame())
    ladders = () if sample is None else wave_invariances(study, sample, context, intake.waves)
    if sample is None or len(intake.waves) < FEWEST:
        count = max(len(intake.waves), 1)
        why = NotTested(
            f"it needs {FEWEST} waves of the same respondents and the answers hold {count}",
            "Invite the same respondents again.",
        )
        failed = {m.code: _failed(m, level, scoring, "", why) for m in lagged}
        return Waves((), failed, {h.code: why for h in asked}, ladders)
    attempts: dict[str, Attempt] = {}
    fits: dict[str, tuple[PanelModel, Fit]] = {}
    for model in lagged:
        for within in (True, False) if rivals else (True,):
            found = _fit(study, model, sample, context, intake.waves, within)
            code = model.code if within else f"{model.code} ({PLAIN})"
            if not isinstance(found, Unavailable):
                fits[code] = found
            if within:
                attempts[model.code] = (
                    _failed(model, level, scoring, "", found)
                    if isinstance(found, Unavailable)
                    else _fitted(model, level, scoring, study.measurement.estimator, *found)
                )
    panels: list[Panel] = []
    evidence: dict[str, Evidence | Unavailable] = {}
    for code in dict.fromkeys(h.model for h in asked):
        of = [h for h in asked if h.model == code]
        panel = _panel(study, code, of, fits, intake.waves, context, seed)
        if isinstance(panel, Unavailable):
            outcome = attempts[code].outcome
            reason = Unavailable(outcome.reason) if isinstance(outcome, FailedModel) else panel
            evidence |= {h.code: reason for h in of}
            continue
        panels.append(panel)
        same = same_over_waves(study, ladders, fits[code][0].variables)
        evidence |= {h.code: same if isinstance(same, Unavailable) else _evidence(h, panel, same) for h in of}
    return Waves(tuple(panels), attempts, evidence, ladders)


def _everyone(
    study: Study, intake: Intake, level: str, scoring: Scored, seed: int
) -> tuple[Sample, pd.DataFrame]:
    """The rows of all waves that a level keeps, each wave's screened by themselves, and their context."""
    answers = intake.everyone
    kept = screen(gather_responses(study, answers, seed=seed), study.screening).kept[level]
    sample = score_sample(study, answers.items[kept], level, scoring)
    return sample, answers.context[kept].reset_index(drop=True)


def _fit(
    study: Study,
    model: Model,
    sample: Sample,
    context: pd.DataFrame,
    waves: tuple[str, ...],
    within: bool,
) -> tuple[PanelModel, Fit] | Unavailable:
    panel = compile_panel(study, model, len(waves), within=within)
    if isinstance(panel, Unavailable):
        return panel
    data = wide_composites(study, sample, context, panel.variables, waves)
    if isinstance(data, Unavailable):
        return data
    holes = bool(data.isna().any(axis=None))
    try:
        fit = sem.fit(
            "\n".join((panel.syntax, *lag_definitions(panel))),
            data.reset_index(drop=True),
            estimator=study.measurement.estimator,
            missing="fiml" if holes else "listwise",
            meanstructure=True,
        )
        if not fit.converged:
            return Unavailable(f"{model.code} did not converge over {len(waves)} waves")
        if len(data) <= len(fit.theta):
            return Unavailable(f"{len(data)} respondents are too few for its {len(fit.theta)} parameters")
    except TROUBLE as error:
        return Unavailable(str(error))
    return panel, fit


def _panel(
    study: Study,
    code: str,
    asked: list[Hypothesis],
    fits: Mapping[str, tuple[PanelModel, Fit]],
    waves: tuple[str, ...],
    context: pd.DataFrame,
    seed: int,
) -> Panel | Unavailable:
    if code not in fits:
        return Unavailable(f"{code} could not be fitted across waves")
    panel, fit = fits[code]
    dynamics = read_dynamics(panel, fit)
    if isinstance(dynamics, Unavailable):
        return dynamics
    rows = []
    for name, (_, other) in fits.items():
        measures = other.fit_measures
        rows.append(
            {"model": name, "n_obs": float(np.sum(other.n_obs))} | {m: measures.get(m) for m in FIT_MEASURES}
        )
    rivals = {h.rival for h in asked if h.rival in fits}
    return Panel(
        code,
        waves,
        {w: int((context["wave"].astype(str) == w).sum()) for w in waves},
        int(np.sum(fit.n_obs)),
        dynamics,
        dynamics.stability(study.rules.confidence, seed),
        dynamics.lag_frame(study.rules.confidence),
        pd.DataFrame(rows),
        {rival: _against(fit, fits[rival][1], code, rival) for rival in sorted(rivals)},
    )


def _against(one: Fit, other: Fit, a: str, b: str) -> pd.DataFrame | Unavailable:
    try:
        table: pd.DataFrame = sem.compare(one, other, names=(a, b))
    except TROUBLE as error:
        return Unavailable(str(error))
    return table


def _evidence(hypothesis: Hypothesis, panel: Panel, same: str) -> Evidence | Unavailable:
    found = [panel.dynamics.effect(text) for text in (hypothesis.estimand, *conditions(hypothesis))]
    for effect in found:
        if isinstance(effect, Unavailable):
            return effect
    effect, *parts = [e for e in found if not isinstance(e, Unavailable)]
    s = panel.stability
    notes = [f"{len(panel.waves)} waves, spectral radius {s.radius:.2f} [{s.ci_lower:.2f}, {s.ci_upper:.2f}]"]
    if len(panel.waves) < hypothesis.waves:
        notes.append(f"planned for {hypothesis.waves} waves, so its power is low")
    notes.append(same)
    below = hypothesis.options.get("spectral_radius_below")
    against = ""
    if isinstance(below, int | float) and s.ci_lower >= below:
        against = f"the spectral radius is not below {below}: what circulates would grow without end"
    return Evidence(effect, tuple(parts), "RI-CLPM", against, "; ".join(notes))


def _failed(model: Model, level: str, scoring: Scored, syntax: str, why: Unavailable) -> Attempt:
    failure = FailedModel(
        model.code, model.name, Part.STRUCTURAL, level, scoring.value, syntax, why.reason, why.mend
    )
    return Attempt(failure, None, {})


def _fitted(
    model: Model, level: str, scoring: Scored, estimator: str, panel: PanelModel, fit: Fit
) -> Attempt:
    estimates = fit.estimates
    shown = estimates[~estimates["lhs"].astype(str).str.startswith("z.")].reset_index(drop=True)
    at = {"screening": level, "scoring": scoring.value, "estimator": estimator, "syntax": panel.syntax}
    outcome = fitted_model(model, fit, shown, part=Part.STRUCTURAL, fit_measures=fit.fit_measures, **at)
    return Attempt(outcome, fit, {})
