"""Comparisons of groups: each group's paths, the test of equality, the pooled rival."""

from __future__ import annotations

from analysis.pipeline.result import AnalysisResult, GroupComparison
from analysis.reporting.document import Section, Table
from analysis.reporting.figures_groups import forest_figure
from analysis.reporting.names import group_name, labelled_paths, named_paths, with_names
from analysis.reporting.numbers import interval, number, pvalue, whole
from analysis.reporting.wording import Words
from analysis.synergy.group_paths import GroupPaths
from analysis.unavailable import Unavailable
from questionnaire.study import Study


def groups_sections(result: AnalysisResult, words: Words) -> tuple[Section, ...]:
    """One section where the study compares groups, none where it does not."""
    if not result.group_comparisons:
        return ()
    paragraphs, tables, figures = [words("groups_intro")], [], []
    for comparison in result.group_comparisons:
        found = comparison.found
        if isinstance(found, Unavailable):
            reason = with_names(words.told(found.reason), result.study, words)
            missing = words("not_available", reason=reason)
            paragraphs.append(words("remark_on", codes=comparison.hypothesis, remark=missing))
        else:
            paragraphs.append(_test(comparison, found, words))
            figures.append(forest_figure(result, comparison, found, words))
            tables += [
                _paths(comparison, found, result, words),
                _differences(comparison, found, result, words),
            ]
    return (Section("groups", words("groups"), tuple(paragraphs), (), tuple(figures), tuple(tables)),)


def _test(comparison: GroupComparison, found: GroupPaths, words: Words) -> str:
    rival = found.rivals
    text = words(
        "groups_test",
        hypothesis=comparison.hypothesis,
        model=comparison.model,
        df=found.df,
        wald=number(found.wald, 2),
        p=pvalue(found.pvalue),
    )
    if isinstance(rival, Unavailable):
        return text
    last = rival.iloc[-1]
    joint = "" if words.language.startswith("zh") else " "
    return f"{text}{joint}" + words(
        "groups_pooled",
        df=whole(last["df_diff"]),
        chisq=number(last["chisq_diff"], 2),
        p=pvalue(last["pvalue"]),
    )


def _level(study: Study) -> str:
    return f"{100 * study.rules.confidence:g}"


def _paths(comparison: GroupComparison, found: GroupPaths, result: AnalysisResult, words: Words) -> Table:
    level = _level(result.study)
    rows = tuple(
        (
            str(r.path),
            str(r.group),
            whole(r.n),
            number(r.estimate),
            number(r.se),
            interval(r.ci_lower, r.ci_upper),
        )
        for r in named_paths(result, comparison, found, words).itertuples()
    )
    columns = (words("path"), words("group"), "n", words("estimate"), words("se"))
    caption = words("group_paths", hypothesis=comparison.hypothesis)
    return Table(
        f"group_paths_{comparison.hypothesis}",
        caption,
        (*columns, words("ci_level", level=level)),
        rows,
        (False, False, True, True, True, True),
        words("group_paths_note"),
    )


def _differences(
    comparison: GroupComparison, found: GroupPaths, result: AnalysisResult, words: Words
) -> Table:
    study, level = result.study, _level(result.study)
    paths = labelled_paths(result, comparison.model)
    rows = tuple(
        (
            paths.get(str(r.path), str(r.path)),
            " − ".join(group_name(study, comparison.grouping, str(g), words) for g in (r.second, r.first)),
            number(r.difference),
            number(r.se),
            interval(r.ci_lower, r.ci_upper),
        )
        for r in found.differences.itertuples()
    )
    columns = (words("path"), words("groups"), words("difference"), words("se"))
    caption = words("group_differences", hypothesis=comparison.hypothesis)
    return Table(
        f"group_differences_{comparison.hypothesis}",
        caption,
        (*columns, words("ci_level", level=level)),
        rows,
        (False, False, True, True, True),
        words("group_differences_note"),
    )
