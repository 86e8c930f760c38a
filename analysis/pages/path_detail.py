"""One path: its estimate and interval, its bootstrap distribution, and what the rival models say of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from analysis.pages import draw_work
from analysis.pages.bench import Bench, ask, asked, desk, note, show
from analysis.pages.draw_histogram import TAILS, histogram
from analysis.pages.figures import draw, take
from analysis.pages.offering import analysed
from analysis.pages.printing import table_of
from analysis.pipeline.result import AnalysisResult, FittedModel
from analysis.reporting.numbers import interval, number, pvalue
from analysis.unavailable import Unavailable

COLUMNS = ("lhs", "op", "rhs", "est", "se", "pvalue", "ci_lower", "ci_upper", "std_all")


def render(bench: Bench, result: AnalysisResult, model: FittedModel, path: str, row: dict[Any, Any]) -> None:
    """The figures of ``path``, a row of the model's estimates."""
    say = bench.say
    with st.container(horizontal=True, gap="medium"):
        st.metric(say("path_estimate"), number(row["std_all"]), width="content")
        st.metric(say("path_b"), number(row["est"]), width="content")
        st.metric(say("path_ci"), interval(row["ci_lower"], row["ci_upper"]), width="content")
        st.metric(say("path_p"), pvalue(row["pvalue"]), width="content")
    _distribution(bench, result, model, path, row)
    _rivals(bench, result, model, row)


def _distribution(
    bench: Bench, result: AnalysisResult, model: FittedModel, path: str, row: dict[Any, Any]
) -> None:
    say, chosen = bench.say, bench.chosen
    st.markdown(f"**{say('lab_draws', path=path)}**")
    name = draw_work.column_of(row)
    if name in model.draws:
        _histogram(bench, model, path, row, model.draws[name])
        return
    if not model.converged or model.problems or chosen is None:
        note(say("path_no_draws"))
        return
    count = int(str(result.manifest.get("bootstrap_draws") or 0)) or bench.study.rules.bootstrap_draws
    key = (chosen.key, "draws", model.model, count)
    if not asked(key):
        note(say("path_draws", n=count))
        if not st.button(say("path_draw"), key=f"draw {model.model}"):
            return
        analysed(bench, f"draws {model.model}")
        ask(key)
        st.rerun()
    engine = bench.study.measurement.engine
    job = desk().ask(key, draw_work.draw_paths, model, engine, count, chosen.seed)

    def ready(draws: pd.DataFrame | Unavailable) -> None:
        if isinstance(draws, Unavailable):
            st.warning(say("probe_not", reason=draws.reason))
        elif name in draws:
            _histogram(bench, model, path, row, draws[name])
        else:
            note(say("path_fixed"))

    show(key, job, say, ready)


def _histogram(
    bench: Bench, model: FittedModel, path: str, row: dict[Any, Any], draws: pd.Series[float]
) -> None:
    say = bench.say
    values = draws.to_numpy(dtype=float)
    low, high = np.quantile(values, TAILS)
    note(say("path_drawn", n=f"{len(values):,}", interval=interval(low, high), se=number(values.std(ddof=1))))
    chart, frame = histogram(values, float(row["est"]), say)
    caption = say("lab_draws", path=path)
    draw(bench, chart, f"draws {model.model} {draw_work.column_of(row)}", caption, frame)


def _rivals(bench: Bench, result: AnalysisResult, model: FittedModel, row: dict[Any, Any]) -> None:
    """The same path in every rival, and how model and rival compare."""
    say = bench.say
    st.markdown(f"**{say('path_rivals')}**")
    compared = [c for c in result.comparisons if c.model == model.model]
    if not compared:
        note(say("path_no_rival"))
    for entry in compared:
        rival = result.model(entry.rival)
        same = _same(rival.estimates, row) if isinstance(rival, FittedModel) else None
        figures = say("path_absent") if same is None else _figures(same)
        st.write(say("path_rival", rival=entry.rival, figures=figures))
        if isinstance(entry.table, Unavailable):
            note(say("lab_not_identical", reason=entry.table.reason))
        else:
            caption = say("path_compared", model=model.model, rival=entry.rival)
            key = f"compared {model.model} {entry.rival}"
            take(bench, caption, table_of(key, caption, entry.table, say))
    if model.equivalent:
        note(say("path_equivalent", models=", ".join(model.equivalent)))


def _same(estimates: pd.DataFrame, row: dict[Any, Any]) -> dict[Any, Any] | None:
    fits = (estimates[["lhs", "op", "rhs"]] == [row["lhs"], row["op"], row["rhs"]]).all(axis=1)
    found = estimates[fits].to_dict("records")
    return found[0] if found else None


def _figures(row: dict[Any, Any]) -> str:
    bounds = interval(row["ci_lower"], row["ci_upper"])
    p = pvalue(row["pvalue"])
    p = p if p.startswith("<") else f"= {p}"
    return f"β = {number(row['std_all'])}, B = {number(row['est'])} {bounds}, p {p}"
