"""Product models refitted under every matching of their indicators."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import count

import numpy as np
import pandas as pd
from scipy.stats import norm

from analysis import sem
from analysis.pipeline.fitting import TROUBLE, Attempt
from analysis.pipeline.progress import SILENT, Stage, Steps
from analysis.pipeline.result import FittedModel
from analysis.pipeline.sample import Sample
from analysis.sem.findings import Finding
from analysis.synergy.compile import compile_model
from analysis.synergy.evidence import Effect, Evidence, conditions
from analysis.synergy.matchings import MatchingSpread, Unmatched, orders
from analysis.synergy.ruling import rule_alone
from analysis.synergy.standardise import PREFIX, standardised_definitions
from analysis.synergy.structure import read_structure
from analysis.unavailable import Unavailable
from questionnaire.plan import Hypothesis, Model
from questionnaire.study import Study


def spread_over_matchings(
    study: Study, sample: Sample, attempts: Mapping[str, Attempt], steps: Steps = SILENT
) -> tuple[MatchingSpread | Unmatched, ...]:
    """Every hypothesis on products under all matchings of their indicators, or why not.

    ``attempts``: those of models that hypotheses are tested by.
    """
    found: list[MatchingSpread | Unmatched] = []
    steps.begin(Stage.MATCHING, "matching indicators in every way")
    todo: list[tuple[Model, list[Hypothesis], list[dict[str, tuple[int, ...]]]]] = []
    for model in study.models:
        attempt = attempts.get(model.code)
        if attempt is None or model.lagged or not read_structure(study, model).products:
            continue
        asked = [h for h in study.hypotheses if h.model == model.code]
        ways = _ways(attempt)
        if isinstance(ways, Unavailable):
            found += [Unmatched(h.code, model.code, ways.reason) for h in asked]
        elif asked:
            todo.append((model, asked, ways))
    whole, done = sum(len(ways) for *_, ways in todo), count()

    def tick(code: str) -> None:
        k = next(done)
        steps.part(k / whole, f"matching the indicators of {code} in every way: {k} of {whole}")

    for model, asked, ways in todo:
        found += _spreads(study, model, sample, asked, ways, tick)
    return tuple(found)


def _ways(attempt: Attempt) -> list[dict[str, tuple[int, ...]]] | Unavailable:
    if not isinstance(attempt.outcome, FittedModel):
        return Unavailable(attempt.outcome.reason)
    if attempt.compiled is None or not attempt.outcome.converged:
        return Unavailable("it did not converge")
    return orders(attempt.compiled)


def matching_matters(spreads: tuple[MatchingSpread, ...]) -> Iterator[Finding]:
    """Hypotheses whose verdict is support under some matchings and not under others."""
    for spread in spreads:
        if 0 < spread.share_supported < 1:
            low, high = spread.fitted["estimate"].min(), spread.fitted["estimate"].max()
            yield Finding(
                "matching_matters",
                f"{spread.hypothesis} is supported under {100 * spread.share_supported:.0f}% of "
                f"{len(spread.fitted)} ways of matching indicators (estimates {low:.3f} to {high:.3f}).",
                "Treat this interaction as unsettled.",
                (spread.hypothesis,),
            )


def _spreads(
    study: Study,
    model: Model,
    sample: Sample,
    asked: list[Hypothesis],
    ways: list[dict[str, tuple[int, ...]]],
    tick: Callable[[str], None],
) -> list[MatchingSpread | Unmatched]:
    rows: dict[str, list[dict[str, object]]] = {h.code: [] for h in asked}
    for way in ways:
        tick(model.code)
        evidence = _refit(study, model, sample, asked, way)
        name = " ".join(f"{variable}:{''.join(str(k + 1) for k in order)}" for variable, order in way.items())
        for h in asked:
            found = evidence if isinstance(evidence, Unavailable) else evidence[h.code]
            row: dict[str, object] = {
                "matching": name,
                "estimate": None,
                "se": None,
                "verdict": "",
                "reason": "",
            }
            if isinstance(found, Unavailable):
                row["reason"] = found.reason
            else:
                verdict = rule_alone(study, h, found).value
                row |= {"estimate": found.effect.estimate, "se": found.effect.se, "verdict": verdict}
            rows[h.code].append(row)
    out: list[MatchingSpread | Unmatched] = []
    for h in asked:
        frame = pd.DataFrame(rows[h.code])
        # Without the planned matching there is nothing whose spread could be shown.
        if frame["verdict"].iloc[0]:
            out.append(MatchingSpread(h.code, model.code, float(frame["estimate"].iloc[0]), frame))
        else:
            out.append(Unmatched(h.code, model.code, str(frame["reason"].iloc[0])))
    return out


def _row(study: Study, hypothesis: Hypothesis, found: Evidence | Unavailable) -> dict[str, object]:
    if isinstance(found, Unavailable):
        return {"estimate": None, "se": None, "verdict": "", "reason": found.reason}
    verdict = rule_alone(study, hypothesis, found).value
    return {"estimate": found.effect.estimate, "se": found.effect.se, "verdict": verdict, "reason": ""}


def _refit(
    study: Study, model: Model, sample: Sample, asked: list[Hypothesis], way: dict[str, tuple[int, ...]]
) -> dict[str, Evidence] | Unavailable:
    compiled = compile_model(study, model, error_variances=sample.errors, absent=sample.absent, order=way)
    if isinstance(compiled, Unavailable):
        return compiled
    parts = {h.code: (h.estimand, *conditions(h)) for h in asked}
    expressions = dict.fromkeys(text for texts in parts.values() for text in texts)
    names = {text: f"{PREFIX}m{k}" for k, text in enumerate(expressions)}
    try:
        definitions = standardised_definitions(
            compiled.syntax, compiled.products, {name: text for text, name in names.items()}
        )
        text = "\n".join((compiled.syntax, *definitions))
        fit = sem.fit(text, sample.frame(compiled), estimator=study.measurement.estimator)
        if not fit.converged:
            return Unavailable("it did not converge")
        values, covariance = fit.defined(list(names.values()))
    except TROUBLE as error:
        return Unavailable(str(error))
    errors = np.sqrt(np.diagonal(covariance))
    if not (np.isfinite(values).all() and (errors > 0).all()):
        return Unavailable("it has no standard errors")
    effects = {
        text: Effect(float(est), float(se), float(2 * norm.sf(abs(est) / se)))
        for text, est, se in zip(names, values, errors, strict=True)
    }
    return {
        code: Evidence(effects[texts[0]], tuple(effects[t] for t in texts[1:]), study.measurement.estimator)
        for code, texts in parts.items()
    }
