"""The researcher's page: studies, how far their respondents are, links and the answers."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from questionnaire.journey import Status
from questionnaire.service import Fielding
from questionnaire.storage import StorageUnavailableError
from questionnaire.web.jobs import answers_csv, in_own_process
from questionnaire.web.site import Site


def render(site: Site, analysis: st.Page) -> None:
    """One section a study, and the way to the analyst's page."""
    st.title("Studies")
    st.info(
        "There are no accounts yet, so this page and the analysis are served to this machine only. "
        "Respondents' links show the survey and nothing else."
    )
    st.page_link(analysis, label="Open the analysis")
    for fielding in site.fieldings.values():
        _study(site, fielding)


def _study(site: Site, fielding: Fielding) -> None:
    study = fielding.study
    st.header(study.title[study.languages[0]])
    st.caption(
        f"{study.code}, version {study.version} ({study.content_hash[:12]}), {', '.join(study.languages)}"
    )
    try:
        counts = Counter(one.progress.status for one in fielding.storage.respondents(study.content_hash))
    except StorageUnavailableError as error:
        st.error(f"The database is out of reach: {error}")
        return
    started, finished, screened_out, under_way = st.columns(4)
    started.metric("Started", counts.total())
    finished.metric("Completed", counts[Status.FINISHED])
    screened_out.metric("Screened out", counts[Status.SCREENED_OUT])
    under_way.metric("Under way", counts[Status.ASKING])
    _links(study.code, study.languages)
    if site.database != "memory:":
        st.download_button(
            "Download the answers (CSV)",
            lambda: in_own_process(answers_csv, site.database, study.code),
            file_name=f"{study.code}_answers.csv",
            mime="text/csv",
            key=f"answers-{study.code}",
            on_click="ignore",
        )


def _links(code: str, languages: tuple[str, ...]) -> None:
    rows = ["| | survey | light version, for slow phones |", "|---|---|---|"]
    for query, label in [("", "any language"), *((f"lang={language}", language) for language in languages)]:
        survey = f"/respond?study={code}" + (f"&{query}" if query else "")
        light = f"/s/{code}" + (f"?{query}" if query else "")
        rows.append(f"| {label} | [{survey}]({survey}) | [{light}]({light}) |")
    st.markdown("\n".join(rows))
