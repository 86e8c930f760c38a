"""The lab's fits are the engine's own, on the columns that a model names."""

from pathlib import Path

import numpy as np
import pytest

from analysis import sem
from analysis.pages.lab_work import Settings, available_columns, data_for, try_models
from analysis.pages.sources import Uploaded
from analysis.planning.simulate import simulate
from analysis.unavailable import Unavailable
from questionnaire.loading import load_study

PATH = Path(__file__).parents[2] / "data" / "studies" / "tea_breaks.yaml"
STUDY = load_study(PATH)
TABLE = simulate(STUDY, 200, seed=5)
MODEL = "MOOD =~ MO1 + MO2 + MO3\nTALK =~ TA1 + TA2 + TA3\nMOOD ~ TALK"
SETTINGS = Settings("ML", "listwise", kept=False, bootstrap=0, seed=1)


def tried(first, second="", settings=SETTINGS):
    text = PATH.read_text(encoding="utf-8")
    return try_models(text, Uploaded(TABLE), first, second, settings, lambda share, doing: None)


def test_the_lab_fits_what_the_engine_fits():
    found = tried(MODEL).first
    direct = sem.fit(MODEL, TABLE[["MO1", "MO2", "MO3", "TA1", "TA2", "TA3"]].astype(float))
    assert np.array_equal(found.estimates["est"], direct.estimates["est"])
    assert found.measures["chisq"] == direct.fit_measures["chisq"]
    again = sem.fit(MODEL, found.data)
    assert np.array_equal(again.estimates["est"], direct.estimates["est"]), (
        "the downloaded data make it again"
    )


def test_two_models_are_compared():
    trial = tried(MODEL, MODEL.replace("MOOD ~ TALK", "MOOD ~ 0*TALK"))
    assert trial.comparison["df_diff"].dropna().tolist() == [1]


def test_a_model_that_cannot_be_fitted_says_why():
    trial = tried("MOOD =~ MO1 + MO2 + NOBODY")
    assert isinstance(trial.first, Unavailable)
    assert "NOBODY" in trial.first.reason


def test_bootstrap_draws_come_along():
    settings = Settings("ML", "listwise", kept=False, bootstrap=20, seed=4)
    assert len(tried(MODEL, settings=settings).first.draws) == 20


@pytest.mark.parametrize(
    ("syntax", "columns"),
    [
        ("MO1 ~ BREAKS_p + TA1 # not MO2", ["MO1", "BREAKS_p", "TA1"]),
        ("BREAKS =~ BR1 + BR2\nMO1 ~ BREAKS", ["BR1", "BR2", "MO1"]),
        ("MO1 ~ BREAKS_x_TALK", ["MO1", "BREAKS_x_TALK"]),
    ],
)
def test_only_columns_that_are_named_and_not_latent(syntax, columns):
    data = data_for(syntax, available_columns(STUDY, TABLE, kept=False, seed=1))
    assert sorted(data.columns) == sorted(columns)


def test_reversed_items_come_turned():
    columns = available_columns(STUDY, TABLE, kept=False, seed=1)
    assert (columns["BR3"].to_numpy() == 6 - TABLE["BR3"].to_numpy(dtype=float)).all()
