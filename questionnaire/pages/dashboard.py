"""The field dashboard: what a study's respondents are doing now, drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import streamlit as st

from questionnaire.access.roles import Permission
from questionnaire.journey import Status
from questionnaire.pages import dashboard_charts as charts
from questionnaire.pages.dashboard_words import dashboard_words
from questionnaire.pages.sampling_quotas import show_fills
from questionnaire.pages.sampling_words import sampling_words
from questionnaire.pages.spoken import spoken
from questionnaire.pages.visitor import may, note
from questionnaire.piping import say
from questionnaire.storage import StorageUnavailableError
from questionnaire.study import Study
from questionnaire.watching.field_report import FieldReport, field_report
from questionnaire.watching.imbalance import Balance
from questionnaire.web.jobs import in_own_process
from questionnaire.web.site import Site

EVERY = 20
"""Seconds between looks: a look reads the whole study, in a process of its own."""

Words = Mapping[str, str]
Flags = Callable[[str, str], Any]
Comparable = Callable[[str, str, str], Any]


@st.cache_data(ttl=EVERY - 1, show_spinner=False)
def _look(database: str, study_code: str) -> FieldReport:
    return in_own_process(field_report, database, study_code)


def render(site: Site, flags: Flags, comparable: Comparable) -> None:
    """The page. What the analysis knows runs elsewhere, when asked for.

    ``flags(database, study)`` counts data-quality flags; ``comparable(database, study, language)`` says
    whether the means of groups may be compared.
    """
    language, words = dashboard_words(spoken())
    st.title(words["title"])

    def title(code: str) -> str:
        study = site.fieldings[code].study
        return say(study.title, language, study.languages[0])

    code = st.selectbox(words["study"], list(site.fieldings), format_func=title)
    study = site.fieldings[code].study

    @st.fragment(run_every=f"{EVERY}s")
    def look() -> None:
        try:
            report = _look(site.database, code)
        except StorageUnavailableError as error:
            st.error(words["out_of_reach"].format(error=error))
            return
        label = partial(_comparable, site.database, code, comparable, language, words)
        _report(study, report, language, words, label if _sees_answers(site) else None)

    look()
    if _sees_answers(site):
        _flags(site.database, code, flags, words)


def _sees_answers(site: Site) -> bool:
    try:
        return may(site, Permission.READ_ANSWERS)
    except StorageUnavailableError:
        return False


def _report(
    study: Study, report: FieldReport, language: str, words: Words, label: Callable[[], None] | None
) -> None:
    """``label`` says above the means whether they may be compared; None for who sees no means.

    Means follow every new answer: two looks, with a respondent between them, give that one's away.
    """
    st.caption(words["refreshed"].format(seconds=EVERY))
    counts = report.counts
    shown = {
        "started": sum(counts.values()),
        "completed": counts[Status.FINISHED],
        "under_way": counts[Status.ASKING],
        "screened_out": counts[Status.SCREENED_OUT],
        "quota_full": counts[Status.QUOTA_FULL],
        "withdrawn": counts[Status.WITHDRAWN],
    }
    with st.container(horizontal=True):
        for key, number in shown.items():
            st.metric(words[key], f"{number:,}", width=150)
    if not shown["started"]:
        st.info(words["nobody"])
        return
    names = _names(study, language)
    if report.fills:
        own = sampling_words(language)[1]
        st.header(own["quotas"])
        show_fills(report.fills, own)
    if label is not None:
        _balance(report, names, words)
    st.header(words["by_day"])
    st.altair_chart(charts.days(report.days, words))
    st.header(words["losses"])
    st.caption(words["losses_note"])
    st.altair_chart(charts.losses(report.pages, names, words))
    if report.times:
        st.header(words["times"])
        st.caption(words["times_note"])
        st.altair_chart(charts.times(report.times, names, words))
    if label is None:
        st.caption(words["means_withheld"])
        return
    st.header(words["means"])
    label()
    if report.means:
        st.altair_chart(charts.means(report.means, names, words))
    else:
        st.caption(words["too_few_means"])
    _drift(report, names, words)


def _comparable(database: str, code: str, comparable: Comparable, language: str, words: Words) -> None:
    """Whether the means may be compared; until it was asked, that they may not."""
    place = st.empty()
    key = f"comparable {code} {language}"
    if st.button(words["compare_ask"]):
        try:
            note("analysis", code, "field dashboard: comparable means")
            st.session_state[key] = in_own_process(comparable, database, code, language)
        except StorageUnavailableError as error:
            st.error(words["out_of_reach"].format(error=error))
    found = st.session_state.get(key)
    if found is None:
        place.warning(words["not_comparable"])
    elif not found.comparable:
        place.warning(words["incomparable"].format(reason=found.reason, n=found.n))
    else:
        said = words["comparable_but" if found.freed else "comparable"]
        place.success(said.format(n=found.n, freed=", ".join(found.freed)))


def _names(study: Study, language: str) -> dict[str, str]:
    """What codes are called: blocks, dimensions and the options groups are made of."""
    first = study.languages[0]
    names = {block.code: say(block.title, language, first) for block in study.blocks}
    names |= {dimension.code: say(dimension.name, language, first) for dimension in study.dimensions}
    for group in study.groups[:1]:
        options = study.question(group.question).options
        labels = {option.code: say(option.label, language, first) for option in options}
        names |= {label: labels.get(members[0], label) for label, members in group.members.items() if members}
    return names


def _balance(report: FieldReport, names: Mapping[str, str], words: Words) -> None:
    found = report.imbalance
    if not report.charts:
        return
    st.header(words["balance"])
    worst = found.gaps[0] if found.gaps else None
    pair = {"higher": names[worst.higher], "lower": names[worst.lower]} if worst else {}
    sentence = words[found.balance.value].format(n=found.n, **pair)
    show = {Balance.IMBALANCED: st.warning, Balance.BALANCED: st.success}.get(found.balance, st.info)
    show(sentence)
    for gap in found.gaps:
        st.write(
            words["gap"].format(
                higher=names[gap.higher],
                lower=names[gap.lower],
                difference=gap.difference,
                ci_lower=gap.ci_lower,
                ci_upper=gap.ci_upper,
            )
        )
    if found.gaps:
        st.caption(words["gap_note"])


def _drift(report: FieldReport, names: Mapping[str, str], words: Words) -> None:
    if not report.charts:
        return
    st.header(words["charts"])
    st.caption(words["charts_note"])
    drawn = {code: points for code, points in report.charts.items() if points}
    if not drawn:
        st.caption(words["too_few_chart"].format(n=charts.FIRST_CHART))
    for code, points in drawn.items():
        outside = sum(point.out for point in points)
        key = "out_of_limits" if outside else "in_limits"
        st.write(words[key].format(dimension=names[code], n=outside, total=len(points)))
        st.altair_chart(charts.drift(points, words))


def _flags(database: str, code: str, flags: Flags, words: Words) -> None:
    st.header(words["flags"])
    st.caption(words["flags_note"])
    if not st.button(words["flags_ask"]):
        return
    try:
        note("analysis", code, "field dashboard: flags")
        found = in_own_process(flags, database, code)
    except StorageUnavailableError as error:
        st.error(words["out_of_reach"].format(error=error))
        return
    if not found.n:
        st.info(words["no_flags"])
        return
    indices = [
        {
            words["index"]: one.index,
            words["level"]: one.level,
            words["flagged"]: one.flagged,
            words["judged"]: one.judged,
            words["cannot"]: one.unavailable,
        }
        for one in found.indices
    ]
    levels = [
        {words["level"]: one.level, words["kept"]: one.kept, words["excluded"]: one.excluded}
        for one in found.levels
    ]
    st.table(levels)
    st.table(indices)
