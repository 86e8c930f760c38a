"""The model lab: write a model, see at once whether it can be read, fit it, set another beside it."""

from __future__ import annotations

from dataclasses import astuple

import altair as alt
import pandas as pd
import streamlit as st

from analysis.jobs import State
from analysis.pages import lab_work
from analysis.pages.bench import Bench, Chosen, analysis_of, ask, asked, desk, note, show
from analysis.pages.figures import draw, tabulate
from analysis.pages.lab_work import Settings, Trial, Tried
from analysis.pages.offering import analysed, offer
from analysis.pages.words import Words
from analysis.pipeline.result import FittedModel
from analysis.reporting.diagram import POSITIVE
from analysis.unavailable import Unavailable
from questionnaire.instrument import Role

MEASURES = (
    *("chisq", "df", "pvalue", "cfi", "tli", "rmsea", "rmsea_ci_lower", "rmsea_ci_upper", "srmr"),
    *("chisq_scaled", "cfi_robust", "rmsea_robust", "aic", "bic"),
)
ESTIMATORS = ("MLR", "ML", "MLM", "GLS", "ULS")


def render(bench: Bench) -> None:
    """Syntax, settings, one job, its tables."""
    say = bench.say
    st.warning(say("lab_warning"))
    if bench.chosen is None:
        st.info(say("not_yet"))
        return
    first = _editor(bench, "lab_syntax", "first")
    second, readable = "", _readable(first, say)
    if st.checkbox(say("lab_other")):
        second = _editor(bench, "lab_other_syntax", "second")
        readable &= _readable(second, say)
    settings = _settings(bench)
    key = (bench.chosen.key, "lab", first, second, astuple(settings))
    if st.button(say("lab_fit"), type="primary", disabled=not readable):
        analysed(bench, "model lab")
        ask(key)
    if asked(key):
        job = desk().ask(key, lab_work.try_models, bench.text, bench.chosen.source, first, second, settings)
        show(key, job, say, lambda trial: _results(bench, trial, (first, second), settings))


def _editor(bench: Bench, label: str, place: str) -> str:
    say = bench.say
    models = _models(bench)
    start = st.selectbox(say("lab_start"), list(models), key=f"start {place} {say.language}")
    return st.text_area(
        say(label), models[start], height=240, help=say("lab_syntax_help"), key=f"syntax {place} {start}"
    )


def _models(bench: Bench) -> dict[str, str]:
    """What to start from: the measured constructs, then every model the analysis has fitted."""
    constructs = [c for c in bench.study.constructs if c.role not in (Role.OPTIONAL, Role.MARKER)]
    lines = [f"{c.code} =~ {' + '.join(item.code for item in c.items)}" for c in constructs]
    found = {bench.say("lab_empty"): "\n".join(lines)}
    job = analysis_of(bench)
    if job is not None and job.state is State.DONE:
        fitted = (m for m in job.result.result.models if isinstance(m, FittedModel))
        found |= {model.model: model.syntax for model in fitted}
    return found


def _readable(syntax: str, say: Words) -> bool:
    """Say what is wrong and where, or that nothing is."""
    from analysis import sem
    from analysis.sem.syntax import parse_model

    try:
        parse_model(syntax)
    except sem.SemError as error:
        parts = [say.told(part) for part in (error.message, error.mend) if part]
        st.error(say("sentences").join(parts))
        # The place holds the line with a mark under the character; only fixed-width type keeps it there.
        marked, _, where = error.place.rpartition("\n")
        st.code(f"{marked}\n{say.told(where)}", language=None)
        return False
    formulas = [line for line in syntax.replace(";", "\n").splitlines() if line.split("#")[0].strip()]
    note(say("lab_ok", n=len(formulas)))
    return True


def _settings(bench: Bench) -> Settings:
    say = bench.say
    one, two, three, four = st.columns(4)
    estimator = one.selectbox(say("lab_estimator"), ESTIMATORS)
    missing = two.selectbox(say("lab_missing"), ("listwise", "fiml"))
    kept = three.selectbox(
        say("lab_rows"),
        (True, False),
        format_func=lambda k: say("lab_rows_kept") if k else say("lab_rows_all"),
    )
    draws = four.number_input(say("lab_bootstrap"), 0, 5000, 0, 500)
    assert isinstance(bench.chosen, Chosen)
    return Settings(str(estimator), str(missing), bool(kept), int(draws), bench.chosen.seed)


