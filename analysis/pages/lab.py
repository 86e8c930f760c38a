"""The model lab: write a model, see at once whether it can be read, fit it, set others beside it."""

from __future__ import annotations

from dataclasses import astuple

import streamlit as st

from analysis.pages import lab_work
from analysis.pages.bench import Bench, Chosen, ask, asked, desk, pick, show
from analysis.pages.lab_boxes import NAMES, box
from analysis.pages.lab_results import results
from analysis.pages.lab_settings import settings
from analysis.pages.offering import analysed
from questionnaire.study import Study


def render(bench: Bench) -> None:
    """Syntax, settings, one job, its tables."""
    say = bench.say
    st.warning(say("lab_warning"))
    if bench.chosen is None:
        st.info(say("not_yet"))
        return
    many = int(pick(say, "lab models", ["1", "2", "3"], lambda k: say(f"lab_models_{k}"), say("lab_models")))
    ordered = st.session_state.get(f"lab {bench.study.code} ordered")
    thresholds = _thresholds(bench.study) if ordered else None
    places = st.columns(2) if many == 2 else [st.container() for _ in range(many)]
    syntaxes: dict[str, str] = {}
    readable = True
    for name, place in zip(NAMES, places, strict=False):
        with place:
            syntaxes[name], right = box(bench, name, thresholds)
            readable &= right
    chosen = settings(bench)
    texts = tuple(syntaxes.values())
    key = (bench.chosen.key, "lab", texts, astuple(chosen))
    if st.button(say("lab_fit"), type="primary", disabled=not readable):
        analysed(bench, "model lab")
        ask(key)
        st.session_state[_last(bench.chosen, bench.study)] = (key, texts, chosen)
    # What was fitted last stays while the text is changed for the next fit.
    last = st.session_state.get(_last(bench.chosen, bench.study))
    if last is None or not asked(last[0]):
        return
    key, fitted, used = last
    if fitted != texts or used != chosen:
        st.info(say("lab_changed"))
    job = desk().ask(key, lab_work.try_models, bench.text, bench.chosen.source, fitted, used)
    models = dict(zip(NAMES, fitted, strict=False))
    with st.container(key="lab"):
        show(key, job, say, lambda trial: results(bench, trial, models, used))


def _last(chosen: Chosen, study: Study) -> str:
    return f"lab {study.code} fitted {chosen.key}"


def _thresholds(study: Study) -> dict[str, int]:
    return {code: study.scale(item.scale).points - 1 for code, item in study.items.items()}
