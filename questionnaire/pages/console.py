"""The researcher's page: studies, how far their respondents are, links and the answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import streamlit as st

from questionnaire.access.roles import Account, Permission
from questionnaire.journey import Status
from questionnaire.pages.handing_out import hand_out
from questionnaire.pages.visitor import may
from questionnaire.pages.words import console_words
from questionnaire.service import Fielding
from questionnaire.storage import StorageUnavailableError
from questionnaire.web.jobs import answers_csv, in_own_process
from questionnaire.web.opening import preferred_language
from questionnaire.web.site import Site


def render(site: Site) -> None:
    """One section a study."""
    words = console_words(st.context.headers.get("accept-language", ""))
    st.title(words["studies"])
    for fielding in list(site.fieldings.values()):
        _study(site, fielding, words)


def _study(site: Site, fielding: Fielding, words: Mapping[str, str]) -> None:
    study = fielding.study
    st.header(study.title[preferred_language(study, None, st.context.headers.get("accept-language", ""))])
    about = {"code": study.code, "version": study.version, "hash": study.content_hash[:12]}
    st.caption(words["about"].format(**about, languages=", ".join(study.languages)))
    try:
        counts = Counter(one.progress.status for one in fielding.storage.respondents(study.content_hash))
    except StorageUnavailableError as error:
        st.error(words["out_of_reach"].format(error=error))
        return
    started, completed, screened_out, quota_full, under_way = st.columns(5)
    started.metric(words["started"], counts.total())
    completed.metric(words["completed"], counts[Status.FINISHED])
    screened_out.metric(words["screened_out"], counts[Status.SCREENED_OUT])
    quota_full.metric(words["quota_full"], counts[Status.QUOTA_FULL])
    under_way.metric(words["under_way"], counts[Status.ASKING])
    st.markdown(_links(study.code, study.languages, words))
    if site.database != "memory:" and may(site, Permission.READ_ANSWERS):

        def answers(account: Account) -> bytes:
            names = account.may(Permission.READ_CONTACTS)
            return in_own_process(answers_csv, site.database, study.code, free_text=names)

        hand_out(
            words["download"],
            answers,
            f"{study.code}_answers.csv",
            "text/csv",
            needs=Permission.READ_ANSWERS,
            study=study.code,
            detail=_what,
            key=f"answers-{study.code}",
        )


def _what(account: Account) -> str:
    return "answers.csv" if account.may(Permission.READ_CONTACTS) else "answers.csv without free text"


def _links(code: str, languages: tuple[str, ...], words: Mapping[str, str]) -> str:
    """A table of addresses: both shells, in any language and in each."""
    rows = [f"| | {words['survey']} | {words['light']} |", "|---|---|---|"]
    for language in ("", *languages):
        survey = f"/respond?study={code}" + (f"&lang={language}" if language else "")
        light = f"/s/{code}" + (f"?lang={language}" if language else "")
        rows.append(f"| {language or words['any_language']} | [{survey}]({survey}) | [{light}]({light}) |")
    return "\n".join(rows)
