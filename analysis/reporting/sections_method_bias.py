"""Common-method bias: the marker ladder, the unmeasured factor, and Harman as a footnote."""

from __future__ import annotations

from analysis.measurement.common_method import MarkerTest, UnmeasuredMethod
from analysis.pipeline.result import AnalysisResult
from analysis.reporting.document import Section, Table
from analysis.reporting.frames import Formatter, frame_table, plain
from analysis.reporting.numbers import bounded, degrees, equals, number, pvalue
from analysis.reporting.wording import Words
from analysis.unavailable import Unavailable


def method_bias_section(result: AnalysisResult, words: Words) -> Section:
    """What was found, or why nothing could be."""
    bias = result.method_bias
    title = words("method_bias")
    if isinstance(bias, Unavailable):
        return Section("method_bias", title, (words("method_missing", reason=bias.reason),))
    sentences = [words("method_bias_intro")]
    tables: tuple[Table, ...] = ()
    if isinstance(bias.marker, Unavailable):
        sentences.append(words("marker_missing", reason=bias.marker.reason))
    else:
        sentences.append(_verdict(bias.marker, words))
        tables = _tables(bias.marker, words)
    sentences.append(_unmeasured(bias.unmeasured, words))
    if not isinstance(bias.harman, Unavailable):
        sentences.append(words("harman", share=f"{100 * bias.harman:.0f}%"))
    return Section("method_bias", title, tuple(sentences), (), (), tables)


def _verdict(found: MarkerTest, words: Words) -> str:
    p = found.ladder.set_index("model")["pvalue"]
    if found.present is None:
        said = [words("marker_present_unknown")]
    else:
        key = "marker_present" if found.present else "marker_absent"
        said = [words(key, p=equals(p["Method-C"]))]
    if found.biased is None:
        said.append(words("marker_biased_unknown"))
    else:
        key = "marker_biased" if found.biased else "marker_unbiased"
        said.append(words(key, chosen=found.chosen, p=equals(p["Method-R"])))
    return ("" if words.language.startswith("zh") else " ").join(said)


def _unmeasured(found: UnmeasuredMethod | Unavailable, words: Words) -> str:
    if isinstance(found, Unavailable):
        return words("unmeasured_missing", reason=found.reason)
    return words(
        "unmeasured_method",
        share=f"{100 * found.share:.0f}%",
        loading=number(found.loading),
        se=number(found.se),
        df=found.df_diff,
        chisq=number(found.chisq_diff, 2),
        p=equals(found.pvalue),
    )


def _tables(found: MarkerTest, words: Words) -> tuple[Table, ...]:
    ladder: dict[str, tuple[str, Formatter]] = {
        "model": (words("model"), plain),
        "df": ("df", degrees),
        "chisq": ("χ²", lambda value: number(value, 2)),
        "cfi": ("CFI", bounded),
        "rmsea": ("RMSEA", bounded),
        "against": (words("against"), plain),
        "chisq_diff": (words("chisq_diff"), lambda value: number(value, 2)),
        "df_diff": (words("df_diff"), degrees),
        "pvalue": (words("p"), pvalue),
    }
    pair: dict[str, tuple[str, Formatter]] = {
        "lhs": (words("factor"), plain),
        "rhs": (words("factor"), plain),
        "baseline": (words("method_baseline"), bounded),
        "method": (words("method_taken_out"), bounded),
    }
    parts: dict[str, tuple[str, Formatter]] = {
        "factor": (words("factor"), plain),
        "total": (words("total"), bounded),
        "substantive": (words("substantive"), bounded),
        "method": (words("method_part"), bounded),
    }
    return (
        frame_table("marker_ladder", words("marker_ladder"), found.ladder, ladder),
        frame_table("method_correlations", words("method_correlations"), found.correlations, pair),
        frame_table(
            "method_reliability",
            words("method_reliability"),
            found.reliability,
            parts,
            words("method_reliability_note"),
        ),
    )
