"""What every fitted product model says about its interactions, beyond the single coefficient."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

import numpy as np
import pandas as pd

from analysis.pipeline.fitting import Attempt
from analysis.pipeline.result import FittedModel
from analysis.pipeline.sample import Sample
from analysis.sem.syntax import parse_model
from analysis.synergy.compiled import CompiledModel
from analysis.synergy.probe import Probe
from analysis.synergy.response_surface import balance, congruence, predicted_values
from analysis.synergy.slopes import AT, johnson_neyman, moderations, simple_slopes
from analysis.synergy.surface import Surface, read_surfaces, surface_of
from analysis.unavailable import Unavailable
from questionnaire.study import Study


def probe_models(
    study: Study, sample: Sample, attempts: Mapping[str, Attempt]
) -> tuple[Probe | Unavailable, ...]:
    """A probe for each outcome of each converged model with products, in the study's order."""
    found: list[Probe | Unavailable] = []
    for model in study.models:
        attempt = attempts.get(model.code)
        if attempt is None or attempt.compiled is None or attempt.fit is None:
            continue
        converged = isinstance(attempt.outcome, FittedModel) and attempt.outcome.converged
        if not (attempt.compiled.products and converged):
            continue
        if attempt.second_stage is None:
            surfaces = read_surfaces(attempt.compiled, attempt.fit, attempt.effects)
        else:
            surfaces = surface_of(attempt.compiled, attempt.second_stage.effects)
        if isinstance(surfaces, Unavailable):
            found.append(Unavailable(f"{model.code}: {surfaces.reason}", surfaces.mend))
            continue
        data = sample.frame(attempt.compiled).dropna()
        confidence = study.rules.confidence
        at = _places(study, model.code)
        found += [_probe(model.code, s, confidence, attempt.compiled, data, at) for s in surfaces]
    return tuple(found)


def _places(study: Study, model: str) -> tuple[float, ...]:
    """Where slopes are shown: −1, 0 and 1, and what hypotheses on the model ask for."""
    asked = {*AT}
    for hypothesis in study.hypotheses:
        slopes = hypothesis.options.get("slopes")
        if hypothesis.model == model and isinstance(slopes, Mapping):
            own = slopes.get("at", ())
            asked |= {float(v) for v in own} if isinstance(own, list | tuple) else set()
    return tuple(sorted(asked))


def _probe(
    model: str,
    surface: Surface,
    confidence: float,
    compiled: CompiledModel,
    data: pd.DataFrame,
    at: tuple[float, ...],
) -> Probe:
    ranges = {v: _observed(compiled, v, data) for pair in surface.pairs for v in pair}
    regions = []
    for predictor, moderator in moderations(surface):
        region = johnson_neyman(surface, predictor, moderator, confidence, ranges[moderator])
        # One bound of an ascending pair, or of a single one, has its place by the side it closes.
        bounds = dict(zip(("lower", "upper"), region.bounds, strict=False))
        inside = dict(zip(("lower_inside", "upper_inside"), region.inside, strict=False))
        regions.append(
            {
                "predictor": predictor,
                "moderator": moderator,
                "shape": region.shape.value,
                "lower": bounds.get("lower"),
                "upper": bounds.get("upper"),
                "lower_inside": inside.get("lower_inside"),
                "upper_inside": inside.get("upper_inside"),
                "observed_min": region.observed[0],
                "observed_max": region.observed[1],
            }
        )
    quantities = congruence(surface, confidence)
    return Probe(
        model,
        surface.outcome,
        confidence,
        pd.DataFrame([asdict(s) for s in simple_slopes(surface, confidence, at)]),
        pd.DataFrame(regions),
        pd.DataFrame([asdict(p) for p in predicted_values(surface, confidence)]),
        quantities if isinstance(quantities, Unavailable) else pd.DataFrame([asdict(q) for q in quantities]),
        balance(surface),
    )


def _observed(compiled: CompiledModel, variable: str, data: pd.DataFrame) -> tuple[float, float]:
    """Smallest and largest standardised mean of a variable's indicators: (min, max)."""
    columns = [
        s.rhs
        for s in parse_model(compiled.measurement).parameters
        if s.op == "=~" and s.lhs == variable and s.rhs in data.columns
    ]
    composite = data[columns or [variable]].to_numpy(dtype=float).mean(axis=1)
    standardised = (composite - composite.mean()) / composite.std()
    return float(np.min(standardised)), float(np.max(standardised))
