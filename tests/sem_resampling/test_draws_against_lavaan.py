"""Each draw is lavaan's fit of the same rows: one resample at a time, for every kind of batched model."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis import sem
from analysis.sem.resampling.draws import draw_block
from analysis.sem.resampling.plan import work_of
from analysis.sem.resampling.weights import blocks

HERE = Path(__file__).parent
GOLDEN = HERE.parent / "golden"
# Written by R, see "engine" in the file: the rows of each draw are those of seed 11.
LAVAAN = json.loads((HERE / "lavaan_draws.json").read_text(encoding="utf-8"))
CASES = [name for name in LAVAAN if name not in ("engine", "seed")]
CFA = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
OWN = {
    "hs_cfa_gls": ("holzinger_swineford_1939.csv", CFA, {"estimator": "GLS"}),
    "hs_cfa_uls": ("holzinger_swineford_1939.csv", CFA, {"estimator": "ULS"}),
    "hs_ordinal_wlsmv": (
        "holzinger_swineford_ordinal.csv",
        CFA,
        {"estimator": "WLSMV", "ordered": [f"x{i}" for i in range(1, 10)]},
    ),
    "hs_school_scalar_ml": (
        "holzinger_swineford_1939.csv",
        CFA,
        {"group": "school", "group_equal": ("loadings", "intercepts")},
    ),
    "hs_missing_fiml_ml": ("holzinger_swineford_missing.csv", CFA, {"missing": "fiml"}),
}

# A draw stops within 0.005 joint standard errors, in practice 0.001; these draws' largest distance is 0.006.
STANDARD_ERRORS = 0.01


def fitted(name: str) -> sem.Fit:
    if name in OWN:
        file, model, options = OWN[name]
    else:
        case = json.loads((GOLDEN / "cases" / f"{name}.json").read_text(encoding="utf-8"))
        file, model, options = case["data"], case["model"], {}
    return sem.fit(model, pd.read_csv(GOLDEN / "data" / file), **options)


@pytest.mark.parametrize("name", CASES)
def test_draws_are_lavaans_fits_of_the_same_rows(name: str) -> None:
    fit = fitted(name)
    work = work_of(fit.estimated, fit.method, fit.vcov)
    theirs = LAVAAN[name]
    rows = fit.table.rows
    free = rows[rows["free"] > 0].sort_values("free")
    several = len(fit.table.groups) > 1
    group = free["group"].astype(str) if several else ""
    keys = (free["lhs"] + free["op"] + free["rhs"] + group).tolist()
    found = draw_block(work, blocks(len(theirs), work.block, LAVAAN["seed"])[0])
    se = np.sqrt(np.diagonal(fit.vcov))
    for ours, reference in zip(found.theta, theirs, strict=True):
        expected = dict(zip(reference["key"], reference["est"], strict=True))
        distance = [(o - expected[k]) / s for o, k, s in zip(ours, keys, se, strict=True)]
        assert np.abs(distance).max() < STANDARD_ERRORS


def test_standard_errors_and_intervals_are_lavaans() -> None:
    # sem(model, data, se = "bootstrap", bootstrap = 4000, iseed = 1); parameterEstimates(boot.ci.type = ...)
    lavaan = {
        "p1": (
            0.3614488,
            (0.727296, 2.137573),
            (0.756743, 2.173596),
            (0.747119, 2.15614),
            (0.706265, 2.124787),
        ),
        "p2": (
            0.2481786,
            (0.154325, 1.129301),
            (0.115429, 1.088272),
            (0.138211, 1.09276),
            (0.154388, 1.129325),
        ),
        "indirect": (
            0.3224294,
            (0.639501, 1.894953),
            (0.626915, 1.890815),
            (0.658928, 1.92852),
            (0.624911, 1.882091),
        ),
    }
    fit = fitted("bollen_ml")
    for place, ci in enumerate(("bca.simple", "norm", "perc", "bca"), start=1):
        table = fit.bootstrap(4000, ci=ci).estimates.set_index("label")
        table.index = table.index.where(table.index != "", fit.estimates["lhs"])
        for name, reference in lavaan.items():
            se = reference[0]
            # Two simulations of 4,000 draws: 1.1% each of an error, about 4% of it each for an end of an
            # interval.
            assert table.loc[name, "se"] == pytest.approx(se, rel=0.06)
            assert table.loc[name, "ci_lower"] == pytest.approx(reference[place][0], abs=0.25 * se)
            assert table.loc[name, "ci_upper"] == pytest.approx(reference[place][1], abs=0.25 * se)


def test_bollen_stine_pvalue_is_lavaans() -> None:
    # sem(model, data, test = "bollen.stine", bootstrap = 2000), set.seed(1): 0.438
    from analysis.sem.resampling import bollen_stine

    found = bollen_stine(fitted("bollen_ml"), 2000)
    # Two shares of 2,000 draws near 0.44 have a standard error of 0.011 each.
    assert found.pvalue == pytest.approx(0.438, abs=0.045)
    assert found.failed.count == 0
