"""How far the measurement model holds in the same way in every group."""

from __future__ import annotations

from analysis.measurement.invariance_ladder import MeasurementInvariance
from analysis.pipeline.measured import Invariance
from analysis.pipeline.result import AnalysisResult
from analysis.reporting.document import Section, Table
from analysis.reporting.frames import Formatter, frame_table, plain
from analysis.reporting.numbers import bounded, listing, number, pvalue, whole
from analysis.reporting.wording import Words
from analysis.unavailable import Unavailable
from questionnaire.piping import say


def invariance_section(result: AnalysisResult, words: Words) -> Section:
    """One sentence and one ladder for every grouping, or the reason why there is none."""
    sentences: list[str] = []
    tables: list[Table] = []
    for entry in result.invariances:
        name = _name(entry, words, result.study.languages[0])
        if isinstance(entry.found, Unavailable):
            sentences.append(words("invariance_missing", group=name, reason=entry.found.reason))
            continue
        sentences.append(_summary(entry.found, name, words))
        tables.append(_ladder(entry, entry.found, name, words))
    opening = words("invariance_intro") if sentences else words("invariance_none")
    return Section("invariance", words("invariance"), (opening, *sentences), (), (), tuple(tables))


def _name(entry: Invariance, words: Words, fallback: str) -> str:
    if entry.name:
        return say(entry.name, words.language, fallback)
    return words.known(f"grouping_{entry.grouping}", entry.grouping)


def _summary(found: MeasurementInvariance, name: str, words: Words) -> str:
    counts = listing([f"{group} {n}" for group, n in found.counts.items()], words.language)
    key = f"reached_partial_{found.reached}" if found.partial else f"reached_{found.reached}"
    said = [words("invariance_reached", group=name, counts=counts, level=words(key))]
    if found.freed:
        said.append(words("invariance_freed", freed=listing(found.freed, words.language)))
    if found.left_out:
        groups = listing([f"{group} {n}" for group, n in found.left_out.items()], words.language)
        said.append(words("invariance_left_out", groups=groups))
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
        "df": ("df", whole),
        "chisq": ("χ²", lambda value: number(value, 2)),
        "cfi": ("CFI", bounded),
        "rmsea": ("RMSEA", bounded),
        "srmr": ("SRMR", bounded),
        "delta_cfi": (words("delta_cfi"), bounded),
        "delta_rmsea": (words("delta_rmsea"), bounded),
        "chisq_diff": (words("chisq_diff"), lambda value: number(value, 2)),
        "df_diff": (words("df_diff"), whole),
        "pvalue": (words("p"), pvalue),
        "holds": (words("holds"), holds),
    }
    caption = words("invariance_ladder", group=name)
    return frame_table(f"invariance_{entry.grouping}", caption, found.ladder, columns, words=(level, holds))
