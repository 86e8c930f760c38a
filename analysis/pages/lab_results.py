"""What a fit of the lab gave: the comparison in words, then one model and one of its tables at a time."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from analysis.pages import lab_code
from analysis.pages.bench import Bench, note, pick
from analysis.pages.figures import tabulate
from analysis.pages.lab_again import again
from analysis.pages.lab_boxes import add_parameter, told
from analysis.pages.lab_drawn import bootstrapped, diagram
from analysis.pages.lab_preferred import compared
from analysis.pages.lab_text import Fault
from analysis.pages.lab_trial import Settings, Trial, Tried
from analysis.pages.words import Words
from analysis.reporting.numbers import number, pvalue, whole
from analysis.unavailable import Unavailable

MEASURES = (
    *("chisq", "df", "pvalue", "cfi", "tli", "rmsea", "rmsea_ci_lower", "rmsea_ci_upper", "srmr"),
    *("chisq_scaled", "df_scaled", "pvalue_scaled", "cfi_robust", "tli_robust", "rmsea_robust"),
    *("rmsea_ci_lower_robust", "rmsea_ci_upper_robust", "npar", "logl", "aic", "bic"),
)
WHOLE = ("df", "npar")
PARTS = ("fit", "estimates", "r2", "residuals", "indices", "diagram", "bootstrap", "code")
OFFERED = 8
"""Modification indices that a press adds to the model."""


def results(bench: Bench, trial: Trial, models: Mapping[str, str], settings: Settings) -> None:
    """The comparison, then a model."""
    say = bench.say
    if trial.comparison is not None:
        compared(bench, trial, models, settings)
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
            diagram(bench, name, tried, code)
        case "bootstrap":
            bootstrapped(bench, name, tried.drawn, code)
        case _:
            again(bench, name, tried, syntax, settings)


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
