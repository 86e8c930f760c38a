"""The respondent's page in the Streamlit shell: what the store holds, handed to the component."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING

import streamlit as st

from questionnaire.journey import JourneyError
from questionnaire.web import assets
from questionnaire.web.opening import boot
from questionnaire.web.site import Site
from questionnaire.wording import wording

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer


@cache
def _component() -> ComponentRenderer:
    """Registered once a process: a second registration is a warning and a new component to the browser."""
    return st.components.v2.component(
        "synergy.survey", css=assets.text("survey.css"), js=assets.text("component.js")
    )


def render(site: Site) -> None:
    """Show the survey named in the address; every run starts from what is stored."""
    accepted = st.context.headers.get("accept-language", "")
    fielding = site.fielding(st.query_params.get("study"))
    if fielding is None:
        st.write(wording(accepted.split(",")[0])["unknown_study"])
        return
    try:
        data = boot(fielding, st.query_params.to_dict(), accepted, base="./")
    except JourneyError:
        st.write(wording(accepted.split(",")[0])["unknown_study"])
        return
    # As text: of a dictionary's values the framework asks whether they are data frames, and loads pandas
    # to find out.
    _component()(key="survey", data={"boot": json.dumps(data, ensure_ascii=False)})
