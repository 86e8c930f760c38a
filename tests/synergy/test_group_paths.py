"""Paths in several groups against lavaan: estimates, Wald test, pooled rival, common scale."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.synergy.group_paths import compare_groups, group_text, pooled_text

HERE = Path(__file__).parent
REFERENCE = json.loads((HERE / "reference" / "group_paths.json").read_text())
DATA = pd.read_csv(HERE.parent / "golden" / "data" / "holzinger_swineford_1939.csv")
SYNTAX = """visual =~ x1 + x2 + x3
textual =~ x4 + x5 + x6
speed =~ x7 + x8 + x9
speed ~ a*visual + b*textual"""
OPTIMISERS = 2e-4  # two optimisers stop this far apart in a difference of two estimates
TESTS = 2e-3


@pytest.fixture(scope="module", params=["ML", "MLR"])
def both(request):
    found = compare_groups(
        SYNTAX, DATA, DATA["school"], ["a", "b"], {}, confidence=0.95, estimator=request.param
    )
    return found, REFERENCE[request.param]


def test_each_groups_paths_are_lavaans(both):
    found, reference = both
    assert list(found.groups) == reference["groups"]
    order = [
        f"{path}{1 + found.groups.index(group)}"
        for path, group in zip(found.paths["path"], found.paths["group"], strict=True)
    ]
    known = dict(zip(reference["label"], zip(reference["est"], reference["se"], strict=True), strict=True))
    np.testing.assert_allclose(found.paths["raw"], [known[k][0] for k in order], rtol=OPTIMISERS)
    scale = np.repeat(reference["scale"], 2)
    np.testing.assert_allclose(found.paths["estimate"], found.paths["raw"] * scale, rtol=OPTIMISERS)
    np.testing.assert_allclose(found.paths["se"], [known[k][1] for k in order] * scale, rtol=OPTIMISERS)


def test_the_tests_are_lavaans(both):
    found, reference = both
    assert (found.wald, found.df, found.pvalue) == pytest.approx(tuple(reference["wald"]), rel=TESTS)
    last = found.rivals.iloc[-1]
    assert (last["chisq_diff"], last["df_diff"], last["pvalue"]) == pytest.approx(
        tuple(reference["lrt"]), rel=TESTS
    )


def test_differences_are_simultaneous(both):
    found, _ = both
    assert len(found.differences) == 2
    paths = found.paths.set_index(["path", "group"])["estimate"]
    for row in found.differences.itertuples():
        assert row.difference == pytest.approx(paths[row.path, row.second] - paths[row.path, row.first])
        # Bonferroni over two differences at 95%: 2.241402728 standard errors (R: qnorm(1 - .05/4)).
        assert row.ci_upper - row.difference == pytest.approx(2.241402728 * row.se, rel=1e-8)
    assert abs(found.largest["difference"]) == found.differences["difference"].abs().max()


def test_only_compared_paths_keep_labels():
    text = "f =~ x + y + z\nx ~ d*g\nf ~ aB*g + a*h\ng =~ u + v + w\nh =~ q + r + s\ne := a*aB"
    assert "x ~ g" in group_text(text, ["a"], 3)
    assert "f ~ g + c(a__1, a__2, a__3)*h" in group_text(text, ["a"], 3)
    assert ":=" not in group_text(text, ["a"], 3)
    assert "f ~ g + a*h" in pooled_text(text, ["a"])
