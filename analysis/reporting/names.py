"""What choices and groups are called in a report: study files and results know them by their codes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from analysis.pipeline.result import AnalysisResult, FittedModel, GroupComparison, VerdictRow
from analysis.reporting.numbers import listing
from analysis.reporting.wording import Words
from analysis.synergy.group_paths import GroupPaths
from analysis.synergy.structure import JOINT
from questionnaire.piping import say
from questionnaire.study import Study

if TYPE_CHECKING:
    import pandas as pd


_NOT_PASSED = re.compile("not tested because (.+?) did not pass")


def choice(kind: str, code: str, words: Words) -> str:
    """A screening level, scoring or estimator (``kind``); several at once are separated by commas."""
    parts = code.split(", ")
    known = [words.known(f"{kind}_{part.replace('-', '_').replace(' ', '_')}", part) for part in parts]
    return ("、" if words.language.startswith("zh") else ", ").join(known)


def grouping_name(study: Study, code: str, words: Words) -> str:
    """What the groups are of: a name of the study file, or one of the report's own."""
    named = next((group.name for group in study.groups if group.code == code), None)
    return say(named, words.language, study.languages[0]) if named else words.known(f"grouping_{code}", code)


def reason_of(row: VerdictRow, study: Study, words: Words) -> str:
    """The remark on a verdict, with groups called as respondents know them and not by their codes."""
    closed = _NOT_PASSED.match(row.reason)
    reason = row.reason
    if closed:
        families = closed[1].split(" and ")
        codes = [[h.code for h in study.hypotheses if h.family == family] or [family] for family in families]
        named = listing([code for own in codes for code in own], words.language)
        reason = reason.replace(closed[1], named, 1)
    return with_names(words.told(reason), study, words)


def with_names(said: str, study: Study, words: Words) -> str:
    """A remark in which groups are counted, called as respondents know them."""
    for group in study.groups:
        for member in group.members:
            name = group_name(study, group.code, member, words)
            said = re.sub(rf"(?<![\w]){re.escape(member)} (?=\d)", f"{name} ", said)
    if words.language.startswith("zh"):
        said = re.sub(r"(?<=\d), (?=[^\s,]+ \d)", "、", said)
    return said


def group_name(study: Study, grouping: str, member: str, words: Words) -> str:
    """A group that is one answer to a question, by the same code, is called as that answer."""
    group = next((group for group in study.groups if group.code == grouping), None)
    if group is None or group.members.get(member) != (member,):
        return member
    asked = (question for question in study.questions if question.code == group.question)
    label = next((o.label for question in asked for o in question.options if o.code == member), None)
    return say(label, words.language, study.languages[0]) if label else member


def remarks(said: Iterable[tuple[str, str]], words: Words) -> list[str]:
    """Every distinct remark once, after the codes of all that it is made on: pairs of code and remark."""
    concerned: dict[str, list[str]] = {}
    for code, remark in said:
        if remark:
            concerned.setdefault(remark, []).append(code)
    return [
        words("remark_on", codes=listing(codes, words.language), remark=remark)
        for remark, codes in concerned.items()
    ]


def path_name(lhs: str, op: str, rhs: str) -> str:
    """How a path is written: cause → effect."""
    cause, effect = (rhs, lhs) if op == "~" else (lhs, rhs)
    return f"{cause} → {effect}".replace(JOINT, " × ")


def labelled_paths(result: AnalysisResult, model: str) -> dict[str, str]:
    """Label → cause → effect of every labelled path of a model, several where they share one.

    Empty where the model was not fitted.
    """
    fitted = result.model(model)
    if not isinstance(fitted, FittedModel):
        return {}
    rows = fitted.estimates[fitted.estimates["op"] == "~"]
    found: dict[str, list[str]] = {}
    for label, lhs, rhs in zip(rows["label"].astype(str), rows["lhs"], rows["rhs"], strict=True):
        if label:
            found.setdefault(label, []).append(path_name(str(lhs), "~", str(rhs)))
    return {label: ", ".join(names) for label, names in found.items()}


def named_paths(
    result: AnalysisResult, comparison: GroupComparison, found: GroupPaths, words: Words
) -> pd.DataFrame:
    """``found.paths`` with its paths as cause → effect and its groups by their names."""
    paths = labelled_paths(result, comparison.model)
    groups = (group_name(result.study, comparison.grouping, str(g), words) for g in found.paths["group"])
    return found.paths.assign(
        path=[paths.get(p, p) for p in map(str, found.paths["path"])], group=list(groups)
    )
