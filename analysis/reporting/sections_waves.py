"""Across waves: lags within persons, the loop's stability, the long run, the rivals."""

from __future__ import annotations

import pandas as pd

from analysis.pipeline.result import AnalysisResult, Panel
from analysis.reporting.document import Section, Table
from analysis.reporting.frames import fit_looks, frame_table
from analysis.reporting.numbers import interval, listing, number, pvalue, whole
from analysis.reporting.wording import Words
from analysis.unavailable import Unavailable

FIT_COLUMNS = ("model", "n_obs", "chisq", "df", "pvalue", "cfi", "rmsea", "srmr", "aic", "bic")


def waves_sections(result: AnalysisResult, words: Words) -> tuple[Section, ...]:
    """One section where several waves were analysed, none otherwise: the verdicts say why not."""
    if not result.panels:
        return ()
    level = f"{100 * result.study.rules.confidence:g}"
    paragraphs, tables = [words("waves_intro")], []
    for panel in result.panels:
        paragraphs += _statements(panel, words, level)
        tables += [_lags(panel, words, level), *_multipliers(panel, words, level), _fits(panel, words)]
    return (Section("waves", words("waves"), tuple(paragraphs), (), (), tuple(tables)),)


def _statements(panel: Panel, words: Words, level: str) -> list[str]:
    counts = listing([f"{wave} {n}" for wave, n in panel.counts.items()], words.language)
    s = panel.stability
    out = [
        words("waves_counts", model=panel.model, n=panel.n, counts=counts),
        words(
            "waves_radius",
            radius=number(s.radius),
            ci=interval(s.ci_lower, s.ci_upper),
            level=level,
            share=number(100 * s.share_below_one, 0),
        ),
    ]
    for rival, table in panel.rivals.items():
        if isinstance(table, Unavailable):
            out.append(f"{rival}: {words('not_available', reason=table.reason)}")
        else:
            last = table.iloc[-1]
            chisq, df = number(last["chisq_diff"], 2), whole(last["df_diff"])
            out.append(words("waves_rival", rival=rival, df=df, chisq=chisq, p=pvalue(last["pvalue"])))
    return out


def _lags(panel: Panel, words: Words, level: str) -> Table:
    rows = tuple(
        (
            f"{r.source} → {r.target}",
            str(r.label),
            number(r.estimate),
            number(r.se),
            interval(r.ci_lower, r.ci_upper),
            pvalue(r.pvalue),
        )
        for r in panel.lags.itertuples()
    )
    columns = (words("path"), words("label"), words("estimate"), words("se"), words("ci_level", level=level))
    numeric = (False, False, True, True, True, True)
    caption = words("lags", model=panel.model)
    return Table(f"lags_{panel.model}", caption, (*columns, words("p")), rows, numeric, words("lags_note"))


def _multipliers(panel: Panel, words: Words, level: str) -> list[Table]:
    found = panel.stability.multipliers
    if isinstance(found, Unavailable):
        return []
    rows = tuple(
        (f"{r.source} → {r.target}", number(r.multiplier), interval(r.ci_lower, r.ci_upper))
        for r in found.itertuples()
    )
    columns = (words("path"), words("multiplier"), words("ci_level", level=level))
    caption = words("multipliers", model=panel.model)
    note = words("multipliers_note")
    return [Table(f"multipliers_{panel.model}", caption, columns, rows, (False, True, True), note)]


def _fits(panel: Panel, words: Words) -> Table:
    looks = fit_looks(words, FIT_COLUMNS)
    caption, note = words("wave_fits", model=panel.model), words("wave_fits_note")
    return frame_table(f"wave_fits_{panel.model}", caption, pd.DataFrame(panel.fits), looks, note)
