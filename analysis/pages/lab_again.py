"""A model of the lab to take elsewhere: the code that fits it again, its data and its text."""

from __future__ import annotations

import streamlit as st

from analysis.pages import lab_code
from analysis.pages.bench import Bench
from analysis.pages.lab_trial import Settings, Tried
from analysis.pages.offering import offer


def again(bench: Bench, name: str, tried: Tried, syntax: str, settings: Settings) -> None:
    """R, Python and command, then the files that they read."""
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
