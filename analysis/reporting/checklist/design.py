"""Rows of the checklist that the study file, the intake and the screening fill."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.pipeline.result import AnalysisResult
from analysis.reporting.names import choice
from analysis.reporting.numbers import listing, number, whole
from analysis.reporting.wording import Words
from analysis.unavailable import Unavailable
from questionnaire.instrument import Shuffled
from questionnaire.piping import say

Blanks = dict[int, Mapping[str, object]]


def design_blanks(result: AnalysisResult, words: Words) -> Blanks:
    """Row number → the blanks of its text; rows that nothing fills are left out."""
    return {**_theory(result, words), **_survey(result, words), **_data(result, words)}


def _theory(result: AnalysisResult, words: Words) -> Blanks:
    study = result.study
    source = study.source or words("none")
    out: Blanks = {
        5: {"plan": words(f"plan_{result.plan.value}_short"), "reason": words.told(result.plan_note)}
    }
    if study.claims:
        out[1] = {"n": len(study.claims), "source": source}
    if study.hypotheses:
        out[4] = {"n": len(study.hypotheses), "source": source}
    return out


def _survey(result: AnalysisResult, words: Words) -> Blanks:
    study = result.study
    first = study.languages[0]
    levels = [say(tier.label, words.language, first) for tier in study.consent.tiers]
    sourced = sum(bool(construct.source) for construct in study.constructs)
    questions = study.questions
    piped = sum("{" in text for item in study.items.values() for text in (say(item.wording, first, first),))
    mixed = any(isinstance(part, Shuffled) for sequence in study.sequences for part in sequence)
    shuffled = [say(b.title, words.language, first) or b.code for b in study.blocks if b.shuffle]
    out: Blanks = {
        8: {"n": len(levels), "levels": listing(levels, words.language)},
        10: {"n": sourced, "all": len(study.constructs), "languages": ", ".join(study.languages)},
        18: {"n": len(study.blocks), "most": max((b.per_page for b in study.blocks), default=0)},
        26: {},
        32: {},
        35: {
            "table": words("wordings"),
            "n": len(study.items),
            "reverse": sum(item.reverse for item in study.items.values()),
        },
        48: {},
        52: {},
    }
    if dates := result.manifest.get("dates"):
        out[15] = dates  # type: ignore[assignment]
    if shuffled or mixed or len(study.sequences) > 1:
        blocks = listing(shuffled, words.language) or words("none")
        out[16] = {"blocks": blocks, "n": words("several") if mixed else len(study.sequences)}
    if piped:
        out[17] = {"n": piped}
    if questions:
        out[19] = {
            "required": sum(question.required for question in questions),
            "all": len(questions),
            "prefer": sum(question.prefer_not for question in questions),
        }
    return out


def _data(result: AnalysisResult, words: Words) -> Blanks:
    rule = result.study.measurement
    indices = {index.index: index for index in result.indices if not index.unavailable}
    joint = "；" if words.language.startswith("zh") else "; "
    out: Blanks = {
        24: {
            "empty": next((s.removed for s in result.flow if s.stage == "answered"), 0),
            "missing": rule.missing,
        },
        27: {
            "flow": joint.join(f"{words.told(step.stage)} {whole(step.n)}" for step in result.flow),
            "plan": words(f"plan_{result.plan.value}_short"),
        },
        30: {"scoring": choice("scoring", result.scoring, words), "parcel": rule.parcel_min_items},
        53: {"synthetic": words("holds_yes" if result.synthetic else "holds_no")},
    }
    if "duplicates" in indices:
        out[23] = {"flagged": indices["duplicates"].flagged, "judged": indices["duplicates"].judged}
    speed = indices.get("seconds_per_item")
    if speed and speed.level:
        limit = number(speed.threshold, 2)
        out[25] = {"threshold": limit, "flagged": speed.flagged, "judged": speed.judged}
    items = result.measurement.items
    asked = items[items["n"] > 0] if len(items) else items
    if len(asked):
        share = asked["missing"] / (asked["n"] + asked["missing"])
        out[28] = {
            "share": number(100 * float(asked["missing"].sum() / (asked["n"] + asked["missing"]).sum()), 1),
            "most": number(100 * float(share.max()), 1),
            "item": str(asked["item"].iloc[int(share.to_numpy().argmax())]),
            "method": words(f"missing_{rule.missing}"),
        }
        outliers = indices.get("mahalanobis")
        out[29] = {
            "skew": _range(asked["skew"].min(), asked["skew"].max(), words),
            "kurtosis": _range(asked["kurtosis"].min(), asked["kurtosis"].max(), words),
            "ceiling": number(100 * float(asked["ceiling"].max()), 1),
            "outliers": outliers.flagged if outliers else words("none"),
            "normality": _normality(result, words),
        }
    return out


def _normality(result: AnalysisResult, words: Words) -> str:
    """Whether it was tested and whether the standard errors rest on it."""
    robust = result.study.measurement.estimator not in ("ML", "GLS")
    tested = not isinstance(result.measurement.normality, Unavailable)
    joint = "" if words.language.startswith("zh") else " "
    said = (
        words("checklist_normality_tested" if tested else "checklist_normality_untested"),
        words("checklist_normality_robust" if robust else "checklist_normality_assumed"),
    )
    return joint.join(said)


def _range(low: float, high: float, words: Words) -> str:
    return words("range", low=number(float(low), 2), high=number(float(high), 2))
