"""How it was analysed, in sentences that say only what applies to these answers and this study file."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.pipeline.result import AnalysisResult, FittedModel
from analysis.reporting.document import Section
from analysis.reporting.names import choice
from analysis.reporting.numbers import bounded, listing, number, whole
from analysis.reporting.wording import Words
from analysis.synergy.evidence import conditions
from analysis.synergy.structure import JOINT


def method_section(result: AnalysisResult, words: Words) -> Section:
    """Sample, measures, preparation, estimation, rules of decision and software, one paragraph each."""
    joint = "" if words.language.startswith("zh") else " "
    parts = (
        _sample(result, words),
        _measures(result, words),
        _estimation(result, words),
        _products(result, words),
        _rules(result, words),
        _software(result, words),
    )
    paragraphs = tuple(joint.join(sentences) for sentences in parts if sentences)
    return Section("method", words("method"), paragraphs)


def missing_share(result: AnalysisResult) -> float | None:
    """The share of answers that are missing among the items that were asked, None without answers."""
    items = result.measurement.items
    asked = items[items["n"] > 0] if len(items) else items
    return float(asked["missing"].sum() / (asked["n"] + asked["missing"]).sum()) if len(asked) else None


def with_products(result: AnalysisResult) -> list[FittedModel]:
    """The converged models in which a product of latent variables stands."""
    fitted = [m for m in result.models if isinstance(m, FittedModel) and m.converged]
    return [m for m in fitted if m.estimates["rhs"].astype(str).str.contains(JOINT).any()]


def _sample(result: AnalysisResult, words: Words) -> list[str]:
    if not result.flow:
        return []
    read, kept = result.flow[0].n, result.flow[-1].n
    if read == kept:
        said = [words("method_sample_whole", n=whole(kept))]
    else:
        level, removed = choice("screening", result.screening, words), whole(read - kept)
        said = [words("method_sample", read=whole(read), n=whole(kept), removed=removed, screening=level)]
    dates = result.manifest.get("dates")
    if isinstance(dates, Mapping) and dates:
        said.append(words("method_dates", **dates))
    share = missing_share(result)
    if share == 0:
        said.append(words("method_unanswered_none"))
    elif share is not None:
        missing = words(f"missing_{result.study.measurement.missing}")
        said.append(words("method_unanswered", share=number(100 * share, 1), method=missing))
    return said


def _measures(result: AnalysisResult, words: Words) -> list[str]:
    study, rule = result.study, result.study.measurement
    asked = [study.items[code] for code in result.analysed if code in study.items]
    asked = [item for item in asked if result.analysed[item.code].notna().any()]
    if not asked:
        return []
    points = sorted({study.scale(item.scale).points for item in asked})
    said = [
        words(
            "method_measures",
            items=len(asked),
            constructs=len({item.construct for item in asked}),
            points=listing([str(p) for p in points], words.language),
            reverse=sum(item.reverse for item in asked),
        ),
        words(f"method_scoring_{result.scoring}"),
    ]
    if any(model.indicators == "parcels" for model in study.models):
        said.append(words("method_parcels", least=rule.parcel_min_items))
    return said


def _estimation(result: AnalysisResult, words: Words) -> list[str]:
    rule = result.study.measurement
    if not any(isinstance(m, FittedModel) for m in result.models):
        return []
    otherwise = words("method_estimator", estimator=rule.estimator)
    return [words.known(f"method_estimator_{rule.estimator}", otherwise)]


def _products(result: AnalysisResult, words: Words) -> list[str]:
    found = with_products(result)
    if not found:
        return []
    fewest = min(m.n_obs for m in found)
    return [words("method_products", n=whole(fewest))]


def _rules(result: AnalysisResult, words: Words) -> list[str]:
    study, rules = result.study, result.study.rules
    if not study.hypotheses:
        return []
    said = [
        words(
            "method_rules",
            level=f"{100 * rules.confidence:g}",
            equivalence=f"{100 * rules.equivalence_confidence:g}",
            n=len(study.hypotheses),
        ),
        words(f"method_adjustment_{rules.adjustment}", n=len({h.family for h in study.hypotheses})),
    ]
    if any(len(conditions(h)) > 1 for h in study.hypotheses):
        said.append(words("method_joint"))
    if any("bootstrap" in row.estimator for row in result.verdicts if row.primary):
        said.append(words("method_bootstrap", draws=whole(result.manifest["bootstrap_draws"])))
    gate = rules.gate
    limits = (bounded(gate.omega_min, 2), bounded(gate.htmt_max, 2), bounded(gate.correlation_upper_max, 2))
    said.append(words("method_gate", omega=limits[0], htmt=limits[1], correlation=limits[2]))
    return said


def _software(result: AnalysisResult, words: Words) -> list[str]:
    versions = result.manifest["versions"]
    known = {str(k): str(v) for k, v in versions.items()} if isinstance(versions, Mapping) else {}
    names = ("python", "numpy", "scipy", "pandas", "factor_analyzer")
    others = [f"{'Python' if name == 'python' else name} {known[name]}" for name in names if name in known]
    engine = result.study.measurement.engine
    said = [
        words(
            f"method_engine_{engine}",
            version=known.get("synergy", ""),
            semopy=known.get("semopy", ""),
            others=listing(others, words.language),
            seed=result.seed,
        )
    ]
    return said
