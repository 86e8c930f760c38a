"""Discriminant validity with intervals, normality, general factors and reliability within groups."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.measurement.hierarchy import GeneralFactor
from analysis.measurement.normality import Normality
from analysis.pipeline.result import AnalysisResult
from analysis.reporting.document import Section, Table
from analysis.reporting.frames import Formatter, frame_table, plain
from analysis.reporting.names import group_name, grouping_name
from analysis.reporting.numbers import bounded, degrees, equals, interval, number, pvalue, whole
from analysis.reporting.wording import Words
from analysis.unavailable import Unavailable
from questionnaire.study import Study

SHOWN_PAIRS = 20
"""Of over a hundred pairs of constructs, those that are nearest to one; the CSV file holds all."""


def dimensionality_section(result: AnalysisResult, words: Words) -> Section:
    """How many dimensions there are, and whether they may be scored apart and in every group."""
    report = result.measurement
    sentences = [_map(report.parallel, words), _normality(report.normality, words)]
    tables: list[Table] = []
    found = {name: f for name, f in report.general.items() if isinstance(f, GeneralFactor)}
    for name, missing in report.general.items():
        if isinstance(missing, Unavailable):
            sentences.append(words("general_missing", model=words(f"general_{name}"), reason=missing.reason))
    if found:
        tables += [_general(found, words), _group_factors(found, words)]
        for name, factor in found.items():
            sentences += [f"{words(f'general_{name}')}: {words.told(text)}" for text in factor.problems]
    if isinstance(report.discriminant, Unavailable):
        sentences.append(words("discriminant_missing", reason=report.discriminant.reason))
    else:
        tables.append(_discriminant(report.discriminant, words))
    if len(report.groups):
        tables += _groups(report.groups, result.study, words)
        sentences += _without_groups(report.groups, result.study, words)
    shown = tuple(sentence for sentence in sentences if sentence)
    return Section("dimensionality", words("dimensionality"), shown, (), (), tuple(tables))


def _map(parallel: pd.DataFrame | Unavailable, words: Words) -> str:
    if isinstance(parallel, Unavailable) or "map" not in parallel or parallel["map"].isna().all():
        return ""
    retained = int(parallel["retained"].astype(bool).sum())
    return words("map_found", map=int(np.nanargmin(parallel["map"])) + 1, parallel=retained)


def _normality(found: Normality | Unavailable, words: Words) -> str:
    if isinstance(found, Unavailable):
        return words("normality_missing", reason=found.reason)
    return words(
        "normality_found",
        n=found.n,
        p=found.p,
        skewness=number(found.skewness, 2),
        chisq=number(found.skewness_chisq, 1),
        df=found.skewness_df,
        skewness_p=equals(found.skewness_pvalue),
        kurtosis=number(found.kurtosis, 2),
        z=number(found.kurtosis_z, 2),
        kurtosis_p=equals(found.kurtosis_pvalue),
        hz=number(found.henze_zirkler),
        hz_p=equals(found.henze_zirkler_pvalue),
    )


def _general(found: dict[str, GeneralFactor], words: Words) -> Table:
    names = ("chisq", "df", "pvalue", "cfi", "rmsea", "srmr", "omega", "omega_h", "ecv", "puc")
    frame = pd.DataFrame(
        [{"model": words(f"general_{n}"), **{k: getattr(f, k) for k in names}} for n, f in found.items()]
    )
    looks: dict[str, tuple[str, Formatter]] = {
        "model": (words("model"), plain),
        "chisq": ("χ²", lambda value: number(value, 2)),
        "df": ("df", degrees),
        "pvalue": (words("p"), pvalue),
        "cfi": ("CFI", bounded),
        "rmsea": ("RMSEA", bounded),
        "srmr": ("SRMR", bounded),
        "omega": ("ω", bounded),
        "omega_h": ("ωh", bounded),
        "ecv": ("ECV", bounded),
        "puc": ("PUC", bounded),
    }
    return frame_table("general_factor", words("general_factor"), frame, looks, words("general_factor_note"))


def _group_factors(found: dict[str, GeneralFactor], words: Words) -> Table:
    parts = [f.groups.assign(model=words(f"general_{name}")) for name, f in found.items()]
    looks: dict[str, tuple[str, Formatter]] = {
        "model": (words("model"), plain),
        "factor": (words("factor"), plain),
        "omega": ("ω", bounded),
        "omega_hs": ("ωhs", bounded),
        "ecv": ("ECV", bounded),
    }
    caption, note = words("group_factors"), words("group_factors_note")
    return frame_table("group_factors", caption, pd.concat(parts, ignore_index=True), looks, note)


def _discriminant(frame: pd.DataFrame, words: Words) -> Table:
    shown = frame.assign(
        htmt_ci=[
            interval(low, high) for low, high in zip(frame["htmt_lower"], frame["htmt_upper"], strict=True)
        ],
        htmt2_ci=[
            interval(low, high) for low, high in zip(frame["htmt2_lower"], frame["htmt2_upper"], strict=True)
        ],
    )
    looks: dict[str, tuple[str, Formatter]] = {
        "lhs": (words("construct"), plain),
        "rhs": (words("construct"), plain),
        "htmt": ("HTMT", bounded),
        "htmt_ci": (words("ci"), plain),
        "htmt2": ("HTMT2", bounded),
        "htmt2_ci": (words("ci"), plain),
    }
    note = words(
        "discriminant_note", draws=whole(int(frame["draws"].iloc[0])), shown=min(SHOWN_PAIRS, len(frame))
    )
    largest = shown.sort_values("htmt", ascending=False, kind="stable").head(SHOWN_PAIRS)
    return frame_table("discriminant", words("discriminant"), largest, looks, note)


def _without_groups(frame: pd.DataFrame, study: Study, words: Words) -> list[str]:
    """Groupings in which no group is large enough, or that were not asked."""
    known = set(frame.loc[frame["construct"].notna(), "grouping"])
    missing = frame[~frame["grouping"].isin(known)]
    return [
        words(
            "general_missing",
            model=words("group_reliability", grouping=grouping_name(study, str(grouping), words)),
            reason=" / ".join(words.told(reason) for reason in reasons),
        )
        for grouping, reasons in missing.groupby("grouping", sort=False)["reason"]
    ]


def _groups(frame: pd.DataFrame, study: Study, words: Words) -> list[Table]:
    """One table a grouping: ω of every construct in every group; the CSV has α, AVE and n as well."""
    tables = []
    for grouping, part in frame.groupby("grouping", sort=False):
        known = part[part["construct"].notna()]
        small = [
            words(
                "small_group",
                group=group_name(study, str(grouping), row["group"], words),
                reason=row["reason"],
            )
            if isinstance(row["group"], str)
            else words("reason_alone", reason=row["reason"])
            for row in part[part["construct"].isna()].to_dict("records")
        ]
        if known.empty:
            continue
        wide = known.pivot_table("omega", "construct", "group", sort=False, dropna=False)
        looks: dict[str, tuple[str, Formatter]] = {"construct": (words("construct"), plain)}
        looks |= {
            str(group): (group_name(study, str(grouping), str(group), words), bounded)
            for group in wide.columns
        }
        joint = "" if words.language.startswith("zh") else " "
        note = joint.join([words("group_reliability_note"), *small])
        caption = words("group_reliability", grouping=grouping_name(study, str(grouping), words))
        tables.append(frame_table(f"group_reliability_{grouping}", caption, wide.reset_index(), looks, note))
    return tables
