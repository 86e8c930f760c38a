"""Rows of the checklist that fitted models and verdicts fill."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from analysis.pipeline.result import AnalysisResult, FittedModel
from analysis.reporting.checklist.design import Blanks
from analysis.reporting.checklist.reach import compared_paths, controlled, in_groups, other_matchings
from analysis.reporting.names import choice
from analysis.reporting.numbers import bounded, listing
from analysis.reporting.sections_results import largest_residual
from analysis.reporting.sections_verdicts import verdict_word
from analysis.reporting.wording import Words
from analysis.synergy.structure import JOINT
from analysis.unavailable import Unavailable

UNIDENTIFIED = frozenset({"not_identified", "weakly_identified", "negative_df"})


def finding_blanks(result: AnalysisResult, words: Words) -> Blanks:
    """Row number → the blanks of its text; rows that nothing fills are left out."""
    fitted = [m for m in result.models if isinstance(m, FittedModel)]
    out = {**_general(result, fitted, words), **_verdicts(result, words)}
    if fitted:
        out |= _models(result, fitted, words)
    omegas = result.measurement.constructs.get("omega")
    if omegas is not None and omegas.notna().any():
        out[36] = {
            "low": bounded(float(omegas.min()), 2),
            "high": bounded(float(omegas.max()), 2),
            "groups": in_groups(result, words),
        }
    groupings = {entry.grouping for entry in result.invariances if not isinstance(entry.found, Unavailable)}
    if groupings:
        out[42] = {
            "section": words("invariance"),
            "n": len(groupings),
            "paths": compared_paths(result, words),
        }
    bias = result.method_bias
    if not isinstance(bias, Unavailable) and not isinstance(bias.marker, Unavailable):
        out[47] = {"section": words("method_bias")}
    return out


def _general(result: AnalysisResult, fitted: list[FittedModel], words: Words) -> Blanks:
    versions, rule = result.manifest["versions"], result.study.measurement
    problems = sorted({f"{p.code} ({m.model})" for m in fitted for p in m.problems})
    return {
        38: {
            "version": versions.get("synergy", "") if isinstance(versions, Mapping) else "",
            "estimator": choice("estimator", rule.estimator, words),
            "missing": rule.missing,
            "seed": result.seed,
            "converged": sum(m.converged for m in fitted),
            "all": len(result.models),
            "problems": listing(problems, words.language) or words("none"),
        }
    }


def _models(result: AnalysisResult, fitted: list[FittedModel], words: Words) -> Blanks:
    bad = [m.model for m in fitted if UNIDENTIFIED & {p.code for p in m.problems}]
    paths = [m for m in fitted if (m.estimates["op"] == "~").any()]
    products = [m.model for m in fitted if m.estimates["rhs"].astype(str).str.contains(JOINT).any()]
    worst = {m.model: found for m in paths if (found := largest_residual(m))}
    equivalent = [m for m in fitted if m.equivalent]
    out: Blanks = {2: {"n": len(fitted)}, 3: {}, 33: {}, 39: {}, 40: {}}
    out[34] = {"names": listing(bad, words.language) or words("none")}
    if paths:
        out[43] = {"n": len(paths)}
    if products:
        out[37] = {"names": listing(products, words.language)}
    if worst:
        said = [f"{code} {bounded(r)} ({a}, {b})" for code, (a, b, r) in worst.items()]
        out[41] = {"residuals": listing(said, words.language)}
    if equivalent:
        said = [f"{m.model} = {' = '.join(m.equivalent)}" for m in equivalent]
        out[46] = {"models": listing(said, words.language)}
    compared = sum(not isinstance(c.table, Unavailable) for c in result.comparisons)
    if compared:
        out[45] = {"n": compared, "all": len(result.comparisons)}
    return out


def _verdicts(result: AnalysisResult, words: Words) -> Blanks:
    def each(values: list[str]) -> str:
        return listing(list(dict.fromkeys(values)), words.language)

    rows = result.verdicts
    out: Blanks = {
        49: {
            "levels": each([choice("screening", row.screening, words) for row in rows]) or words("none"),
            "scorings": each([choice("scoring", row.scoring, words) for row in rows]) or words("none"),
            "estimators": each([choice("estimator", row.estimator, words) for row in rows]) or words("none"),
            "matchings": other_matchings(result, words),
            "controls": controlled(result, words),
        },
        50: {
            "method": result.study.rules.adjustment,
            "n": len({h.family for h in result.study.hypotheses}),
        },
    }
    counts = Counter(row.verdict for row in rows if row.primary)
    if counts:
        said = [f"{verdict_word(verdict, words)} {n}" for verdict, n in counts.most_common()]
        out[51] = {"verdicts": listing(said, words.language)}
    drawn = [row.hypothesis for row in rows if row.primary and "bootstrap" in row.estimator]
    if drawn:
        draws = result.manifest["bootstrap_draws"]
        out[44] = {"names": listing(drawn, words.language), "draws": draws}
    return out
