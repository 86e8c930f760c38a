"""The results in sentences, written by rules from the numbers; a claim is quoted, never asserted."""

from __future__ import annotations

from analysis.pipeline.result import AnalysisResult, FittedModel, Part, VerdictRow
from analysis.reporting.document import Section
from analysis.reporting.figures import forest_figure, present
from analysis.reporting.names import choice, reason_of
from analysis.reporting.numbers import NONE, bounded, degrees, equals, interval, number
from analysis.reporting.wording import Words, opened
from analysis.synergy.evidence import conditions
from analysis.synergy.verdict import Verdict
from analysis.unavailable import Unavailable
from questionnaire.piping import say
from questionnaire.study import Study

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
        return value, words(f"version{kind}") if kind else ""

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
            df=degrees(df),
            chisq=number(chisq, 2),
            p=equals(p),
            cfi_kind=cfi_kind,
            cfi=bounded(cfi),
            rmsea_kind=rmsea_kind,
            rmsea=bounded(rmsea),
            interval=interval(low, high, look=bounded),
            srmr=bounded(model.fit_measures.get("srmr")),
        )
    if not isinstance(drawn := model.drawn_test, Unavailable):
        p_drawn = equals(drawn.pvalue)
        said += words("drawn_sentence", p=p_drawn, draws=drawn.draws, failed=drawn.failed)
    worst = largest_residual(model)
    if worst is None:
        return said
    return said + words("residual_sentence", lhs=worst[0], rhs=worst[1], residual=bounded(worst[2]))


def _hypothesis(row: VerdictRow, claim: str, result: AnalysisResult, words: Words) -> str:
    head = words("claim_sentence", code=row.hypothesis, claim=quoted(claim.rstrip("。. ")))
    verdict = words.known("verdict_" + row.verdict.replace(",", "").replace(" ", "_"), row.verdict)
    if number(row.estimate) == NONE:
        return head + words("none_sentence", verdict=verdict, reason=reason_of(row, result.study, words))
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
        p=equals(row.pvalue),
        adjusted=equals(row.pvalue_adjusted),
        method=words.known(f"adjustment_{rules.adjustment}", rules.adjustment),
        sesoi=number(row.sesoi, 2),
    )
    return head + said + words("verdict_sentence", verdict=verdict) + _why(row, result.study, words)


def _why(row: VerdictRow, study: Study, words: Words) -> str:
    """Which part of the rule gave the verdict, or what stood in its way."""
    hypothesis = next(h for h in study.hypotheses if h.code == row.hypothesis)
    several = len(conditions(hypothesis))
    parts = words("joint_sentence", n=several) if several > 1 else ""
    if row.reason:
        return parts + words("because_sentence", reason=opened(reason_of(row, study, words)))
    key = row.verdict.replace(",", "").replace(" ", "_")
    if row.verdict == Verdict.UNDECIDED and lost_to_adjustment(row, hypothesis.alpha):
        unadjusted = row.pvalue is not None and row.pvalue <= hypothesis.alpha
        key = "undecided_adjusted" if unadjusted else "undecided_p"
    level = f"{100 * study.rules.equivalence_confidence:g}"
    sesoi, alpha = number(row.sesoi, 2), bounded(hypothesis.alpha, 2)
    return parts + words.known(f"why_{key}", "").format(sesoi=sesoi, level=level, alpha=alpha)


def quoted(claim: str) -> str:
    """A claim that is put into quotation marks: those it has itself become the inner ones."""
    return claim.replace("“", "‘").replace("”", "’")


def lost_to_adjustment(row: VerdictRow, alpha: float) -> bool:
    """Whether the interval leaves 0 out although the adjusted p value is not significant."""
    if row.ci_lower is None or row.ci_upper is None or row.pvalue_adjusted is None:
        return False
    return not row.ci_lower <= 0 <= row.ci_upper and row.pvalue_adjusted > alpha
