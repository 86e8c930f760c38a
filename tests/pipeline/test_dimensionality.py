"""Dimensionality, general factors and reliability within groups, from a study's answers to the report."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from analysis.measurement.hierarchy import GeneralFactor
from analysis.measurement.normality import Normality
from analysis.pipeline.measured import MeasurementReport
from analysis.pipeline.measuring import measurement_report, one_factors
from analysis.pipeline.sample import Sample, score_sample
from analysis.planning.simulate import simulate
from analysis.preparation.answers import Answers, check_answers
from analysis.preparation.scoring import Scored
from analysis.reporting.sections_dimensionality import dimensionality_section
from analysis.reporting.wording import words
from analysis.unavailable import Unavailable
from questionnaire.loading import load_study
from questionnaire.study import Study

STUDIES = Path(__file__).parents[2] / "data" / "studies"
DRAWS = 100


def measured(study: Study, answers: Answers, sample: Sample) -> MeasurementReport:
    factors = one_factors(study, sample)
    return measurement_report(
        study, answers.items, sample, factors, None, 3, context=answers.context, draws=DRAWS
    )


@pytest.fixture(scope="module")
def drawn() -> tuple[Study, Answers, Sample, MeasurementReport]:
    study = load_study(STUDIES / "social_capital.yaml")
    answers = check_answers(study, simulate(study, 500, 7))
    sample = score_sample(study, answers.items, "none", Scored.NORMAL)
    return study, answers, sample, measured(study, answers, sample)


def test_facets_drawn_from_one_factor_each_look_so(
    drawn: tuple[Study, Answers, Sample, MeasurementReport],
) -> None:
    table = drawn[3].constructs.set_index("construct")
    facets = [c for d in drawn[0].dimensions for c in d.facets]
    assert (table.loc[facets, "eigenvalue_ratio"] > 3).all()
    assert (table.loc[facets, "one_factor_cfi"].dropna() > 0.95).all()
    # Categories hide some of the correlation of what lies beneath them.
    assert (table.loc[facets, "alpha_ordinal"] > table.loc[facets, "alpha"]).all()


def test_the_general_factor_is_that_of_the_dimensions(
    drawn: tuple[Study, Answers, Sample, MeasurementReport],
) -> None:
    general = drawn[3].general
    assert set(general) == {"bifactor", "second_order"}
    for found in general.values():
        assert isinstance(found, GeneralFactor)
        assert set(found.groups["factor"]) == {"S", "R", "C"}
        assert 0 < found.omega_h < found.omega < 1
    assert isinstance(drawn[3].normality, Normality)


def test_reliability_within_groups(drawn: tuple[Study, Answers, Sample, MeasurementReport]) -> None:
    study, answers, _, report = drawn
    counts = answers.context["platform"].value_counts()
    small = report.groups[report.groups["reason"].str.contains("fewer than")]
    for row in small.to_dict("records"):
        assert row["n"] < 50
    jd = report.groups[(report.groups["grouping"] == "platform") & (report.groups["group"] == "jd")]
    assert (jd["n"].astype(int) <= counts["jd"]).all()
    assert ((jd["alpha"] > 0.5) & (jd["alpha"] < 1)).all()
    assert set(report.groups["grouping"]) == {group.code for group in study.groups}


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_the_section_shows_all_of_it(
    language: str, drawn: tuple[Study, Answers, Sample, MeasurementReport]
) -> None:
    section = dimensionality_section(SimpleNamespace(study=drawn[0], measurement=drawn[3]), words(language))  # type: ignore[arg-type]
    keys = [table.key for table in section.tables]
    assert keys[:3] == ["general_factor", "group_factors", "discriminant"]
    assert all(key.startswith("group_reliability_") for key in keys[3:])
    assert "MAP" in section.paragraphs[0]


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_what_is_missing_says_why(
    language: str, drawn: tuple[Study, Answers, Sample, MeasurementReport]
) -> None:
    gone = Unavailable("nobody knows")
    bare = replace(
        drawn[3], parallel=gone, normality=gone, discriminant=gone, general={"bifactor": gone},
        groups=pd.DataFrame(),
    )  # fmt: skip
    section = dimensionality_section(SimpleNamespace(study=drawn[0], measurement=bare), words(language))  # type: ignore[arg-type]
    assert section.tables == ()
    assert sum("nobody knows" in text for text in section.paragraphs) == 3


def damaged(study: Study, kind: str) -> pd.DataFrame:
    table = simulate(study, 120, 3)
    items = list(study.items)
    if kind == "constant item":
        table["STD1"] = 4
    elif kind == "constant facet":
        table[[i.code for i in study.construct("STD").items]] = 4
    elif kind == "everyone 4":
        table[items] = table[items].mask(table[items].notna(), 4)
    elif kind == "hardly anyone":
        table = table.head(2)
    elif kind == "nobody answered a facet":
        table[[i.code for i in study.construct("STD").items]] = np.nan
    return table


@pytest.mark.parametrize(
    "kind", ["constant item", "constant facet", "everyone 4", "hardly anyone", "nobody answered a facet"]
)
def test_useless_answers_give_reasons(kind: str) -> None:
    study = load_study(STUDIES / "social_capital.yaml")
    answers = check_answers(study, damaged(study, kind))
    report = measured(study, answers, score_sample(study, answers.items, "none", Scored.NORMAL))
    section = dimensionality_section(SimpleNamespace(study=study, measurement=report), words("en"))  # type: ignore[arg-type]
    assert section.paragraphs
    if kind in ("everyone 4", "hardly anyone"):
        assert isinstance(report.discriminant, Unavailable)
        assert all(isinstance(found, Unavailable) for found in report.general.values())
