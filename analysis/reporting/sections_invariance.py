"""How far the measurement model holds in the same way in every group and at every wave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.measurement.invariance_ladder import MeasurementInvariance
from analysis.pipeline.measured import Indicators, Invariance
from analysis.pipeline.result import AnalysisResult
from analysis.reporting.document import Figure, Section, Table
from analysis.reporting.figures_groups import ladder_figure
from analysis.reporting.frames import Formatter, frame_table, plain
from analysis.reporting.names import group_name, grouping_name, with_names
from analysis.reporting.numbers import bounded, degrees, listing, number, pvalue
from analysis.reporting.wording import Words, opened
from analysis.unavailable import Unavailable
from questionnaire.piping import say
from questionnaire.study import Study


def invariance_section(result: AnalysisResult, words: Words) -> Section:
    """One sentence and one ladder for every grouping, or the reason why there is none.

    Where every factor has a ladder of its own, one table says how far each went.
    """
    sentences: list[str] = []
    tables: list[Table] = []
    figures: list[Figure] = []
    for entry in result.invariances:
        if entry.of:
            continue
        name = invariance_name(entry, result.study, words)
        if isinstance(entry.found, Unavailable):
            reason = with_names(words.told(entry.found.reason), result.study, words)
            sentences.append(words("invariance_missing", group=name, reason=reason))
            continue
        sentences.append(_summary(entry, entry.found, result.study, words))
        figures.append(ladder_figure(entry, entry.found, name, words))
        tables.append(_ladder(entry, entry.found, name, words))
    tables += _one_by_one([entry for entry in result.invariances if entry.of], result, words)
    opening = words("invariance_intro") if sentences else words("invariance_none")
    said = (opening, *sentences)
    return Section("invariance", words("invariance"), said, (), tuple(figures), tuple(tables))


def invariance_name(entry: Invariance, study: Study, words: Words) -> str:
    """What was compared: a group of the study by its name, language and wave by the report's own word."""
    name = grouping_name(study, entry.grouping, words)
    return words("by_items", group=name) if entry.indicators is Indicators.ITEMS else name


def _one_by_one(entries: Sequence[Invariance], result: AnalysisResult, words: Words) -> list[Table]:
    study, tables = result.study, []
    for kind in dict.fromkeys((entry.grouping, entry.indicators) for entry in entries):
        own = [entry for entry in entries if (entry.grouping, entry.indicators) == kind]
        frame = pd.DataFrame([_in_short(entry, study, words) for entry in own])
        columns: dict[str, tuple[str, Formatter]] = {
            "construct": (words("construct"), plain),
            "level": (words("level"), plain),
            "freed": (words("freed"), plain),
            "cfi": ("CFI", bounded),
            "rmsea": ("RMSEA", bounded),
            "reason": (words("reason"), plain),
        }
        caption, note = (
            words("invariance_each", group=invariance_name(own[0], result.study, words)),
            words("invariance_each_note"),
        )
        tables.append(frame_table("invariance_" + "_".join(kind), caption, frame, columns, note))
    return tables


def _in_short(entry: Invariance, study: Study, words: Words) -> dict[str, object]:
    name = f"{entry.of} {say(entry.name, words.language, study.languages[0])}"
    found = entry.found
    if isinstance(found, Unavailable):
        return {
            "construct": name,
            "level": "",
            "freed": "",
            "cfi": None,
            "rmsea": None,
            "reason": opened(with_names(words.told(found.reason), study, words)),
        }
    first = found.ladder.iloc[0]
    return {
        "construct": name,
        "level": words(_reached(found)),
        "freed": listing(found.freed, words.language),
        "cfi": first["cfi"],
        "rmsea": first["rmsea"],
        "reason": opened(with_names(words.told("; ".join(found.reasons)), study, words)),
    }


def _reached(found: MeasurementInvariance) -> str:
    return f"reached_partial_{found.reached}" if found.partial else f"reached_{found.reached}"


def _summary(entry: Invariance, found: MeasurementInvariance, study: Study, words: Words) -> str:
    def counted(counts: Mapping[str, int]) -> str:
        named = [f"{group_name(study, entry.grouping, group, words)} {n}" for group, n in counts.items()]
        return listing(named, words.language)

    name = invariance_name(entry, study, words)
    level = words(_reached(found))
    said = [words("invariance_reached", group=name, counts=counted(found.counts), level=level)]
    if found.freed:
        said.append(words("invariance_freed", freed=listing(found.freed, words.language)))
    if found.left_out:
        said.append(words("invariance_left_out", groups=counted(found.left_out)))
    said += [words("reason_alone", reason=reason) for reason in found.reasons]
    return ("" if words.language.startswith("zh") else " ").join(said)


def _ladder(entry: Invariance, found: MeasurementInvariance, name: str, words: Words) -> Table:
    def level(value: object) -> str:
        return words(f"level_{value}")

    def holds(value: object) -> str:
        return words("holds_yes" if value else "holds_no")

    columns: dict[str, tuple[str, Formatter]] = {
        "level": (words("level"), level),
        "freed": (words("freed"), plain),
        "df": ("df", degrees),
        "chisq": ("χ²", lambda value: number(value, 2)),
        "cfi": ("CFI", bounded),
        "rmsea": ("RMSEA", bounded),
        "srmr": ("SRMR", bounded),
        "delta_cfi": (words("delta_cfi"), bounded),
        "delta_rmsea": (words("delta_rmsea"), bounded),
        "chisq_diff": (words("chisq_diff"), lambda value: number(value, 2)),
        "df_diff": (words("df_diff"), degrees),
        "pvalue": (words("p"), pvalue),
        "holds": (words("holds"), holds),
    }
    caption = words("invariance_ladder", group=name)
    key = f"invariance_{entry.grouping}" + ("_items" if entry.indicators is Indicators.ITEMS else "")
    return frame_table(key, caption, found.ladder, columns, words=(level, holds))
