"""The lab's fits are the engine's own, on the columns that a model names."""

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from system_parts import require

from analysis import sem
from analysis.pages.lab_code import lavaan
from analysis.pages.lab_columns import available_columns, data_for
from analysis.pages.lab_compare import SAME_DF, Compared, lowest, steps
from analysis.pages.lab_text import Fault, Read, look, names_of, starts, with_parameter
from analysis.pages.lab_trial import Settings
from analysis.pages.lab_work import NO_DF, try_models
from analysis.pages.sources import Uploaded
from analysis.pipeline import analyse
from analysis.planning.simulate import simulate
from analysis.unavailable import Unavailable
from questionnaire.loading import load_study

PATH = Path(__file__).parents[2] / "data" / "studies" / "tea_breaks.yaml"
STUDY = load_study(PATH)
LAVAAN = 1e-4
"""lavaan stops its search earlier than we do; statistics differ by less than this share of their size."""
TABLE = simulate(STUDY, 200, seed=5)
MODEL = "MOOD =~ MO1 + MO2 + MO3\nTALK =~ TA1 + TA2 + TA3\nMOOD ~ TALK"
SETTINGS = Settings("ML", "listwise", kept=False, bootstrap=0, seed=1)
TEXT = PATH.read_text(encoding="utf-8")
RESTRICTED = MODEL.replace("MOOD ~ TALK", "MOOD ~ 0*TALK")
OTHER = MODEL.replace("MOOD =~ MO1 + MO2 + MO3", "MOOD =~ MO1 + MO2 + TA1").replace("TA1 + TA2", "MO3 + TA2")


def tried(*syntaxes, settings=SETTINGS, table=TABLE, text=TEXT, heard=None):
    told = heard if heard is not None else []
    return try_models(
        text, Uploaded(table), syntaxes, settings, lambda share, doing: told.append((share, doing))
    )


def first(*syntaxes, **options):
    return tried(*syntaxes, **options).models["A"]


def test_the_lab_fits_what_the_engine_fits():
    found = first(MODEL)
    direct = sem.fit(MODEL, TABLE[["MO1", "MO2", "MO3", "TA1", "TA2", "TA3"]].astype(float))
    assert np.array_equal(found.estimates["est"], direct.estimates["est"])
    assert found.measures["chisq"] == direct.fit_measures["chisq"]
    again = sem.fit(MODEL, found.data)
    assert np.array_equal(again.estimates["est"], direct.estimates["est"]), (
        "the downloaded data make it again"
    )
    assert found.r2["r2"].between(0, 1).all()
    assert found.residuals["correlation"].abs().is_monotonic_decreasing


def test_nested_models_are_tested_and_the_criterion_is_named():
    found = tried(RESTRICTED, MODEL).comparison
    assert found.test == "plain"
    (step,) = steps(found)
    assert (step.larger, step.smaller, step.df) == ("B", "A", 1)
    assert step.worse == (step.pvalue < 0.05)


def test_three_models_stand_in_the_order_of_their_freedom():
    middle = f"{MODEL}\nMO1 ~~ TA1"
    found = tried(RESTRICTED, middle, MODEL).comparison
    assert [(s.larger, s.smaller) for s in steps(found)] == [("B", "C"), ("C", "A")]


def test_robust_fits_are_compared_by_the_scaled_test():
    settings = replace(SETTINGS, estimator="MLR")
    found = tried(MODEL, RESTRICTED, settings=settings).comparison
    a, b = (sem.fit(m, TABLE.astype(float, errors="ignore"), estimator="MLR") for m in (MODEL, RESTRICTED))
    assert found.test == "scaled"
    assert steps(found)[0].chisq == pytest.approx(sem.compare(a, b)["chisq_diff"].iloc[1], rel=1e-9)


def test_models_that_are_not_nested_are_compared_by_criteria_with_the_reason():
    found = tried(MODEL, OTHER).comparison
    assert isinstance(found, Compared)
    assert found.test == ""
    assert found.reason == SAME_DF
    best, by = lowest(found, "aic")
    table = found.table.set_index("model")["aic"]
    assert best == table.idxmin()
    assert by == pytest.approx(table.max() - table.min())


