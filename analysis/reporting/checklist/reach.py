"""Sentences of the checklist on how far an analysis went: within groups, between them, over matchings."""

from __future__ import annotations

from collections.abc import Iterable

from analysis.pipeline.result import AnalysisResult, FittedModel
from analysis.reporting.names import grouping_name
from analysis.reporting.numbers import listing
from analysis.reporting.wording import Words
from analysis.unavailable import Unavailable
from questionnaire.instrument import Role


def in_groups(result: AnalysisResult, words: Words) -> str:
    """The groupings with a reliability of at least one construct in at least one group."""
    frame = result.measurement.groups
    known = frame.loc[frame["omega"].notna(), "grouping"] if len(frame) else ()
    named = [grouping_name(result.study, str(code), words) for code in dict.fromkeys(known)]
    return _said("groups", named, words)


def compared_paths(result: AnalysisResult, words: Words) -> str:
    """The hypotheses whose paths were compared between groups."""
    known = [c.hypothesis for c in result.group_comparisons if not isinstance(c.found, Unavailable)]
    return _said("paths", known, words, section=words("groups"))


def other_matchings(result: AnalysisResult, words: Words) -> str:
    """The hypotheses estimated under every matching of product indicators."""
    return _said("matchings", [m.hypothesis for m in result.matchings], words, table=words("matchings"))


def controlled(result: AnalysisResult, words: Words) -> str:
    """The converged models that regress something on a control construct."""
    controls = {c.code for c in result.study.constructs if c.role is Role.CONTROL}
    models, used = [], set()
    for model in result.models:
        if not isinstance(model, FittedModel) or not model.converged:
            continue
        causes = model.estimates.loc[model.estimates["op"] == "~", "rhs"].astype(str)
        found = controls.intersection(causes)
        used |= found
        models += [model.model] if found else []
    return _said("controls", models, words, controls=listing(sorted(used), words.language))


def _said(key: str, names: Iterable[object], words: Words, **blanks: str) -> str:
    each = list(dict.fromkeys(str(name) for name in names))
    if not each:
        return words(f"checklist_no_{key}")
    return words(f"checklist_{key}", names=listing(each, words.language), **blanks)
