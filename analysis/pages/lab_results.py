"""What a fit of the lab gave: the comparison in words, then one model and one of its tables at a time."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import pandas as pd
import streamlit as st

from analysis.pages import lab_code
from analysis.pages.bench import Bench, note, pick
from analysis.pages.figures import draw, part_files, tabulate
from analysis.pages.lab_boxes import add_parameter, told
from analysis.pages.lab_compare import PLAIN, Compared, Step, lowest, steps
from analysis.pages.lab_text import Fault
from analysis.pages.lab_work import Drawn, Settings, Trial, Tried
from analysis.pages.offering import offer
from analysis.pages.words import Words
from analysis.reporting.diagram import POSITIVE, path_diagram
from analysis.reporting.document import Figure, Section
from analysis.reporting.html import section_html
from analysis.reporting.numbers import number, pvalue, whole
from analysis.reporting.sections_structure import study_names
from analysis.unavailable import Unavailable

MEASURES = (
    *("chisq", "df", "pvalue", "cfi", "tli", "rmsea", "rmsea_ci_lower", "rmsea_ci_upper", "srmr"),
    *("chisq_scaled", "df_scaled", "pvalue_scaled", "cfi_robust", "tli_robust", "rmsea_robust"),
    *("rmsea_ci_lower_robust", "rmsea_ci_upper_robust", "npar", "logl", "aic", "bic"),
)
WHOLE = ("df", "npar")
PARTS = ("fit", "estimates", "r2", "residuals", "indices", "diagram", "bootstrap", "code")
TIED = 0.05
"""A difference of a criterion that prints as nothing."""
OFFERED = 8
"""Modification indices that a press adds to the model."""


def results(bench: Bench, trial: Trial, models: Mapping[str, str], settings: Settings) -> None:
    """The comparison, then a model."""
    say = bench.say
    if trial.comparison is not None:
        _compared(bench, trial, models, settings)
    name = next(iter(models))
    if len(models) > 1:
        name = pick(say, "lab model shown", list(models), lambda n: say("lab_named", name=n), say("model"))
    tried = trial.models[name]
    if isinstance(tried, Fault):
        told(tried, say)
        return
    for problem in tried.problems:
        st.warning(say.told(problem))
    if not tried.converged:
        st.warning(say("lab_not_converged"))
    part = pick(say, "lab part", PARTS, lambda p: say(f"lab_part_{p}"), say("part"))
    _part(bench, part, name, tried, models[name], settings)


def _compared(bench: Bench, trial: Trial, models: Mapping[str, str], settings: Settings) -> None:
    say, found = bench.say, trial.comparison
    st.subheader(say("lab_compare"))
    if isinstance(found, Unavailable):
        mend = say.told(found.mend).rstrip(".。")
        st.warning(say("lab_not_identical", reason=found.reason.rstrip(".")) + (f" {mend}." if mend else ""))
        return
    assert isinstance(found, Compared)
    for line in said(found, say):
        st.markdown(line)
    if found.test not in ("", PLAIN):
        note(say("lab_unscaled"))
    code = lab_code.python(models, settings, _ordered(trial))
    tabulate(bench, "comparison", say("lab_compare"), found.table, code)


def said(found: Compared, say: Words) -> list[str]:
    """Which model to prefer and why, a sentence a test or criterion."""
    if found.test:
        return [_step(step, found.test, say) for step in steps(found)]
    lines = [say("lab_no_test", reason=found.reason.rstrip("."))]
    for criterion in ("aic", "bic"):
        best = lowest(found, criterion)
        if best is None:
            return [*lines, say("lab_no_likelihood")]
        if best[1] < TIED:
            lines.append(say("lab_tie", name=criterion.upper()))
            continue
        lines.append(say("lab_lowest", name=criterion.upper(), model=best[0], by=number(best[1], 1)))
    return lines


def _step(step: Step, test: str, say: Words) -> str:
    if step.pvalue is None:
        return say("lab_step_none", larger=step.larger, smaller=step.smaller)
    p = pvalue(step.pvalue)
    verdict = say("lab_worse" if step.worse else "lab_as_good", larger=step.larger, smaller=step.smaller)
    return say(
        "lab_step",
        larger=step.larger,
        smaller=step.smaller,
        test=say(f"lab_test_{test}"),
        chisq=number(step.chisq, 2),
        df=step.df,
        p=p if p.startswith("<") else f"= {p}",
        verdict=verdict,
    )


def _ordered(trial: Trial) -> tuple[str, ...]:
    return next((one.ordered for one in trial.models.values() if isinstance(one, Tried)), ())


def _part(bench: Bench, part: str, name: str, tried: Tried, syntax: str, settings: Settings) -> None:
    say = bench.say
    code = lab_code.python({name: syntax}, settings, tried.ordered)
    grouped = ["group"] if len(set(tried.estimates["group"])) > 1 else []
    match part:
        case "fit":
            caption = f"{say('lab_fit_measures')} (n = {tried.n_obs})"
            frame = _measures(tried.measures, say)
            tabulate(bench, f"fit {name}", caption, frame, f"{code}{name}.fit_measures")
        case "estimates":
            columns = ["lhs", "op", "rhs", *grouped, "label", "est", "se", "pvalue", "ci_lower", "ci_upper"]
            shown = tried.estimates[[*columns, "std_all"]]
            if not shown["label"].astype(bool).any():
                shown = shown.drop(columns="label")
            tabulate(bench, f"estimates {name}", say("lab_estimates"), shown, f"{code}{name}.estimates")
        case "r2":
            shown = tried.r2[["lhs", *grouped, "r2"]]
            tabulate(bench, f"r2 {name}", say("lab_r2"), shown, f"{code}{name}.r2")
        case "residuals":
            _residuals(bench, name, tried, grouped, code)
        case "indices":
            _indices(bench, name, tried, grouped, code)
        case "diagram":
            _diagram(bench, name, tried, code)
        case "bootstrap":
            _bootstrap(bench, name, tried.drawn, code)
        case _:
            _again(bench, name, tried, syntax, settings)


def _residuals(bench: Bench, name: str, tried: Tried, grouped: list[str], code: str) -> None:
    say = bench.say
    if isinstance(tried.residuals, Unavailable):
        st.info(say("probe_not", reason=tried.residuals.reason))
        return
    shown = tried.residuals[["lhs", "rhs", *grouped, "correlation", "standardized"]]
    tabulate(bench, f"residuals {name}", say("lab_residuals"), shown, f"{code}{name}.residuals()")
    note(say("lab_residuals_note"))


def _indices(bench: Bench, name: str, tried: Tried, grouped: list[str], code: str) -> None:
    say = bench.say
    if isinstance(tried.indices, Unavailable):
        st.info(say("probe_not", reason=tried.indices.reason))
        return
    if tried.indices.empty:
        st.info(say("lab_indices_none"))
        return
    rows = list(tried.indices.head(OFFERED).itertuples())
    note(say("lab_indices_add", name=name))
    with st.container(horizontal=True):
        for k, row in enumerate(rows):
            st.button(
                f"{row.lhs} {row.op} {row.rhs} · {number(row.mi, 1)}",
                key=f"add {name} {k}",
                on_click=add_parameter,
                args=(bench.study, name, str(row.lhs), str(row.op), str(row.rhs)),
            )
    shown = tried.indices[["lhs", "op", "rhs", *grouped, "mi", "epc", "sepc_all"]]
    tabulate(bench, f"indices {name}", say("lab_indices"), shown, f"{code}{name}.modification_indices()")
    note(say("lab_indices_note"))


def _measures(measures: pd.Series, say: Words) -> pd.DataFrame:
    """Measures by their names in print, with whole numbers and p values as such."""
    known = {m: measures[m] for m in MEASURES if m in measures}
    looks = {m: whole if m.startswith(WHOLE) else pvalue if m.startswith("pvalue") else number for m in known}
    names = [say(f"measure_{m}") for m in known]
    return pd.DataFrame({"measure": names, "figure": [looks[m](value) for m, value in known.items()]})


def _diagram(bench: Bench, name: str, tried: Tried, code: str) -> None:
    say = bench.say
    groups = list(dict.fromkeys(tried.estimates["group"]))
    estimates = tried.estimates[tried.estimates["group"] == groups[0]]
    if len(groups) > 1:
        group = pick(say, "lab group shown", list(map(str, groups)), str, say("lab_group"))
        estimates = tried.estimates[tried.estimates["group"].astype(str) == group]
    if not estimates["op"].isin(["=~", "~"]).any():
        st.info(say("lab_no_diagram"))
        return
    caption = say("lab_diagram", name=name)
    svg, width = path_diagram(estimates, study_names(bench.study, say.language), caption)
    figure = Figure(f"diagram_{name}", caption, svg, width)
    with st.container(key="diagram"):
        st.html(section_html(Section("", "", figures=(figure,))))
    note(say("diagram_colours"))
    part_files(bench, figure, code=code)


def _bootstrap(bench: Bench, name: str, drawn: Drawn | Unavailable, code: str) -> None:
    say = bench.say
    if isinstance(drawn, Unavailable):
        asked_for = drawn.reason != "not asked for"
        st.info(say("probe_not", reason=drawn.reason) if asked_for else say("lab_bootstrap_none"))
        return
    for problem in drawn.problems:
        st.warning(say.told(problem))
    note(say("lab_drawn", n=len(drawn.draws), failed=drawn.failed))
    free = drawn.estimates[drawn.estimates["se"] > 0]
    shown = free[["lhs", "op", "rhs", "est", "bias", "se", "ci_lower", "ci_upper"]]
    made = f"{code}{name}.bootstrap().estimates"
    tabulate(bench, f"bootstrap {name}", say("lab_bootstrap_table"), shown, made)
    chosen = st.selectbox(say("path"), list(map(str, drawn.draws.columns)), key=f"draws {name}")
    values = pd.DataFrame({"value": drawn.draws[chosen].to_numpy(dtype=float)})
    caption = say("lab_draws", path=chosen)
    st.markdown(f"**{caption}**")
    bars = alt.Chart(values, height=240).mark_bar(color=POSITIVE)
    x = alt.X("value:Q", bin=alt.Bin(maxbins=50), title=say("value"))
    chart = bars.encode(x=x, y=alt.Y("count():Q", title=say("draws")))
    draw(bench, chart, f"draws {name}", caption, values, code)


def _again(bench: Bench, name: str, tried: Tried, syntax: str, settings: Settings) -> None:
    say, ordered = bench.say, tried.ordered
    for label, text in (
        ("lab_code_r", lab_code.lavaan({name: syntax}, settings, ordered)),
        ("lab_code_python", lab_code.python({name: syntax}, settings, ordered)),
        ("lab_code_command", lab_code.command(settings, ordered)),
    ):
        st.markdown(f"**{say(label)}**")
        st.code(text, language=None, wrap_lines=True)
    with st.container(horizontal=True):
        data = tried.data
        offer(
            bench,
            say("lab_data"),
            lambda: data.to_csv(index=False),
            "data.csv",
            "text/csv",
            key=f"data {name}",
        )
        st.download_button(
            say("lab_model_file"),
            syntax,
            "model.lavaan",
            "text/plain",
            key=f"model {name}",
            on_click="ignore",
        )
