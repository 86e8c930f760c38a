"""The models: diagrams, path coefficients, fit, rivals and the second engine."""

from __future__ import annotations

import pandas as pd

from analysis.pipeline.result import AnalysisResult, FailedModel, FittedModel, Part
from analysis.reporting.diagram import path_diagram
from analysis.reporting.document import Figure, Section, Table
from analysis.reporting.frames import fit_looks, frame_table
from analysis.reporting.numbers import NONE, agreement, interval, listing, number, pvalue
from analysis.reporting.wording import Words
from analysis.synergy.structure import JOINT
from analysis.unavailable import Unavailable
from questionnaire.piping import say
from questionnaire.study import Study

MEASURES = ("cfi", "tli", "rmsea", "srmr", "aic", "bic")
FIT_COLUMNS = ("n_obs", "chisq", "df", "pvalue", "pvalue_scaled", *MEASURES)
DRAWN = "pvalue_drawn"
SHOWN = ("model", *FIT_COLUMNS[: -len(MEASURES)], DRAWN, *MEASURES)
COMPARED = ("model", "df", "aic", "bic", "chisq", "chisq_diff", "df_diff", "pvalue")


def structure_section(result: AnalysisResult, words: Words) -> Section:
    """Everything about the fitted models of the primary analysis."""
    fitted = [model for model in result.models if isinstance(model, FittedModel)]
    failed = [model for model in result.models if isinstance(model, FailedModel)]
    drawn = [model for model in fitted if (model.estimates["op"] == "~").any()]
    # Across waves there are dozens of variables and the same arrows again and again: a table says it better.
    lagged = {model.code for model in result.study.models if model.lagged}
    names = study_names(result.study, words.language)
    own = [m for m in drawn if m.part is not Part.RIVAL and m.model not in lagged]
    tables = [_paths(model, result.study, names, words) for model in own]
    tables += [_fit(fitted, result.study, words)] if fitted else []
    tables += _comparisons(result, words)
    tables += [_cross_checks(fitted, words)] if fitted else []
    tables += [_failed(failed, words)] if failed else []
    rivals = (words("paths_of_rivals"),) if any(model.part is Part.RIVAL for model in drawn) else ()
    return Section(
        "structure",
        words("structure"),
        (*_equivalent(drawn, words), *rivals),
        (),
        tuple(_diagram(model, result.study, names, words) for model in own),
        tuple(tables),
    )


def study_names(study: Study, language: str) -> dict[str, str]:
    """What each construct and dimension is called."""
    named = {c.code: c.name for c in study.constructs} | {d.code: d.name for d in study.dimensions}
    return {code: say(name, language, study.languages[0]) for code, name in named.items()}


def _title(model: FittedModel | FailedModel, study: Study, words: Words) -> str:
    name = say(model.name, words.language, study.languages[0])
    return f"{model.model} · {name}" if name else model.model


def _diagram(model: FittedModel, study: Study, names: dict[str, str], words: Words) -> Figure:
    caption = words("path_diagram", model=_title(model, study, words))
    svg, width = path_diagram(model.estimates, names, caption)
    return Figure(f"diagram_{model.model}", caption, svg, width, words("path_diagram_note"))


def _paths(model: FittedModel, study: Study, names: dict[str, str], words: Words) -> Table:
    rows = model.estimates[model.estimates["op"].isin(["~", ":="])]
    printed = tuple(
        (
            _named(str(row.lhs), names),
            _named(str(row.rhs), names),
            number(row.est),
            number(row.se),
            interval(row.ci_lower, row.ci_upper),
            pvalue(row.pvalue),
            number(row.std_all),
        )
        for row in rows.itertuples()
    )
    columns = ("outcome", "predictor", "b", "se", "ci", "p", "beta")
    caption = words("paths", model=_title(model, study, words))
    numeric = (False, False, True, True, True, True, True)
    headings = tuple(words(column) for column in columns)
    return Table(f"paths_{model.model}", caption, headings, printed, numeric, words("paths_note"))


def _named(code: str, names: dict[str, str]) -> str:
    return f"{names[code]} ({code})" if code in names else code.replace(JOINT, " × ")


def _equivalent(models: list[FittedModel], words: Words) -> list[str]:
    """One sentence for each set of models that fit alike, whichever of them names the others."""
    alike = {frozenset({m.model, *m.equivalent}): (m.model, *m.equivalent) for m in models if m.equivalent}
    return [words("equivalent", models=listing(sorted(names), words.language)) for names in alike.values()]


def _fit(models: list[FittedModel], study: Study, words: Words) -> Table:
    rows = []
    for model in models:
        measures = {"n_obs": model.n_obs} | model.fit_measures.to_dict()
        row = {"model": _title(model, study, words)} | {c: measures.get(c) for c in FIT_COLUMNS}
        rows.append(row | {DRAWN: _drawn(model, words)})
    looks = fit_looks(words, SHOWN)
    return frame_table("fit", words("fit"), pd.DataFrame(rows), looks, words("fit_note"))


def _drawn(model: FittedModel, words: Words) -> str:
    found = model.drawn_test
    if not isinstance(found, Unavailable):
        return pvalue(found.pvalue)
    products = model.syntax.count(JOINT) > 0
    return words("not_available", reason=words.told(found.reason)) if products else NONE


def _comparisons(result: AnalysisResult, words: Words) -> list[Table]:
    frames = [c.table for c in result.comparisons if not isinstance(c.table, Unavailable)]
    missing = [
        (c.model, c.rival, words.told(c.table.reason))
        for c in result.comparisons
        if isinstance(c.table, Unavailable)
    ]
    columns = (words("model"), words("rival"), words("reason"))
    none = Table("not_compared", words("not_compared"), columns, tuple(missing), (False, False, False))
    left = [none] if missing else []
    if not frames:
        return left
    joined = pd.concat(frames, ignore_index=True)
    looks = fit_looks(words, COMPARED)
    note = words("comparison_note")
    return [frame_table("comparisons", words("comparisons"), joined, looks, note), *left]


def _cross_checks(models: list[FittedModel], words: Words) -> Table:
    rows = []
    for model in models:
        check = model.cross_check
        if isinstance(check, Unavailable):
            rows.append((model.model, "", words("not_available", reason=check.reason)))
        else:
            rows.append((model.model, agreement(float(check["difference_in_se"].abs().max())), ""))
    columns = (words("model"), words("largest_difference"), words("reason"))
    note = words("cross_check_note")
    return Table("cross_check", words("cross_check"), columns, tuple(rows), (False, True, False), note)


def _failed(models: list[FailedModel], words: Words) -> Table:
    rows = tuple((model.model, words.told(model.reason), words.told(model.mend)) for model in models)
    columns = (words("model"), words("reason"), words("mend"))
    return Table("failed_models", words("failed_models"), columns, rows, (False, False, False))
