"""Unusable answers end in findings that explain, never in a traceback."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.pipeline import AnalysisResult, analyse, write_tables
from analysis.planning.simulate import simulate
from analysis.unavailable import Unavailable
from questionnaire.loading import load_study
from questionnaire.study import Study

STUDIES = Path(__file__).parents[2] / "data" / "studies"
DRAWS = 100
TABLES = {
    "verdicts",
    "paths",
    "fit",
    "measurement",
    "invariance",
    "items",
    "flags",
    "cross_check",
    "manifest",
}


@pytest.fixture(scope="module")
def study() -> Study:
    """The built-in study with three of its hypotheses, to keep the tests quick."""
    whole = load_study(STUDIES / "social_capital.yaml")
    return replace(
        whole,
        models=tuple(model for model in whole.models if model.code in ("M1_ADD", "M1_G", "M5_INT2")),
        hypotheses=tuple(h for h in whole.hypotheses if h.code in ("H1", "H2", "H7p")),
    )


@pytest.fixture(scope="module")
def tiny() -> Study:
    return load_study(STUDIES / "tea_breaks.yaml")


def run(study: Study, table: pd.DataFrame, tmp_path: Path) -> AnalysisResult:
    result = analyse(study, table, seed=1, bootstrap=DRAWS)
    assert {path.stem for path in write_tables(result, tmp_path)} >= TABLES
    assert {row.hypothesis for row in result.verdicts} == {h.code for h in study.hypotheses}
    return result


def codes(result: AnalysisResult) -> set[str]:
    return {finding.code for finding in result.findings}


def test_everyone_answers_the_middle(study: Study, tmp_path: Path) -> None:
    table = simulate(study, 300, 1)
    table[list(study.items)] = table[list(study.items)].mask(table[list(study.items)].notna(), 4)
    result = run(study, table, tmp_path)
    assert "no_variance" in codes(result)
    assert {row.verdict for row in result.verdicts} <= {"not computed"}


def test_thirty_respondents(study: Study, tmp_path: Path) -> None:
    result = run(study, simulate(study, 30, 1), tmp_path)
    assert {"small_sample", "gate"} & codes(result)
    assert not any(row.verdict == "supported" and not row.pvalue for row in result.verdicts)


def test_a_construct_nobody_answered(study: Study, tmp_path: Path) -> None:
    table = simulate(study, 400, 1)
    table[[item.code for item in study.construct("RTT").items]] = pd.NA
    result = run(study, table, tmp_path)
    assert any(f.code == "construct_missing" and "RTT" in f.where for f in result.findings)
    assert not result.gate.passed
    reasons = {row.hypothesis: row.reason for row in result.verdicts if row.primary}
    assert "RTT" in reasons["H2"]


def test_one_platform_only(study: Study, tmp_path: Path) -> None:
    table = simulate(study, 250, 1)
    table["platform"] = "jd"
    result = run(study, table, tmp_path)
    assert "one_platform" in codes(result)
    platform = next(entry.found for entry in result.invariances if entry.grouping == "platform")
    assert isinstance(platform, Unavailable)
    assert "fewer than two groups" in platform.reason


def test_everyone_flagged(study: Study, tmp_path: Path) -> None:
    table = simulate(study, 250, 1)
    for check in study.checks:
        table[check.code] = next(
            k for k in range(1, study.scale(check.scale).points + 1) if k not in check.passing
        )
    result = run(study, table, tmp_path)
    assert "all_flagged" in codes(result)
    assert result.screening == "none"


@pytest.mark.parametrize("rows", [0, 1, 2, 5, 12])
def test_hardly_anyone(tiny: Study, tmp_path: Path, rows: int) -> None:
    result = run(tiny, simulate(tiny, 20, 1).head(rows), tmp_path)
    assert {"no_rows", "small_sample"} & codes(result)


def test_no_answers_at_all(tiny: Study, tmp_path: Path) -> None:
    table = simulate(tiny, 20, 1)
    table[list(tiny.items)] = pd.NA
    assert "no_answers" in codes(run(tiny, table, tmp_path))


def test_only_item_columns(tiny: Study, tmp_path: Path) -> None:
    table = simulate(tiny, 150, 1)[list(tiny.items)]
    result = run(tiny, table, tmp_path)
    assert result.plan == "unknown"


def test_several_waves_use_the_first(tiny: Study, tmp_path: Path) -> None:
    table = pd.concat([simulate(tiny, 120, seed).assign(wave=f"w{seed}") for seed in (1, 2)])
    result = run(tiny, table, tmp_path)
    assert "waves" in codes(result)
    assert result.flow[-1].n <= 120


def test_items_that_are_copies_of_one_another(tiny: Study, tmp_path: Path) -> None:
    table = simulate(tiny, 150, 1)
    first = next(iter(tiny.items))
    for code in tiny.items:
        table[code] = table[first]
    run(tiny, table, tmp_path)


def test_random_answers_do_not_support_anything_much(tiny: Study, tmp_path: Path) -> None:
    rng = np.random.default_rng(4)
    table = pd.DataFrame({code: rng.integers(1, 6, 150) for code in tiny.items})
    result = run(tiny, table, tmp_path)
    assert not result.gate.passed
    assert "supported" not in {row.verdict for row in result.verdicts}
