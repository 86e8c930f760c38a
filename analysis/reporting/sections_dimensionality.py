"""Discriminant validity with intervals, normality, general factors and reliability within groups."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.measurement.hierarchy import GeneralFactor
from analysis.measurement.normality import Normality
from analysis.pipeline.result import AnalysisResult
from analysis.reporting.document import Section, Table
from analysis.reporting.frames import Formatter, frame_table, plain
from analysis.reporting.numbers import bounded, interval, number, pvalue, whole
from analysis.reporting.wording import Words
from analysis.unavailable import Unavailable


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
        tables.append(_groups(report.groups, words))
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
        skewness_p=_equals(found.skewness_pvalue),
        kurtosis=number(found.kurtosis, 2),
        z=number(found.kurtosis_z, 2),
        kurtosis_p=_equals(found.kurtosis_pvalue),
        hz=number(found.henze_zirkler),
        hz_p=_equals(found.henze_zirkler_pvalue),
    )


def _equals(p: float) -> str:
    text = pvalue(p)
    return text if text.startswith("<") else f"= {text}"


def _general(found: dict[str, GeneralFactor], words: Words) -> Table:
    names = ("chisq", "df", "pvalue", "cfi", "rmsea", "srmr", "omega", "omega_h", "ecv", "puc")
    frame = pd.DataFrame(
        [{"model": words(f"general_{n}"), **{k: getattr(f, k) for k in names}} for n, f in found.items()]
    )
    looks: dict[str, tuple[str, Formatter]] = {
        "model": (words("model"), plain),
        "chisq": ("χ²", lambda value: number(value, 2)),
        "df": ("df", whole),
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
    draws = int(frame["draws"].iloc[0])
    note = words("discriminant_note", draws=whole(draws))
    return frame_table(
        "discriminant",
        words("discriminant"),
        shown.sort_values("htmt", ascending=False, kind="stable"),
        looks,
        note,
    )


def _groups(frame: pd.DataFrame, words: Words) -> Table:
    looks: dict[str, tuple[str, Formatter]] = {
        "grouping": (words("grouping"), plain),
        "group": (words("group"), plain),
        "construct": (words("construct"), plain),
        "n": (words("n"), whole),
        "alpha": ("α", bounded),
        "omega": ("ω", bounded),
        "ave": ("AVE", bounded),
        "reason": (words("reason"), lambda value: words.told(plain(value))),
    }
    return frame_table("group_reliability", words("group_reliability"), frame, looks)