def test_a_smaller_model_that_implies_what_the_larger_cannot_is_not_tested():
    pairs = "MO1 ~~ TA1\nMO2 ~~ TA2\nMO3 ~~ TA3"
    found = tried(MODEL, pairs).comparison
    assert found.test == ""
    assert "is not nested in" in found.reason


def test_models_of_different_variables_cannot_be_compared():
    found = tried(MODEL, "MOOD =~ MO1 + MO2 + MO3").comparison
    assert isinstance(found, Unavailable)
    assert "different observed variables" in found.reason


def test_items_may_be_ordered_categories():
    settings = replace(SETTINGS, estimator="WLSMV", ordered=True)
    trial = tried(MODEL, RESTRICTED, settings=settings)
    assert trial.models["A"].ordered == ("MO1", "MO2", "MO3", "TA1", "TA2", "TA3")
    assert trial.comparison.test == "shifted"
    assert lowest(trial.comparison, "aic") is None


def test_rows_with_holes_are_used_by_full_information():
    holes = TABLE.copy()
    holes.loc[:40, "MO2"] = np.nan
    listwise = first(MODEL, table=holes)
    whole = first(MODEL, table=holes, settings=replace(SETTINGS, missing="fiml"))
    assert (listwise.n_obs, whole.n_obs) == (159, 200)


@pytest.mark.parametrize(
    ("syntax", "said"),
    [
        ("MOOD =~ MO1 + MO2", "1 more parameters than there are moments"),
        ("MOOD =~ MO1 + MO2 + MO3", NO_DF),
        (f"{MODEL}\nTALK ~ MOOD", "cannot tell these parameters apart"),
        (f"{MODEL}\nMO1 ~~ -0.2*MO1", "Heywood"),
        ("A =~ MO1 + TA1 + BR1\nB =~ MO2 + TA2 + BR2\nC =~ MO3 + TA3 + BR3", "not positive definite"),
    ],
)
def test_what_is_wrong_with_a_fit_is_said_with_a_way_out(syntax, said):
    assert any(said in problem for problem in first(syntax).problems)


@pytest.mark.parametrize(
    ("syntax", "where", "message", "mend"),
    [
        ("MOOD =~ MO1 +\nTALK ~", "line 2, column 6", "a second operator", "left over at the end"),
        ("MOOD =~ MO1 + MO9", "line 1, column 15", "“MO9” is neither", "did you mean “MO3”"),
        ("MOOD =~ MO1\nMOOD ~ GHOST", "line 2, column 8", "“GHOST” is neither", "define it with =~"),
        (f"{MODEL}\nMOOD ~ TALK", "line 4, column 8", "stands already in line 3", "keep one"),
        ("  # nothing\n", "", "the model has no formulas", "write for example"),
        ("MO1 ~ BREAKS:TALK", "line 1, column 13", "interaction terms", "add the product"),
        (f"{MODEL}\nx := a*b", "line 4, column 6", "no parameter has the label “a”", "label a parameter"),
    ],
)
def test_a_text_that_is_no_model_is_told_before_it_is_fitted(syntax, where, message, mend):
    found = look(syntax, names_of(STUDY))
    assert isinstance(found, Fault)
    assert found.where == where
    assert message in found.message
    assert mend in found.mend
    if where:
        assert found.marked.splitlines()[1].strip() == "^"
    assert isinstance(first(syntax), Fault), "the fit says the same instead of failing"


def test_a_text_that_is_a_model_says_what_it_holds():
    assert look(MODEL, names_of(STUDY)) == Read(3, 13)
    assert look("MOOD =~ MO1 + MO1 + MO2", names_of(STUDY)).twice == ("MO1",)
    assert isinstance(look("MO1 ~ BREAKS_x_TALK; MO1 | t1 + t2 + t3 + t4", names_of(STUDY), {"MO1": 4}), Read)


def test_the_studys_own_models_give_the_analysiss_figures():
    own = starts(STUDY)
    assert list(own) == ["DIRECT", "CHAIN"]
    result = analyse(STUDY, TABLE, seed=1, bootstrap=0)
    theirs = next(m for m in result.models if m.model == "CHAIN").estimates
    mine = first(own["CHAIN"], settings=replace(SETTINGS, kept=True)).estimates
    assert mine["est"].tolist() == pytest.approx(theirs["est"].tolist(), rel=1e-9)


