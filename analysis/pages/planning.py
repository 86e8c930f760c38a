"""Planning: how many respondents a hypothesis needs, simulated before anybody is asked."""

from __future__ import annotations

from typing import Any, Final

import altair as alt
import pandas as pd
import streamlit as st

from analysis.pages import planning_work
from analysis.pages.bench import Bench, ask, asked, desk, note, show
from analysis.pages.figures import draw
from analysis.pages.planning_work import Planned, Wanted
from analysis.pages.words import Words
from analysis.reporting.diagram import UNDECIDED
from analysis.reporting.numbers import number
from questionnaire.plan import HypothesisKind

NOT_SIMULATED = (HypothesisKind.CROSS_LAGGED, HypothesisKind.GROUP_COMPARISON, HypothesisKind.NECESSITY)
FEWEST = 10
KEEP: Final = "session"
"""What was set stays while other pages are looked at."""
MARGIN = 1.959964
"""Φ⁻¹(.975): the Monte Carlo error of a share is nearly normal at the replications asked for."""


def render(bench: Bench) -> None:
    """Inputs, one job, curve and needed N."""
    say = bench.say
    codes = [h.code for h in bench.study.hypotheses if h.kind not in NOT_SIMULATED]
    hypotheses = st.pills(
        say("plan_hypotheses"),
        codes,
        selection_mode="multi",
        default=codes[:1],
        key=f"power of {bench.study.code}",
        persist_state=KEEP,
    )
    text = st.text_input(say("plan_sizes"), "200, 400, 800", key="plan sizes", persist_state=KEEP)
    one, two, three, four = st.columns(4)
    replications = one.number_input(say("plan_reps"), 10, 5000, 100, 50, key="plan reps", persist_state=KEEP)
    target = two.number_input(say("plan_target"), 0.5, 0.99, 0.8, 0.05, key="plan target", persist_state=KEEP)
    careless = three.number_input(
        say("plan_careless"), 0.0, 0.5, 0.0, 0.05, key="plan careless", persist_state=KEEP
    )
    seed = four.number_input(
        say("seed"), 0, value=1, step=1, help=say("seed_help"), key="plan seed", persist_state=KEEP
    )
    sizes = _sizes(text)
    if sizes is None:
        st.error(say("plan_sizes_bad"))
        return
    wanted = Wanted(tuple(hypotheses), sizes, int(replications), float(careless), int(seed))
    key = (bench.study.content_hash, "power", wanted, target)
    if st.button(say("plan_run"), type="primary", disabled=not hypotheses):
        ask(key)
    if asked(key):
        job = desk().ask(key, planning_work.simulate_power, bench.text, wanted, float(target))
        show(key, job, say, lambda planned: _results(bench, planned, wanted, float(target)))


def _sizes(text: str) -> tuple[int, ...] | None:
    """The numbers in ``text``, in order; None where one is not a whole number from FEWEST on."""
    parts = [part.strip() for part in text.replace("，", ",").replace("、", ",").split(",") if part.strip()]
    if not parts or not all(part.isascii() and part.isdigit() and int(part) >= FEWEST for part in parts):
        return None
    return tuple(sorted({int(part) for part in parts}))


def _results(bench: Bench, planned: Planned, wanted: Wanted, target: float) -> None:
    say = bench.say
    for code, need in planned.needs.items():
        if need.at_most:
            n = say("plan_at_most", n=wanted.sizes[0])
        elif need.n is None:
            n = say("plan_beyond", n=wanted.sizes[-1])
        else:
            lower = f"< {wanted.sizes[0]}" if need.lower is None else str(need.lower)
            upper = f"> {wanted.sizes[-1]}" if need.upper is None else str(need.upper)
            n = say("plan_about", n=need.n, lower=lower, upper=upper)
        st.markdown(f"**{say('plan_needed', code=code, target=number(target, 2), n=n)}**")
    columns = ["hypothesis", "n", "power", "power_mcse", "estimate", "sd", "mean_se", "ci_width", "bias"]
    frame = planned.summary[[*columns, "coverage", "failed"]].astype({"n": str})
    command = f"synergy power {bench.study.code}.yaml --hypothesis {' '.join(wanted.hypotheses)}"
    command += f" --n {' '.join(map(str, wanted.sizes))} --reps {wanted.replications} --seed {wanted.seed}"
    command += f" --careless {wanted.careless:g}" if wanted.careless else ""
    st.subheader(say("plan_curve"))
    draw(bench, _curve(planned.summary, target, say), "power", say("plan_curve"), frame, command)
    note(say("plan_note"))


def _curve(summary: pd.DataFrame, target: float, say: Words) -> Any:
    frame = summary[["hypothesis", "n", "power", "power_mcse"]].copy()
    frame["lower"] = (frame["power"] - MARGIN * frame["power_mcse"]).clip(0, 1)
    frame["upper"] = (frame["power"] + MARGIN * frame["power_mcse"]).clip(0, 1)
    base = alt.Chart(frame, height=340).encode(
        x=alt.X("n:Q", title=say("n"), scale=alt.Scale(zero=False)),
        color=alt.Color(
            "hypothesis:N",
            title=say("hypothesis"),
            scale=alt.Scale(scheme="category10"),
            legend=alt.Legend(orient="bottom", columns=4),
        ),
        tooltip=["hypothesis", "n", alt.Tooltip("power", format=".3f")],
    )
    y = alt.Y("power:Q", title=say("power"), scale=alt.Scale(domain=[0, 1]))
    lines = base.mark_line(point=alt.OverlayMarkDef(size=70), strokeWidth=2.5).encode(y=y)
    bars = base.mark_rule(strokeWidth=2).encode(y=alt.Y("lower:Q", title=say("power")), y2="upper:Q")
    aim = alt.Chart(pd.DataFrame({"target": [target]})).mark_rule(color=UNDECIDED, strokeDash=[6, 4])
    return lines + bars + aim.encode(y="target:Q")
