"""The structural models: a diagram whose paths answer a click, and the figures behind it."""

from __future__ import annotations

import streamlit as st

from analysis.pages.bench import Bench, analysis_of, note, show
from analysis.pages.chart_paths import PICK, path_chart, path_name
from analysis.pages.showing import document_of, section_of, show_section
from analysis.pages.work import Report
from analysis.pipeline.result import FittedModel, Part
from analysis.reporting.numbers import interval, number, pvalue
from analysis.reporting.sections_structure import study_names
from questionnaire.piping import say as in_language


def render(bench: Bench) -> None:
    """The analysis, once there is one."""
    show(analysis_of(bench), bench.say, lambda report: _page(bench, report))


def _page(bench: Bench, report: Report) -> None:
    say, study = bench.say, bench.study
    document = document_of(bench, report)
    models = {
        model.model: model
        for model in report.result.models
        if isinstance(model, FittedModel) and (model.estimates["op"] == "~").any()
    }
    if not models:
        st.info(say("no_models"))
        return

    def title(code: str) -> str:
        name = in_language(models[code].name, say.language, study.languages[0])
        return f"{code} · {name}" if name else code

    drawn = [code for code, model in models.items() if model.part is not Part.RIVAL]
    code = st.selectbox(say("model"), [*drawn, *(c for c in models if c not in drawn)], format_func=title)
    model = models[code]
    st.subheader(say("diagram", model=code))
    note(say("diagram_note"))
    names = study_names(study, say.language)
    event = st.altair_chart(
        path_chart(model.estimates, names),
        on_select="rerun",
        selection_mode=PICK,
        theme=None,
        key=f"paths {code}",
    )
    _detail(bench, report, model, _clicked(event))
    show_section(bench, section_of(document, "structure"), figures=False)


def _clicked(event: object) -> str | None:
    chosen = getattr(getattr(event, "selection", None), PICK, None) or []
    return str(chosen[0]["path"]) if chosen and "path" in chosen[0] else None


def _detail(bench: Bench, report: Report, model: FittedModel, clicked: str | None) -> None:
    """The figures of one path, its interval and the rival model."""
    say = bench.say
    rows = {
        path_name(str(row["lhs"]), str(row["op"]), str(row["rhs"])): row
        for row in model.estimates.to_dict("records")
        if row["op"] == "~"
    }
    index = list(rows).index(clicked) if clicked in rows else 0
    path = st.selectbox(say("path_choose"), list(rows), index=index, key=f"path of {model.model} {clicked}")
    row = rows[path]
    standard, b, bounds, p = st.columns(4)
    standard.metric(say("path_estimate"), number(row["std_all"]))
    b.metric(say("path_b"), number(row["est"]))
    bounds.metric(say("path_ci"), interval(row["ci_lower"], row["ci_upper"]))
    p.metric(say("path_p"), pvalue(row["pvalue"]))
    rivals = [c.rival for c in report.result.comparisons if c.model == model.model]
    note(" · ".join([say("path_rival", rival=r) for r in rivals] or [say("path_no_rival")]))
    note(say("path_draws"))
