"""Reliability, validity, exploratory factors and items."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.pipeline.measured import Exploratory, Factorability
from analysis.pipeline.result import AnalysisResult
from analysis.reporting.document import Section, Table
from analysis.reporting.figures import htmt_figure, likert_figure, present
from analysis.reporting.frames import frame_table, plain, smart, square_table
from analysis.reporting.names import remarks
from analysis.reporting.numbers import bounded, equals, number
from analysis.reporting.wording import Words, opened
from analysis.unavailable import Unavailable

SHOWN_LOADING = 0.30
"""Smaller loadings are left blank, as is usual in print; the CSV files hold all."""

BEYOND = 3
"""Eigenvalues shown after the last factor that is kept."""


def measurement_section(result: AnalysisResult, words: Words) -> Section:
    """Everything the measurement part found; what is unavailable becomes a sentence with its reason."""
    report = result.measurement
    sentences: list[str] = []
    tables = [_constructs(report.constructs, words)]
    corner = words("construct")
    for key, square in (("htmt", report.htmt), ("fornell_larcker", report.fornell_larcker)):
        if isinstance(square, Unavailable):
            sentences.append(_missing(key, square, words))
        else:
            note = words.known(f"{key}_note", "")
            tables.append(square_table(key, words(key), square, corner, note))
    sentences += [_factorability(report.factorability, words)]
    if isinstance(report.parallel, Unavailable):
        sentences.append(_missing("parallel", report.parallel, words))
    else:
        tables.append(_parallel(report.parallel, words))
    if isinstance(report.exploratory, Unavailable):
        sentences.append(
            f"{words('exploratory')}: {words('not_available', reason=report.exploratory.reason)}"
        )
    else:
        tables += [_loadings(report.exploratory, words), _factors(report.exploratory, words)]
    tables.append(_smart("items", report.items, words))
    figures = present([htmt_figure(result, words), likert_figure(result, words)])
    return Section("measurement", words("measurement"), tuple(sentences), (), figures, tuple(tables))


def _missing(key: str, what: Unavailable, words: Words) -> str:
    return f"{words(key)}: {words('not_available', reason=what.reason)}"


def _constructs(frame: pd.DataFrame, words: Words) -> Table:
    """Figures only: what is missing or not to be read stands below, as it is the same for several."""
    notes = frame["note"].map(plain) if "note" in frame else pd.Series("", index=frame.index)
    said = zip(frame["construct"].astype(str), (opened(words.told(note)) for note in notes), strict=True)
    table = _smart("constructs", frame.drop(columns="note", errors="ignore"), words)
    return replace(table, note="\n".join(remarks(said, words)))


def _smart(key: str, frame: pd.DataFrame, words: Words) -> Table:
    def text(value: object) -> str:
        if isinstance(value, bool):
            return words("holds_yes" if value else "holds_no")
        return words.told(plain(value))

    looks = smart(frame, lambda name: words.known(f"column_{name}", words.known(name, name)), text)
    return frame_table(key, words(key), frame, looks, words=(text,))


def _parallel(frame: pd.DataFrame, words: Words) -> Table:
    """The eigenvalues up to the last that either rule keeps, and a few more."""
    best = 0 if frame["map"].isna().all() else int(np.nanargmin(frame["map"])) + 1
    shown = min(max(int(frame["retained"].sum()), best) + BEYOND, len(frame))
    table = _smart("parallel", frame.head(shown), words)
    note = words("parallel_note", shown=shown, all=len(frame)) if shown < len(frame) else ""
    return replace(table, note=note)


def _factorability(found: Factorability | Unavailable, words: Words) -> str:
    if isinstance(found, Unavailable):
        return f"{words('factorability')} {words('not_available', reason=found.reason)}"
    p = equals(found.bartlett_pvalue)
    test = words("bartlett", df=found.bartlett_df, chisq=number(found.bartlett_chisq, 1), p=p)
    return f"{words('factorability')} {words('kmo')} = {bounded(found.kmo)}; {test}."


def _loadings(found: Exploratory, words: Words) -> Table:
    factors = [str(name) for name in found.loadings.columns]
    rows = []
    matrix = found.loadings.to_numpy(dtype=float)
    common = found.communalities.to_numpy(dtype=float)
    for item, values, communality in zip(found.loadings.index, matrix, common, strict=True):
        cells = (bounded(v, 2) if abs(v) >= SHOWN_LOADING else "" for v in values.tolist())
        rows.append((str(item), *cells, bounded(float(communality), 2)))
    rotation = words.known(f"rotation_{found.rotation}", found.rotation)
    note = words("exploratory_note", method=found.method, rotation=rotation)
    columns = (words("item"), *factors, "h²")
    numeric = (False, *([True] * (len(factors) + 1)))
    return Table("exploratory", words("exploratory"), columns, tuple(rows), numeric, note)


def _factors(found: Exploratory, words: Words) -> Table:
    """How much every factor explains and, below the diagonal, how the factors correlate."""
    lower = square_table("", "", found.factor_correlations, words("factor"))
    explained = found.variance.loc[["ss_loadings", "proportion"]].to_numpy(dtype=float).T.tolist()
    rows = tuple(
        (name, number(total, 2), bounded(share), *cells)
        for (name, *cells), (total, share) in zip(lower.rows, explained, strict=True)
    )
    corner, *names = lower.columns
    columns = (corner, words("ss_loadings"), words("variance_share"), *names)
    numeric = (False, *([True] * (len(names) + 2)))
    whole = bounded(sum(share for _, share in explained))
    note = words("factors_note", share=whole)
    return Table("exploratory_factors", words("exploratory_factors"), columns, rows, numeric, note)