def _results(bench: Bench, trial: Trial, syntaxes: tuple[str, str], settings: Settings) -> None:
    say = bench.say
    if isinstance(trial.comparison, Unavailable):
        st.warning(say("lab_not_identical", reason=trial.comparison.reason))
    elif trial.comparison is not None:
        code = "\n".join(_code(syntax, settings, name) for syntax, name in zip(syntaxes, "ab", strict=True))
        tabulate(bench, "comparison", say("lab_compare"), trial.comparison, f"{code}sem.compare(a, b)")
    for place, (tried, syntax) in enumerate(zip((trial.first, trial.second), syntaxes, strict=True)):
        if tried is None:
            continue
        if trial.second is not None:
            st.subheader(say("lab_second" if place else "lab_first"))
        if isinstance(tried, Unavailable):
            st.error(say.told(tried.reason))
        else:
            _tried(bench, tried, syntax, settings, place)


def _tried(bench: Bench, tried: Tried, syntax: str, settings: Settings, place: int) -> None:
    say = bench.say
    for problem in tried.problems:
        st.warning(say.told(problem))
    code = _code(syntax, settings)
    known = {name: tried.measures[name] for name in MEASURES if name in tried.measures}
    caption = f"{say('lab_fit_measures')} (n = {tried.n_obs})"
    tabulate(bench, f"fit {place}", caption, pd.DataFrame([known]), f"{code}fit.fit_measures")
    columns = ["lhs", "op", "rhs", "est", "se", "pvalue", "ci_lower", "ci_upper", "std_all"]
    estimates = tried.estimates[columns]
    tabulate(bench, f"estimates {place}", say("lab_estimates"), estimates, f"{code}fit.estimates")
    if not isinstance(tried.indices, Unavailable):
        indices = tried.indices[["lhs", "op", "rhs", "mi", "epc", "sepc_all"]]
        tabulate(bench, f"indices {place}", say("lab_indices"), indices, f"{code}fit.modification_indices()")
        note(say("lab_indices_note"))
    if not isinstance(tried.draws, Unavailable):
        _draws(bench, tried.draws, place, code)
    _again(bench, tried, syntax, settings, place)


def _draws(bench: Bench, draws: pd.DataFrame, place: int, code: str) -> None:
    say = bench.say
    chosen = st.selectbox(say("path"), list(map(str, draws.columns)), key=f"draws {place}")
    values = pd.DataFrame({"value": draws[chosen].to_numpy(dtype=float)})
    caption = say("lab_draws", path=chosen)
    st.markdown(f"**{caption}**")
    bars = alt.Chart(values, height=240).mark_bar(color=POSITIVE)
    x = alt.X("value:Q", bin=alt.Bin(maxbins=50), title=say("value"))
    chart = bars.encode(x=x, y=alt.Y("count():Q", title=say("draws")))
    draw(bench, chart, f"draws {place}", caption, values, code)


def _code(syntax: str, settings: Settings, name: str = "fit") -> str:
    """Python that fits the model again as ``name``."""
    options = f"estimator={settings.estimator!r}, missing={settings.missing!r}"
    code = f'import pandas as pd\nfrom analysis import sem\n\nmodel = """\n{syntax}\n"""\n'
    code += f'{name} = sem.fit(model, pd.read_csv("data.csv"), {options})\n'
    if settings.bootstrap:
        code += f"{name}.bootstrap(draws={settings.bootstrap}, seed={settings.seed})\n"
    return code


def _again(bench: Bench, tried: Tried, syntax: str, settings: Settings, place: int) -> None:
    say = bench.say
    command = (
        f"synergy fit model.lavaan data.csv --estimator {settings.estimator} --missing {settings.missing}"
    )
    if settings.bootstrap:
        command += f" --bootstrap {settings.bootstrap} --seed {settings.seed}"
    with st.expander(say("lab_code")):
        st.code(command, language=None, wrap_lines=True)
        st.code(_code(syntax, settings), language=None, wrap_lines=True)
        offer(
            bench,
            say("lab_data"),
            lambda: tried.data.to_csv(index=False),
            "data.csv",
            "text/csv",
            key=f"data {place}",
        )
        st.download_button(
            say("lab_model_file"),
            syntax,
            "model.lavaan",
            "text/plain",
            key=f"model {place}",
            on_click="ignore",
        )
