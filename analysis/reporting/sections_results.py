"""The results in sentences, written by rules from the numbers; a claim is quoted, never asserted."""

from __future__ import annotations

from analysis.pipeline.result import AnalysisResult, FittedModel, Part, VerdictRow
from analysis.reporting.document import Section
from analysis.reporting.figures import forest_figure, present
from analysis.reporting.names import choice
from analysis.reporting.numbers import NONE, bounded, interval, number, pvalue
from analysis.reporting.wording import Words
from analysis.unavailable import Unavailable
from questionnaire.piping import say

ROBUST = ("_robust", "_scaled", "")
"""Which version of a fit measure is reported: the first of these that there is."""


def results_section(result: AnalysisResult, words: Words) -> Section:
    """How each tested model fits, then one paragraph for every hypothesis of the primary analysis."""
    hypotheses = {h.code: h for h in result.study.hypotheses}
    paragraphs = [words("results_intro")]
    paragraphs += [
        _fit(model, words)
        for model in result.models
        if isinstance(model, FittedModel) and model.part is not Part.RIVAL and model.converged
    ]
    for row in result.verdicts:
        if row.primary:
            text = say(hypotheses[row.hypothesis].statement, words.language, result.study.languages[0])
            paragraphs.append(_hypothesis(row, text, result, words))
    figures = present([forest_figure(result, words)])
    return Section("results", words("results"), tuple(paragraphs), (), figures)


def equals(printed: str) -> str:
    """A printed p value with its sign of equality or inequality."""
    return printed if printed.startswith("<") else f"= {printed}"


def largest_residual(model: FittedModel) -> tuple[str, str, float] | None:
    """The pair of variables with the largest correlation residual, and that residual."""
    if isinstance(model.residuals, Unavailable) or model.residuals.empty:
        return None
    first = model.residuals.iloc[0]
    return str(first["lhs"]), str(first["rhs"]), float(first["residual"])


def _fit(model: FittedModel, words: Words) -> str:
    def best(name: str) -> tuple[object, str]:
        kinds = ((kind, model.fit_measures.get(f"{name}{kind}")) for kind in ROBUST)
        kind, value = next(((k, v) for k, v in kinds if number(v) != NONE), ("", None))
        return value, words(f"version{kind}")

    df = model.fit_measures.get("df")
    (chisq, kind), (p, _) = best("chisq"), best("pvalue")
    if not df:
        said = words("fit_saturated", model=model.model, n=model.n_obs)
    else:
        (cfi, cfi_kind), (rmsea, rmsea_kind) = best("cfi"), best("rmsea")
        (low, _), (high, _) = best("rmsea_ci_lower"), best("rmsea_ci_upper")
        said = words(
            "fit_sentence",
            model=model.model,
            n=model.n_obs,
            kind=kind,
            df=number(df, 0),
            chisq=number(chisq, 2),
            p=equals(pvalue(p)),
            cfi_kind=cfi_kind,
            cfi=bounded(cfi),
            rmsea_kind=rmsea_kind,
            rmsea=bounded(rmsea),
            interval=interval(low, high),
            srmr=bounded(model.fit_measures.get("srmr")),
        )
    if not isinstance(drawn := model.drawn_test, Unavailable):
        p_drawn = equals(pvalue(drawn.pvalue))
        said += words("drawn_sentence", p=p_drawn, draws=drawn.draws, failed=drawn.failed)
    worst = largest_residual(model)
    if worst is None:
        return said
    return said + words("residual_sentence", lhs=worst[0], rhs=worst[1], residual=bounded(worst[2]))


def _hypothesis(row: VerdictRow, claim: str, result: AnalysisResult, words: Words) -> str:
    head = words("claim_sentence", code=row.hypothesis, claim=claim.rstrip("。. "))
    verdict = words.known("verdict_" + row.verdict.replace(",", "").replace(" ", "_"), row.verdict)
    if number(row.estimate) == NONE:
        return head + words("none_sentence", verdict=verdict, reason=row.reason)
    rules = result.study.rules
    said = words(
        "estimate_sentence",
        estimand=row.estimand,
        model=row.model,
        estimator=choice("estimator", row.estimator, words),
        estimate=number(row.estimate),
        se=number(row.se),
        level=f"{100 * rules.confidence:g}",
        interval=interval(row.ci_lower, row.ci_upper),
        p=equals(pvalue(row.pvalue)),
        adjusted=equals(pvalue(row.pvalue_adjusted)),
        method=rules.adjustment,
        sesoi=number(row.sesoi, 2),
    )
    why = words.known(f"why_{row.verdict.replace(',', '').replace(' ', '_')}", "")
    why = why.format(sesoi=number(row.sesoi, 2), level=f"{100 * rules.equivalence_confidence:g}")
    if row.reason:
        why = words("because_sentence", reason=row.reason)
    return head + said + words("verdict_sentence", verdict=verdict) + why
