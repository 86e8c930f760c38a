"""Synthetic respondents: the answers table they fill, and the population that shows through it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.planning.population import PopulationError, truth
from analysis.planning.population_file import population_of
from analysis.planning.simulate import simulate, simulate_items
from analysis.preparation.answers import check_answers, read_answers
from questionnaire.instrument import CheckKind
from questionnaire.loading import load_study
from questionnaire.study import Study

DATA = Path(__file__).parents[2] / "data"
REFERENCE = Path(__file__).with_name("parcel_correlations.csv")
"""Correlations of construct means, averaged over seeds 1–8 of 100,000 draws of the first generator."""
N = 60_000
MONTE_CARLO = 0.02
"""Four standard errors (.004 each) and the shift of the thresholds, drawn anew for each table."""


@pytest.fixture(scope="module")
def capital() -> Study:
    return load_study(DATA / "studies/social_capital.yaml")


@pytest.fixture(scope="module")
def large(capital: Study) -> pd.DataFrame:
    return simulate(capital, N, 3)


def turned(study: Study, table: pd.DataFrame) -> pd.DataFrame:
    points = {code: study.scale(item.scale).points for code, item in study.items.items()}
    columns = {
        code: points[code] + 1 - table[code].astype(float) if item.reverse else table[code].astype(float)
        for code, item in study.items.items()
    }
    return pd.DataFrame(columns)


def test_construct_means_correlate_as_in_the_first_generator(capital: Study, large: pd.DataFrame) -> None:
    items = turned(capital, large)
    expected = pd.read_csv(REFERENCE, index_col=0)
    means = {c: items[[i.code for i in capital.construct(c).items]].mean(axis=1) for c in expected}
    found = pd.DataFrame(means).corr()
    np.testing.assert_allclose(found, expected, atol=MONTE_CARLO)


def test_answers_are_spread_as_in_the_first_generator(capital: Study, large: pd.DataFrame) -> None:
    """Shares of 1…7 over all core items, from the same draws as the correlations."""
    items = turned(capital, large).dropna(axis=1)
    shares = [float((items == k).to_numpy().mean()) for k in range(1, 8)]
    assert shares == pytest.approx([0.0294, 0.0494, 0.0928, 0.1791, 0.2737, 0.2260, 0.1496], abs=MONTE_CARLO)


def test_reliabilities_are_those_stated(capital: Study, large: pd.DataFrame) -> None:
    """The method note: alpha .82–.86 for four items."""
    items = turned(capital, large)
    for construct in capital.constructs:
        if construct.role != "optional":
            cov = items[[i.code for i in construct.items]].cov().to_numpy()
            k = len(cov)
            assert 0.81 < k / (k - 1) * (1 - np.trace(cov) / cov.sum()) < 0.87


def test_the_table_keeps_the_contract(capital: Study, tmp_path: Path) -> None:
    table = simulate(capital, 300, 7, careless=0.1, item_missing=0.05, dropout=0.2)
    assert (table["synthetic"] == 1).all()
    assert table["respondent"].is_unique
    assert set(capital.answer_codes()) <= set(table.columns)
    path = tmp_path / "answers.csv"
    table.to_csv(path, index=False)
    answers = check_answers(capital, read_answers(path))
    assert not answers.unknown
    np.testing.assert_array_equal(answers.items["STD1"], table["STD1"].astype(float))


def test_the_same_seed_gives_the_same_table(capital: Study) -> None:
    options = {"careless": 0.1, "item_missing": 0.05, "dropout": 0.2}
    pd.testing.assert_frame_equal(simulate(capital, 50, 1, **options), simulate(capital, 50, 1, **options))
    assert not simulate(capital, 50, 1).equals(simulate(capital, 50, 2))


@pytest.mark.parametrize("form", ["long", "short"])
def test_items_alone_are_those_of_the_table(capital: Study, form: str) -> None:
    source = population_of(capital)
    drawn = source.under("balance")
    options = {"careless": 0.1, "item_missing": 0.05, "form": form}
    table = simulate(capital, 200, 3, "balance", population=source, **options)
    alone = simulate_items(capital, 200, 3, population=drawn, moments=truth(drawn), **options)
    expected = table[list(capital.items)].astype(float)
    np.testing.assert_array_equal(alone.to_numpy(), expected.to_numpy(dtype=float, na_value=np.nan))


def test_carelessness_and_gaps_leave_the_other_answers_alone(capital: Study) -> None:
    codes = [code for code, item in capital.items.items() if item.construct not in capital.forms[0].omit]
    clean = simulate(capital, 2000, 5)[codes]
    spoilt = simulate(capital, 2000, 5, careless=0.2, item_missing=0.1)[codes]
    same = (clean == spoilt).to_numpy(dtype=float, na_value=np.nan)
    assert np.isnan(same).mean() == pytest.approx(0.1, abs=0.01)
    untouched = np.nanmean(same, axis=1) == 1
    assert untouched.mean() == pytest.approx(0.8, abs=0.03)


def test_careless_respondents_are_fast_and_fail_checks(capital: Study) -> None:
    attentive, careless = (simulate(capital, 20_000, 2, careless=share) for share in (0.0, 0.999))

    def failing(table: pd.DataFrame) -> float:
        wrong = [~table[c.code].isin(c.passing) for c in capital.checks if c.kind in CheckKind]
        return float(np.mean(np.any(wrong, axis=0)))

    assert failing(attentive) == pytest.approx(0.02, abs=0.005)
    assert failing(careless) == pytest.approx(0.75, abs=0.015)
    assert attentive["seconds_total"].median() == pytest.approx(480, rel=0.02)
    assert careless["seconds_total"].median() == pytest.approx(144, rel=0.02)
    rated = careless[[code for code in capital.items if careless[code].notna().all()]].to_numpy(dtype=int)
    # One zigzag in seven alternates between two equal answers.
    assert (rated == rated[:, :1]).all(axis=1).mean() == pytest.approx(0.4 + 0.2 / 7, abs=0.02)


def test_older_respondents_stop_more_often(capital: Study) -> None:
    table = simulate(capital, 20_000, 2, dropout=0.2)
    stopped = table["status"] == "asking"
    assert stopped.mean() == pytest.approx(0.2, abs=0.02)
    assert table.loc[stopped, "finished_at"].isna().all()
    assert table.loc[stopped, "age"].isna().all()
    assert table.loc[stopped, "MKR4"].isna().all()
    assert table.loc[stopped, "STD1"].notna().all()
    assert table.loc[stopped, "seconds_closing"].isna().all()
    assert table.loc[~stopped, "MKR4"].notna().all()


def test_forms_ask_what_they_say(capital: Study) -> None:
    answered = {
        form: set(simulate(capital, 5, 1, form=form).dropna(axis=1)) for form in ("long", "short", "extended")
    }
    assert {"STD4", "ITR1"} & answered["long"] == {"STD4"}
    assert {"STD4", "STD3", "ITR1"} & answered["short"] == {"STD3"}
    assert {"STD4", "ITR1"} <= answered["extended"]


def test_background_is_told_only_as_far_as_consent_goes(capital: Study) -> None:
    table = simulate(capital, 2000, 1)
    level = table["consent_level"]
    assert table.loc[level == 0, "gender"].isna().all()
    assert table.loc[level >= 1, "gender"].notna().all()
    assert (table.loc[level >= 1, "gender"] == "prefer_not").mean() == pytest.approx(0.03, abs=0.015)
    assert set(table["exposed"]) == {"joined", "seen"}
    assert (
        table["ways"]
        .str.split(";")
        .map(set)
        .map(lambda s: s <= {"live", "goods", "donation", "task", "other"})
        .all()
    )


def test_another_study_needs_nothing_but_its_file() -> None:
    tea = load_study(DATA / "studies/tea_breaks.yaml")
    table = simulate(tea, 5000, 1, careless=0.1, dropout=0.1)
    check_answers(tea, table)
    items = turned(tea, table[table["status"] == "finished"])
    assert items.max().max() == 5
    assert items[["BR1", "BR2", "BR3"]].corr().to_numpy().min() > 0.3


@pytest.mark.parametrize("option", ["careless", "item_missing", "dropout"])
@pytest.mark.parametrize("share", [-0.1, 1.0, float("nan")])
def test_shares_that_cannot_be(capital: Study, option: str, share: float) -> None:
    with pytest.raises(PopulationError, match=option):
        simulate(capital, 5, 1, **{option: share})
