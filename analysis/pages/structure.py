"""The structural models: a diagram whose paths answer a click, and the figures behind it."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import streamlit as st

from analysis.pages import path_detail
from analysis.pages.bench import Bench, note, part_of, show_analysis
from analysis.pages.chart_paths import PICK, path_chart
from analysis.pages.figures import Chart, take
from analysis.pages.printing import table_of
from analysis.pages.showing import document_of, section_of, show_section
from analysis.pages.work import Report
from analysis.pipeline.result import FittedModel, Part
from analysis.reporting.names import path_name
from analysis.reporting.sections_structure import study_names
from analysis.synergy.structure import JOINT
from questionnaire.piping import say as in_language

PARTS = ("paths", "tables")


def render(bench: Bench) -> None:
    """The analysis, once there is one."""
    show_analysis(bench, _page)


def _page(bench: Bench, report: Report) -> None:
    document = document_of(bench, report)
    models = {
        model.model: model
        for model in report.result.models
        if isinstance(model, FittedModel) and (model.estimates["op"] == "~").any()
    }
    if not models:
        st.info(bench.say("no_models"))
    if not models or part_of(bench.say, "structure", PARTS) == "tables":
        show_section(bench, section_of(document, "structure"))
    else:
        _paths(bench, report, models)


def _paths(bench: Bench, report: Report, models: dict[str, FittedModel]) -> None:
    say, study = bench.say, bench.study

    def title(code: str) -> str:
        name = in_language(models[code].name, say.language, study.languages[0])
        return f"{code} · {name}" if name else code

    drawn = [code for code, model in models.items() if model.part is not Part.RIVAL]
    order = [*drawn, *(c for c in models if c not in drawn)]
    code = st.selectbox(say("model"), order, format_func=title, key="model", persist_state="session")
    model = models[code]
    caption = say("diagram", model=code)
    st.subheader(caption)
    note(say("diagram_note"))
    chart = path_chart(model.estimates, study_names(study, say.language))
    with st.container(key="diagram"):
        event = st.altair_chart(
            chart, on_select="rerun", selection_mode=PICK, theme=None, key=f"paths {code}", alt=caption
        )
    frame = model.estimates.loc[model.estimates["op"] == "~", list(path_detail.COLUMNS)]
    key = f"diagram {code}"
    take(bench, say("figure_data"), table_of(key, caption, frame, say), Chart(key, caption, chart))
    rows = {
        path_name(str(row["lhs"]), str(row["op"]), str(row["rhs"])): row
        for row in model.estimates.to_dict("records")
        if row["op"] == "~"
    }
    names = study_names(study, say.language)
    titles = {path: _titled(path, row, names) for path, row in rows.items()}
    # Paths to single facets are not in the diagram; what is in it comes first.
    facets = set(model.estimates.loc[model.estimates["op"] == "=~", "rhs"])
    order = sorted(rows, key=lambda path: rows[path]["lhs"] in facets)
    path = _chosen(bench, code, {path: titles[path] for path in order}, _clicked(event))
    path_detail.render(bench, report.result, model, titles[path], rows[path])


def _clicked(event: object) -> str | None:
    chosen = getattr(getattr(event, "selection", None), PICK, None) or []
    return str(chosen[0]["path"]) if chosen and "path" in chosen[0] else None


def _titled(path: str, row: dict[Hashable, Any], names: dict[str, str]) -> str:
    """The path with the variables' names, and in codes where those say something else."""

    def called(code: str) -> str:
        return " × ".join(names.get(part, part) for part in code.split(JOINT))

    title = f"{called(str(row['rhs']))} → {called(str(row['lhs']))}"
    return title if title == path else f"{title} ({path})"


def _chosen(bench: Bench, model: str, paths: dict[str, str], clicked: str | None) -> str:
    """A click in the diagram moves the list below it, which the keyboard reaches; the later counts."""
    key, seen = f"path of {model}", f"clicked in {model}"
    if clicked in paths and clicked != st.session_state.get(seen):
        st.session_state[key] = clicked
    st.session_state[seen] = clicked
    return str(
        st.selectbox(
            bench.say("path_choose"),
            list(paths),
            format_func=lambda path: paths.get(path, path),
            key=key,
            persist_state="session",
        )
    )
