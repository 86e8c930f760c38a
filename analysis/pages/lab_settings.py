"""How the lab fits: only what goes together can be chosen, so that no combination is refused afterwards."""

from __future__ import annotations

import streamlit as st

from analysis.pages.bench import Bench, Chosen
from analysis.pages.lab_boxes import kept_choice
from analysis.pages.lab_trial import Settings
from questionnaire.piping import say as in_language

ESTIMATORS = ("MLR", "ML", "MLM", "GLS", "ULS")
ORDERED = ("WLSMV", "DWLS", "ULS")
WITH_FIML = ("MLR", "ML")
EQUAL = ("loadings", "intercepts", "residuals", "regressions", "means", "lv.variances", "lv.covariances")
MOST_DRAWS = 5000


def settings(bench: Bench) -> Settings:
    """Every setting; the study's own to begin with, so that its models give the analysis's figures."""
    say, measurement = bench.say, bench.study.measurement
    assert isinstance(bench.chosen, Chosen)
    at = f"lab {bench.study.code}"
    one, two, three, four = st.columns(4)
    with one:
        ordered = kept_choice(
            say, f"{at} ordered", say("lab_scale"), [False, True], lambda k: say(f"lab_ordered_{k}")
        )
    with two:
        own = ORDERED if ordered else _first(measurement.estimator, ESTIMATORS)
        estimator = kept_choice(say, f"{at} estimator {ordered}", say("lab_estimator"), list(own), str)
    with three:
        ways = _first(measurement.missing, ("listwise", "fiml")) if estimator in WITH_FIML else ("listwise",)
        missing = kept_choice(
            say, f"{at} missing", say("lab_missing"), list(ways), lambda k: say(f"lab_missing_{k}")
        )
    with four:
        scores = ("raw",) if ordered else _first(measurement.scoring, ("raw", "normal"))
        scoring = kept_choice(
            say, f"{at} scoring", say("lab_scoring"), list(scores), lambda k: say(f"lab_scoring_{k}")
        )
    one, two, three = st.columns([1, 1, 2])
    with one:
        kept = kept_choice(
            say,
            f"{at} rows",
            say("lab_rows"),
            [True, False],
            lambda k: say("lab_rows_kept") if k else say("lab_rows_all"),
        )
    with two:
        before = int(st.session_state.get(f"{at} draws", 0))
        draws = st.number_input(
            say("lab_bootstrap"), 0, MOST_DRAWS, before, 500, key=f"{at} draws in {say.language}"
        )
        st.session_state[f"{at} draws"] = int(draws)
    with three:
        group, equal = _groups(bench, at)
    return Settings(
        str(estimator), str(missing), bool(kept), int(draws), bench.chosen.seed, str(scoring), bool(ordered),
        group, equal,
    )  # fmt: skip


def _groups(bench: Bench, at: str) -> tuple[str, tuple[str, ...]]:
    """One of the study's groups, and what is the same in all of them."""
    say, study = bench.say, bench.study
    if not study.groups:
        return "", ()
    names = {g.code: in_language(g.name, say.language, study.languages[0]) for g in study.groups}
    group = kept_choice(
        say, f"{at} group", say("lab_group"), ["", *names], lambda k: names[k] if k else say("lab_group_none")
    )
    if not group:
        return "", ()
    equal = st.multiselect(
        say("lab_equal"),
        EQUAL,
        default=st.session_state.get(f"{at} equal", ()),
        format_func=lambda k: say(f"lab_equal_{k}"),
        key=f"{at} equal in {say.language}",
    )
    st.session_state[f"{at} equal"] = tuple(equal)
    return str(group), tuple(equal)


def _first(own: str, others: tuple[str, ...]) -> tuple[str, ...]:
    """The study's own choice before the others."""
    return (own, *(one for one in others if one != own)) if own in others else others
