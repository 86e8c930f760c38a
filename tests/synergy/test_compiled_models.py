"""Study and model to lavaan syntax, tested as text."""

from pathlib import Path

import pytest

from analysis.sem.syntax import parse_model
from analysis.sem.table import build_table
from analysis.synergy.compile import compile_model
from analysis.synergy.compiled import CompiledModel
from analysis.unavailable import Unavailable
from questionnaire.loading import load_study
from questionnaire.study import Study

STUDIES = Path(__file__).parents[2] / "data" / "studies"
ERRORS = {"PCM": 0.25, "PRC": 0.3}


@pytest.fixture(scope="module")
def study() -> Study:
    return load_study(STUDIES / "social_capital.yaml")


def compiled(study: Study, code: str) -> CompiledModel:
    found = compile_model(study, study.model(code), error_variances=ERRORS)
    assert isinstance(found, CompiledModel)
    return found


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def test_dimensions_stand_on_parcels_and_controls_on_one(study: Study) -> None:
    assert lines(compiled(study, "M1_ADD").measurement) == [
        "S =~ STD + SRB + SRI",
        "R =~ RTT + RRN + RFB",
        "C =~ CSV + CSL + CIN",
        "PI =~ PIP + PIS + PIC + PIN",
        "PCM =~ 1*PCM_p",
        "PCM_p ~~ 0.25*PCM_p",
        "PRC =~ 1*PRC_p",
        "PRC_p ~~ 0.3*PRC_p",
    ]


def test_second_order_factors_stand_on_facets_on_items(study: Study) -> None:
    text = lines(compiled(study, "M0_SECOND").measurement)
    assert text[0] == "STD =~ STD1 + STD2 + STD3 + STD4"
    assert "S =~ STD + SRB + SRI" in text
    assert len(text) == 12


def test_a_facet_without_its_dimension_stands_on_items(study: Study) -> None:
    text = lines(compiled(study, "M6_TRUST").measurement)
    assert "RTT =~ RTT1 + RTT2 + RTT3 + RTT4" in text
    assert "RTT_x_C =~ RTT1_x_CSV + RTT2_x_CSL + RTT3_x_CIN" in text


def test_products_are_matched_and_share_residuals(study: Study) -> None:
    model = compiled(study, "M5_INT2")
    text = lines(model.measurement)
    assert "S_x_R =~ STD_x_RTT + SRB_x_RRN + SRI_x_RFB" in text
    assert [line for line in text if " ~~ " in line and "_p" not in line] == [
        "STD_x_RTT ~~ STD_x_CSV",
        "STD_x_RTT ~~ RTT_x_CSV",
        "SRB_x_RRN ~~ SRB_x_CSL",
        "SRB_x_RRN ~~ RRN_x_CSL",
        "SRI_x_RFB ~~ SRI_x_CIN",
        "SRI_x_RFB ~~ RFB_x_CIN",
        "STD_x_CSV ~~ RTT_x_CSV",
        "SRB_x_CSL ~~ RRN_x_CSL",
        "SRI_x_CIN ~~ RFB_x_CIN",
    ]
    assert lines(model.structural)[-1] == "PI ~ gSR*S_x_R + gSC*S_x_C + gRC*R_x_C"


def test_triples_covary_with_their_parcels_and_pairs(study: Study) -> None:
    text = lines(compiled(study, "M7_INT3").measurement)
    first = [line for line in text if " ~~ " in line and "STD_x_RTT_x_CSV" in line]
    assert {line.replace(" ~~ ", " ").replace("STD_x_RTT_x_CSV", "").strip() for line in first} == {
        "STD", "RTT", "CSV", "STD_x_RTT", "STD_x_CSV", "RTT_x_CSV",
    }  # fmt: skip


def test_squares_share_residuals_with_their_products(study: Study) -> None:
    text = lines(compiled(study, "M8_QUAD").measurement)
    assert "S_x_S =~ STD_x_STD + SRB_x_SRB + SRI_x_SRI" in text
    assert "STD_x_RTT ~~ STD_x_STD" in text
    assert not any("STD_x_STD" in line and "RTT_x_RTT" in line for line in text)


# Parameters and distinct moments give the degrees of freedom the method names: 57 for the additive model
# without controls; two controls add 2 · 13 + 3 moments and 2 variances, 11 covariances and 2 paths less.
@pytest.mark.parametrize(
    ("code", "observed", "df"),
    [("M1_ADD", 15, 75), ("M4_CHAIN", 15, 75), ("M1_G", 15, 77), ("M5_INT2", 24, 207)],
)
def test_degrees_of_freedom(study: Study, code: str, observed: int, df: int) -> None:
    table = build_table(parse_model(compiled(study, code).syntax))
    assert len(table.observed) == observed
    assert observed * (observed + 1) // 2 - table.n_free == df


def test_what_nobody_answered_is_named(study: Study) -> None:
    found = compile_model(study, study.model("M11_FILL_IN"), error_variances=ERRORS, absent=("ITR",))
    assert isinstance(found, Unavailable)
    assert "ITR" in found.reason


def test_a_control_without_reliability_is_named(study: Study) -> None:
    found = compile_model(study, study.model("M1_ADD"), error_variances={"PCM": 0.2})
    assert isinstance(found, Unavailable)
    assert "PRC" in found.reason


def test_every_model_of_every_study_compiles_or_says_why() -> None:
    for path in STUDIES.glob("*.yaml"):
        study = load_study(path)
        for model in study.models:
            found = compile_model(study, model, error_variances=dict.fromkeys(ERRORS, 0.2))
            assert isinstance(found, CompiledModel) != model.lagged
            if isinstance(found, CompiledModel):
                build_table(parse_model(found.syntax))
