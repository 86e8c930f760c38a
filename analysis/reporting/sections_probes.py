"""Interactions beyond the single coefficient: simple slopes, regions, the surface, congruence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from analysis.pipeline.result import AnalysisResult
from analysis.reporting.document import Section, Table
from analysis.reporting.figures_probes import probe_figures
from analysis.reporting.numbers import NONE, interval, number, pvalue, whole
from analysis.reporting.rivals_of_balance import balance_rivals
from analysis.reporting.wording import Words
from analysis.synergy.probe import Probe
from analysis.unavailable import Unavailable

OPPOSED = ((1.0, -1.0), (-1.0, 1.0))
"""Points at which one of two variables is high and the other low."""


def probes_section(result: AnalysisResult, words: Words) -> Section:
    """Four tables over all models with products; a section that says so where there is none."""
    probes = [p for p in result.probes if isinstance(p, Probe)]
    reasons = [words("not_available", reason=p.reason) for p in result.probes if isinstance(p, Unavailable)]
    if not probes:
        return Section("probes", words("probes"), tuple(reasons or [words("probes_none")]))
    level = f"{100 * probes[0].confidence:g}"
    tables = [_slopes(probes, words, level), _regions(probes, words), _opposed(probes, words, level)]
    tables += _congruence(probes, words, level)
    tables += balance_rivals(result, words)
    tables += [_matchings(result, words)] if result.matchings else []
    tables += _unmatched(result, words)
    intro = (words("probes_intro"), *reasons)
    return Section("probes", words("probes"), intro, (), probe_figures(result, words), tuple(tables))


def _slopes(probes: list[Probe], words: Words, level: str) -> Table:
    rows = [
        (
            p.model,
            p.outcome,
            r.predictor,
            _place(r.moderator, r.at) + (f", {_place(r.held, r.held_at)}" if r.held else ""),
            *_figures(r.slope, r),
            pvalue(r.pvalue),
        )
        for p in probes
        for r in _once(p.slopes)
    ]
    headings = ("model", "outcome", "predictor", "where", "slope", "se")
    columns = (*(words(h) for h in headings), words("ci_level", level=level), words("p"))
    return _table("simple_slopes", words, columns, rows, text=4)


def _regions(probes: list[Probe], words: Words) -> Table:
    def bound(value: float | None, inside: bool | None) -> str:
        printed = number(value, 2)
        return printed if printed == NONE or inside else f"{printed} *"

    rows = [
        (
            p.model,
            p.outcome,
            r.predictor,
            r.moderator,
            words("region_" + r.shape.replace(" ", "_")),
            bound(r.lower, r.lower_inside),
            bound(r.upper, r.upper_inside),
            interval(r.observed_min, r.observed_max, 2),
        )
        for p in probes
        for r in _rows(p.regions)
    ]
    headings = ("model", "outcome", "predictor", "moderator", "region", "lower_bound", "upper_bound")
    columns = (*(words(h) for h in headings), words("observed_range"))
    return _table("johnson_neyman", words, columns, rows, text=5)


def _opposed(probes: list[Probe], words: Words, level: str) -> Table:
    rows = [
        (
            p.model,
            p.outcome,
            f"{_place(r.first, r.first_at)}, {_place(r.second, r.second_at)}",
            *_figures(r.value, r),
        )
        for p in probes
        for r in _rows(p.predicted)
        if (r.first_at, r.second_at) in OPPOSED
    ]
    columns = (words("model"), words("outcome"), words("where"), words("predicted"), words("se"))
    return _table("opposed", words, (*columns, words("ci_level", level=level)), rows, text=3)


def _congruence(probes: list[Probe], words: Words, level: str) -> list[Table]:
    rows = [
        (p.model, f"{r.first}, {r.second}", r.name, *_figures(r.estimate, r), pvalue(r.pvalue))
        for p in probes
        if not isinstance(p.congruence, Unavailable)
        for r in _rows(p.congruence)
    ]
    if not rows:
        return []
    columns = (words("model"), words("pair"), words("quantity"), words("estimate"), words("se"))
    tables = [_table("congruence", words, (*columns, words("ci_level", level=level), words("p")), rows, 3)]
    tests = [
        (
            p.model,
            number(b.kappa),
            number(b.kappa_se),
            number(b.mean_product),
            number(b.mean_square),
            number(b.wald),
            whole(b.df),
            pvalue(b.pvalue),
        )
        for p in probes
        if not isinstance(b := p.balance, Unavailable)
    ]
    if tests:
        headings = ("model", "kappa", "se", "mean_product", "mean_square", "wald")
        named = (*(words(h) for h in headings), "df", words("p"))
        tables.append(_table("balance", words, named, tests, text=1))
    return tables


def _matchings(result: AnalysisResult, words: Words) -> Table:
    rows = []
    for m in result.matchings:
        estimates = m.fitted["estimate"].astype(float)
        spread = (estimates.min(), estimates.median(), estimates.max())
        share = f"{number(100 * m.share_supported, 0)}%"
        counts = (whole(len(m.rows)), whole(len(m.fitted)))
        rows.append((m.hypothesis, m.model, *counts, number(m.planned), *map(number, spread), share))
    headings = ("hypothesis", "model", "matchings_n", "fitted_n", "planned", "minimum", "median", "maximum")
    columns = (*(words(h) for h in headings), words("share_supported"))
    return _table("matchings", words, columns, rows, text=2)


def _unmatched(result: AnalysisResult, words: Words) -> list[Table]:
    """Hypotheses not tried under other matchings, and matchings that could not be fitted, with the reason."""
    rows = [(u.hypothesis, u.model, "", words.told(u.reason)) for u in result.unmatched]
    for m in result.matchings:
        failed = m.rows[m.rows["verdict"] == ""]
        for reason, those in failed.groupby("reason", sort=False):
            rows.append((m.hypothesis, m.model, whole(len(those)), words.told(str(reason))))
    columns = (words("hypothesis"), words("model"), words("matchings_n"), words("reason"))
    numeric = (False, False, True, False)
    return [Table("unmatched", words("unmatched"), columns, tuple(rows), numeric)] if rows else []


def _once(slopes: Any) -> Any:
    """Where two variables moderate the same slope, "R at 1 and C at 0" is the same as "C at 0 and R at 1"."""
    seen: set[object] = set()
    for row in _rows(slopes):
        places = frozenset({(row.moderator, row.at), (row.held, row.held_at)}) if row.held else row.moderator
        key = (row.predictor, places, None if row.held else row.at)
        if key not in seen:
            seen.add(key)
            yield row


def _rows(frame: Any) -> Any:
    return frame.itertuples(index=False)


def _place(variable: str, at: float) -> str:
    return f"{variable} = {'+' if at > 0 else ''}{number(at, 0)} SD"


def _figures(estimate: float, row: Any) -> tuple[str, str, str]:
    return number(estimate), number(row.se), interval(row.ci_lower, row.ci_upper)


def _table(
    key: str, words: Words, columns: tuple[str, ...], rows: Sequence[tuple[str, ...]], text: int
) -> Table:
    numeric = (*([False] * text), *([True] * (len(columns) - text)))
    return Table(key, words(key), columns, tuple(rows), numeric, words(key + "_note"))
