"""A rival without products on the product model's indicators, against lavaan's difference test."""

import json
from pathlib import Path

import pandas as pd
import pytest

from analysis import sem
from analysis.synergy.compile import compile_model
from analysis.synergy.compiled import CompiledModel
from analysis.synergy.restricted import in_data_of
from analysis.unavailable import Unavailable
from questionnaire.loading import load_study

ROOT = Path(__file__).parents[2]
STUDY = load_study(ROOT / "data" / "studies" / "social_capital.yaml")
GOLDEN = ROOT / "tests" / "golden"
# R 4.2.2, lavaan 0.6-14: d <- read.csv("latent_interaction_two_way.csv"), m of two_way_interaction_ml.json;
# lavTestLRT(sem(m, d, estimator = "MLR"),
#            sem(sub("f1 [+] f2 [+] f12", "f1 + f2 + 0*f12", m), d, estimator = "MLR"))
CHISQ_DIFF, DF_DIFF, AIC = 44.0984891771, 1, 41468.4998007
ENGINES = 1e-4  # two optimisers end within this share of each other's scaled difference


def compiled(code: str) -> CompiledModel:
    errors = dict.fromkeys(STUDY.measurement.single_indicators, 0.2)
    found = compile_model(STUDY, STUDY.model(code), error_variances=errors)
    assert isinstance(found, CompiledModel)
    return found


def paths(text: str) -> dict[str, str]:
    """Right-hand side of every regression, by outcome, all lines of it together."""
    out: dict[str, str] = {}
    for line in text.splitlines():
        if "~" in line and "~~" not in line and "=~" not in line:
            left, right = line.split("~")
            out[left.strip()] = (out.get(left.strip(), "") + " + " + right.strip()).strip(" +")
    return out


@pytest.mark.parametrize(
    ("model", "rival", "gone", "stays"),
    [
        ("M5_INT2", "M1_ADD", ["0*S_x_R", "0*S_x_C", "0*R_x_C"], ["gS*S", "gM*PCM"]),
        ("M7_INT3", "M5_INT2", ["0*S_x_R_x_C"], ["gSR*S_x_R", "gRC*R_x_C"]),
        ("M8_QUAD", "M5_INT2", ["0*S_x_S", "0*R_x_R", "0*C_x_C"], ["gSR*S_x_R"]),
        ("M8_QUAD", "M8_CURVATURE", ["0*S_x_R", "0*S_x_C", "0*R_x_C"], ["qSS*S_x_S"]),
    ],
)
def test_only_the_products_that_the_rival_lacks_go(
    model: str, rival: str, gone: list[str], stays: list[str]
) -> None:
    text = in_data_of(compiled(model), compiled(rival))
    assert isinstance(text, str)
    terms = [term.strip() for term in paths(text)["PI"].split("+")]
    assert set(gone) | set(stays) <= set(terms)
    assert sum(term.startswith("0*") for term in terms) == len(gone)
    assert text.startswith(compiled(model).measurement)


def test_the_difference_is_lavaans() -> None:
    model = json.loads((GOLDEN / "cases" / "two_way_interaction_ml.json").read_text())["model"]
    data = pd.read_csv(GOLDEN / "data" / "latent_interaction_two_way.csv")
    lines = model.splitlines()
    names = tuple(data.columns)
    whole = CompiledModel(
        "with",
        "\n".join(line for line in lines if "=~" in line or "~~" in line),
        "f3 ~ f1 + f2 + g*f12\nz := g",
        names,
        {},
        {},
        {"f12": ("f1", "f2")},
    )
    text = in_data_of(whole, CompiledModel("without", "", "f3 ~ f1 + f2", names, {}))
    assert isinstance(text, str)
    full, restricted = (sem.fit(m, data, estimator="MLR") for m in (whole.syntax, text))
    table = sem.compare(full, restricted, names=("with", "without")).set_index("model")
    row = table.loc["without"]
    assert row["chisq_diff"] == pytest.approx(CHISQ_DIFF, rel=ENGINES)
    assert row["df_diff"] == DF_DIFF
    assert row["aic"] == pytest.approx(AIC, rel=1e-8)


@pytest.mark.parametrize(
    ("model", "rival", "reason"),
    [
        ("M1_ADD", "M5_INT2", "lacks no product"),
        ("M5_INT2", "M1_GENERAL_PI", "more than products"),
    ],
)
def test_why_a_rival_cannot_stand_on_the_same_indicators(model: str, rival: str, reason: str) -> None:
    found = in_data_of(compiled(model), compiled(rival))
    assert isinstance(found, Unavailable)
    assert reason in found.reason
