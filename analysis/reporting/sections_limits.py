"""Limits of these results: each sentence stands only where its condition holds."""

from __future__ import annotations

from analysis.pipeline.result import AnalysisResult, FittedModel, Part, PlanStatus
from analysis.reporting.document import Section
from analysis.reporting.numbers import NONE, listing, number, whole
from analysis.reporting.wording import Words
from analysis.synergy.verdict import Verdict
from analysis.unavailable import Unavailable

MANY_PER_PARAMETER = 10
"""With fewer respondents than this for each free parameter of the largest model the ratio is told
(Kline, 2016, asks for 10 to 20)."""

DETECTABLE = 0.05
"""Level of the exact test of fit below which a model's misfit is told."""


def limits_section(result: AnalysisResult, words: Words) -> Section:
    """One paragraph a limit, those of all results first."""
    found = (
        words("limit_synthetic") if result.synthetic else "",
        "" if result.plan is PlanStatus.CONFIRMATORY else words("limit_plan"),
        words("limit_sample"),
        words("limit_power"),
        "" if result.panels else words("limit_one_wave"),
        _size(result, words),
        _gate(result, words),
        _misfit(result, words),
        _undecided(result, words),
        _unsettled(result, words),
        _method(result, words),
    )
    return Section("limits", words("limits"), tuple(text for text in found if text))


def unsettled(result: AnalysisResult) -> list[str]:
    """Hypotheses whose verdict is not the same at every screening level and scoring, where it is computed."""
    computed: dict[str, set[str]] = {}
    for row in result.verdicts:
        if number(row.estimate) != NONE:
            computed.setdefault(row.hypothesis, set()).add(row.verdict)
    return [code for code, verdicts in computed.items() if len(verdicts) > 1]


def _size(result: AnalysisResult, words: Words) -> str:
    fitted = [m for m in result.models if isinstance(m, FittedModel) and m.converged]
    counted = [(m.fit_measures.get("npar"), m) for m in fitted if m.part is not Part.RIVAL]
    known = [(int(npar), m) for npar, m in counted if npar is not None and number(npar) != NONE]
    if not known:
        return ""
    ratio, npar, model = min(((m.n_obs / npar, npar, m) for npar, m in known), key=lambda one: one[0])
    if ratio >= MANY_PER_PARAMETER:
        return ""
    return words("limit_size", model=model.model, n=whole(model.n_obs), npar=npar, ratio=number(ratio, 1))


def _gate(result: AnalysisResult, words: Words) -> str:
    return "" if result.gate.passed or not result.gate.checks else words("limit_gate")


def _misfit(result: AnalysisResult, words: Words) -> str:
    def rejected(model: FittedModel) -> bool:
        if not isinstance(model.drawn_test, Unavailable):
            return model.drawn_test.pvalue < DETECTABLE
        measures = model.fit_measures
        p = next((v for v in map(measures.get, ("pvalue_scaled", "pvalue")) if number(v) != NONE), None)
        return p is not None and float(p) < DETECTABLE

    fitted = [m for m in result.models if isinstance(m, FittedModel) and m.converged]
    names = [m.model for m in fitted if m.part is not Part.RIVAL and rejected(m)]
    return words("limit_misfit", models=listing(names, words.language)) if names else ""


def _undecided(result: AnalysisResult, words: Words) -> str:
    judged = [row for row in result.verdicts if row.primary and number(row.estimate) != NONE]
    codes = [row.hypothesis for row in judged if row.verdict == Verdict.UNDECIDED]
    if not codes:
        return ""
    return words("limit_undecided", k=len(codes), n=len(judged), codes=listing(codes, words.language))


def _unsettled(result: AnalysisResult, words: Words) -> str:
    codes = unsettled(result)
    return words("limit_unsettled", codes=listing(codes, words.language)) if codes else ""


def _method(result: AnalysisResult, words: Words) -> str:
    bias = result.method_bias
    if isinstance(bias, Unavailable) or isinstance(bias.marker, Unavailable) or bias.marker.present is None:
        return words("limit_method_unknown")
    return words("limit_method_present" if bias.marker.present else "limit_method_absent")