def test_a_modification_index_added_to_the_text_frees_that_parameter():
    found = first(MODEL)
    row = found.indices.iloc[0]
    more = first(with_parameter(MODEL, row["lhs"], row["op"], row["rhs"]))
    assert more.measures["df"] == found.measures["df"] - 1
    assert more.measures["chisq"] < found.measures["chisq"]


def test_bootstrap_draws_come_along_and_are_counted():
    heard = []
    found = first(MODEL, settings=replace(SETTINGS, bootstrap=20, seed=4), heard=heard)
    assert len(found.drawn.draws) + found.drawn.failed == 20
    assert (found.drawn.estimates["ci_lower"] <= found.drawn.estimates["ci_upper"]).all()
    assert "drawing bootstrap samples of A: 20 of 20" in [doing for _, doing in heard]
    assert [share for share, _ in heard] == sorted(share for share, _ in heard)


def test_groups_are_compared_with_what_is_the_same_in_both():
    groups = """groups:
  - code: drinks
    name: {en: Drink, de: Getränk}
    question: drink
    members: {tea: [tea], coffee: [coffee, other]}
    n_min: 20
"""
    text = TEXT.replace("groups: []\n", groups)
    table = TABLE.assign(drink=["tea", "coffee"] * 100)
    free, tied = (replace(SETTINGS, group="drinks", equal=equal) for equal in ((), ("loadings",)))
    apart, equal = (first(MODEL, settings=s, table=table, text=text) for s in (free, tied))
    assert set(apart.estimates["group"]) == {"tea", "coffee"}
    assert equal.measures["df"] == apart.measures["df"] + 4
    nobody = first(MODEL, settings=free, table=TABLE.drop(columns="drink", errors="ignore"), text=text)
    assert isinstance(nobody, Fault)


@pytest.mark.parametrize("estimator", ["MLR", "WLSMV"])
def test_lavaan_finds_the_same_by_the_code_that_is_copied(tmp_path, estimator):
    rscript = shutil.which("Rscript")
    require(rscript, "R", "apt-get install r-base-core r-cran-lavaan")
    settings = replace(SETTINGS, estimator=estimator, ordered=estimator == "WLSMV")
    trial = tried(MODEL, RESTRICTED, settings=settings)
    a = trial.models["A"]
    a.data.to_csv(tmp_path / "data.csv", index=False)
    models = {"A": MODEL, "B": RESTRICTED}
    code = lavaan(models, settings, a.ordered)
    code += """
test <- lavTestLRT(A, B)
mi <- modindices(B, sort. = TRUE)
cat(sprintf("\\nFIGURES %.9f %.9f %.9f %s %s\\n", fitMeasures(A, "chisq"), test[2, "Chisq diff"],
            mi$mi[1], mi$lhs[1], mi$rhs[1]))
"""
    (tmp_path / "lab.R").write_text(code, encoding="utf-8")
    done = subprocess.run([rscript, "--vanilla", "lab.R"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    figures = next(line for line in done.stdout.splitlines() if line.startswith("FIGURES")).split()[1:]
    top = trial.models["B"].indices.iloc[0]
    ours = [a.measures["chisq"], steps(trial.comparison)[0].chisq, top["mi"]]
    assert ours == pytest.approx(list(map(float, figures[:3])), rel=LAVAAN)
    assert {top["lhs"], top["rhs"]} == set(figures[3:])


@pytest.mark.parametrize(
    ("syntax", "columns"),
    [
        ("MO1 ~ BREAKS_p + TA1 # not MO2", ["MO1", "BREAKS_p", "TA1"]),
        ("BREAKS =~ BR1 + BR2\nMO1 ~ BREAKS", ["BR1", "BR2", "MO1"]),
        ("MO1 ~ BREAKS_x_TALK", ["MO1", "BREAKS_x_TALK"]),
    ],
)
def test_only_columns_that_are_named_and_not_latent(syntax, columns):
    data = data_for(syntax, available_columns(STUDY, TABLE, SETTINGS))
    assert sorted(data.columns) == sorted(columns)


def test_reversed_items_come_turned():
    columns = available_columns(STUDY, TABLE, SETTINGS)
    assert (columns["BR3"].to_numpy() == 6 - TABLE["BR3"].to_numpy(dtype=float)).all()
