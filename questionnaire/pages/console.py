"""The researcher's page: studies, how far their respondents are, links and the answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

import streamlit as st

from questionnaire.access.roles import Account, Permission
from questionnaire.journey import Status
from questionnaire.ledger import head
from questionnaire.pages.handing_out import hand_out
from questionnaire.pages.spoken import spoken
from questionnaire.pages.visitor import at_the_moment, may
from questionnaire.pages.words import console_words
from questionnaire.service import Fielding
from questionnaire.storage import StorageUnavailableError
from questionnaire.study import Study
from questionnaire.web.jobs import FORMATS, answers_file, in_own_process
from questionnaire.web.opening import preferred_language
from questionnaire.web.site import Site

Bundle = Callable[[str, str], bytes]
"""Makes a study's replication bundle from a database's address; ValueError says why there can be none."""


def render(site: Site, bundle: Bundle) -> None:
    """One section a study; ``bundle`` makes a study's replication bundle from a database's address."""
    words = console_words(spoken())
    st.title(words["studies"])
    for fielding in list(site.fieldings.values()):
        _study(site, fielding, words, bundle)


def _study(site: Site, fielding: Fielding, words: Mapping[str, str], bundle: Bundle) -> None:
    study = fielding.study
    st.header(study.title[preferred_language(study, None, spoken())])
    about = {"code": study.code, "version": study.version, "hash": study.content_hash[:12]}
    st.caption(words["about"].format(**about, languages=", ".join(study.languages)))
    try:
        counts = Counter(one.progress.status for one in fielding.storage.respondents(study.content_hash))
        chain = fielding.storage.ledger(study.code)
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
        st.caption(words["ledger"].format(n=len(chain), head=head(chain)))
        _answers(site, study, words)
        _bundle(site, study, words, bundle)


def _answers(site: Site, study: Study, words: Mapping[str, str]) -> None:
    chosen = st.segmented_control(
        words["format"],
        list(FORMATS),
        default=".csv",
        format_func=words.__getitem__,
        key=f"format-{study.code}",
    )
    ending = chosen or ".csv"
    language = preferred_language(study, None, spoken())

    def answers(account: Account) -> bytes:
        names = account.may(Permission.READ_CONTACTS)
        return in_own_process(answers_file, site.database, study.code, ending, language, free_text=names)

    def what(account: Account) -> str:
        return f"answers{ending}" + ("" if account.may(Permission.READ_CONTACTS) else " without free text")

    hand_out(
        words["download"],
        answers,
        f"{study.code}_answers{ending}",
        FORMATS[ending],
        needs=Permission.READ_ANSWERS,
        study=study.code,
        detail=what,
        key=f"answers-{study.code}-{ending}",
    )


def _bundle(site: Site, study: Study, words: Mapping[str, str], bundle: Bundle) -> None:
    """Made on request, since it takes an analysis; kept for this browser session."""
    key = f"bundle-{study.code}-{study.content_hash}"
    st.caption(words["bundle_help"])
    if st.button(words["make_bundle"], key=f"make-{key}"):
        # Asked again: the page may have been open since before a role was changed.
        at_the_moment(site, Permission.READ_ANSWERS)()
        try:
            with st.spinner(words["making_bundle"]):
                st.session_state[key] = in_own_process(bundle, site.database, study.code)
        except (ValueError, LookupError, StorageUnavailableError) as error:
            st.session_state.pop(key, None)
            st.error(words["no_bundle"].format(reason=error))
    made = st.session_state.get(key)
    if made is not None:
        hand_out(
            words["download_bundle"],
            lambda _: made,
            f"{study.code}_replication.zip",
            "application/zip",
            needs=Permission.READ_ANSWERS,
            study=study.code,
            key=f"download-{key}",
        )


def _links(code: str, languages: tuple[str, ...], words: Mapping[str, str]) -> str:
    """Addresses: both shells, in the reader's language and in each."""
    lines = []
    shells = {words["survey"]: f"/respond?study={code}&lang=", words["light"]: f"/s/{code}?lang="}
    for title, path in shells.items():
        lines += ["", f"**{title}**", ""]
        anywhere = path.removesuffix("lang=")[:-1]
        lines.append(f"- {words['any_language']}: [{anywhere}]({anywhere})")
        lines += [f"- {language}: [{path}{language}]({path}{language})" for language in languages]
    return "\n".join(lines)
