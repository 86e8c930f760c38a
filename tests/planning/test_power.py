"""Power studies: the same on one worker and many, resumed without loss, wrong requests answered."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from analysis import cli
from analysis.pipeline.testing import weigh_hypotheses
from analysis.planning.power_plan import PowerError, PowerPlan, plan_power
from analysis.planning.power_replication import Outcome, draw, replicate, seed_of
from analysis.planning.power_run import BATCH, run_power
from analysis.planning.power_summary import SHARES, needed, summarise
from analysis.planning.power_truth import true_value
from analysis.synergy.evidence import Evidence
from analysis.unavailable import Unavailable
from questionnaire.loading import load_study
from questionnaire.study import Study

DATA = Path(__file__).parents[2] / "data"
TEA = DATA / "studies/tea_breaks.yaml"
CAPITAL = DATA / "studies/social_capital.yaml"
ROUNDING = 1e-9
"""The same arithmetic in another order."""
POOLED_HALF = 0.052
"""The method note's pooled γ″ of scenario half, given there to three decimals."""


@pytest.fixture(scope="module")
def tea() -> Study:
    return load_study(TEA)


@pytest.fixture(scope="module")
def capital() -> Study:
    return load_study(CAPITAL)


@pytest.fixture(scope="module")
def plan(tea: Study) -> PowerPlan:
    return plan_power(tea, ["T1", "T2"], [90, 60], replications=5, seed=3)


@pytest.fixture(scope="module")
def outcomes(plan: PowerPlan) -> tuple[Outcome, ...]:
    return run_power(plan).outcomes


def test_several_processes_give_the_same_outcomes(plan: PowerPlan, outcomes: tuple[Outcome, ...]) -> None:
    assert run_power(plan, workers=2).outcomes == outcomes


def test_a_replication_stands_by_itself(plan: PowerPlan, outcomes: tuple[Outcome, ...]) -> None:
    """More replications, sizes and other batches leave it as it is."""
    alone = replicate(plan, 90, 4)
    assert alone == [o for o in outcomes if (o.n, o.replication) == (90, 4)]


def test_seeds_are_the_children_that_spawn_gives() -> None:
    child = np.random.SeedSequence(3).spawn(6)[5].spawn(8)[7]
    first, second = child.generate_state(2, np.uint64)
    assert seed_of(3, 5, 7) == int(first) << 64 | int(second)
    assert len({seed_of(3, n, r) for n in (60, 90) for r in range(100)}) == 200


def test_progress_counts_to_the_end_and_stop_ends_early(plan: PowerPlan) -> None:
    seen: list[tuple[int, int]] = []
    whole = run_power(plan, progress=lambda done, of: seen.append((done, of)))
    assert whole.complete
    assert seen[0] == (0, 10)
    assert seen[-1] == (10, 10)
    stopped = run_power(plan, stop=iter([False, True]).__next__)
    assert not stopped.complete
    assert {o.replication for o in stopped.outcomes} == set(range(BATCH))


def test_an_interrupted_run_goes_on_and_loses_nothing(
    plan: PowerPlan, outcomes: tuple[Outcome, ...], tmp_path: Path
) -> None:
    file = tmp_path / "replications.jsonl"
    run_power(plan, checkpoint=file, stop=iter([False, True]).__next__)
    kept = file.read_text(encoding="utf-8")
    assert len(kept.splitlines()) == 1 + 2 * BATCH
    # A crash in the middle of a line: the last outcome is cut short.
    file.write_text(kept[:-40], encoding="utf-8")
    begun: list[int] = []
    resumed = run_power(plan, checkpoint=file, progress=lambda done, of: begun.append(done))
    assert begun[0] == BATCH - 1
    assert resumed.outcomes == outcomes
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert lines[1:] == [json.loads(line) for line in kept.splitlines()[1:-1]] + lines[2 * BATCH :]
    again = run_power(plan, checkpoint=file, stop=lambda: True)
    assert again.complete
    assert again.outcomes == outcomes


def test_more_replications_build_on_those_kept(plan: PowerPlan, tmp_path: Path) -> None:
    file = tmp_path / "replications.jsonl"
    run_power(replace(plan, replications=2), checkpoint=file)
    begun: list[int] = []
    run_power(replace(plan, replications=3), checkpoint=file, progress=lambda done, of: begun.append(done))
    assert begun[0] == 4


@pytest.mark.parametrize(
    ("change", "text"),
    [({"seed": 4}, "another plan"), ({"careless": 0.1}, "another plan"), ({"bootstrap": 50}, "another plan")],
)
def test_a_file_of_another_plan_is_refused(
    plan: PowerPlan, change: dict[str, object], text: str, tmp_path: Path
) -> None:
    file = tmp_path / "replications.jsonl"
    run_power(plan, checkpoint=file, stop=lambda: True)
    with pytest.raises(PowerError, match=text):
        run_power(replace(plan, **change), checkpoint=file)


def test_a_line_that_is_no_replication_is_named(plan: PowerPlan, tmp_path: Path) -> None:
    file = tmp_path / "replications.jsonl"
    run_power(plan, checkpoint=file, stop=lambda: True)
    with file.open("a", encoding="utf-8") as end:
        end.write('{"hypothesis": "T1"}\n')
    with pytest.raises(PowerError, match="line 2"):
        run_power(plan, checkpoint=file)


def test_every_figure_has_its_error(plan: PowerPlan, outcomes: tuple[Outcome, ...]) -> None:
    summary = summarise(plan, outcomes)
    assert summary[["hypothesis", "n"]].to_numpy().tolist() == [
        ["T1", 60],
        ["T1", 90],
        ["T2", 60],
        ["T2", 90],
    ]
    figures = ["power", "estimate", "sd", "mean_se", "ci_width", "bias", "coverage", *SHARES.values()]
    for name in [*figures, "failed", "inadmissible"]:
        assert (summary[f"{name}_mcse"] > 0).all(), name
    assert summary[list(SHARES.values())].sum(axis=1).to_numpy() == pytest.approx(1)
    assert summary["power"].to_numpy() == pytest.approx(
        (summary["share_supported"] + summary["share_supported_trivially_small"]).to_numpy()
    )
    assert set(needed(plan, summary, 0.8)) == {"T1", "T2"}


def test_failures_are_counted_with_their_reason(plan: PowerPlan, outcomes: tuple[Outcome, ...]) -> None:
    empty = dict.fromkeys(("estimate", "se", "lower", "upper", "pvalue"))
    lost = replace(outcomes[0], **empty, verdict="not computed", reason="did not converge")
    improper = replace(outcomes[1], problems=("heywood", "few_cases"))
    row = summarise(plan, [lost, improper, *outcomes[2:5]]).iloc[0]
    assert row["failed"] == pytest.approx(1 / 5)
    assert row["inadmissible"] == pytest.approx(1 / 5)
    assert row["share_not_computed"] == pytest.approx(1 / 5)
    assert row["reasons"] == "did not converge (1); heywood (1)"


def test_the_truth_of_a_path_and_of_an_indirect_effect(plan: PowerPlan) -> None:
    """Two causes that correlate .30 explain 35% with equal effects e: e²(2 + 2·.3) = .35."""
    e = np.sqrt(0.35 / 2.6)
    t1, t2 = plan.study.hypotheses
    assert true_value(plan.study, t1, plan.population) == pytest.approx(e)
    assert true_value(plan.study, t2, plan.population) == pytest.approx(0.3 * e)


@pytest.mark.parametrize(
    ("code", "reason"),
    [("H6a", "PIC"), ("HG", "G is no variable"), ("H6c", "leaves out S"), ("H12", "leaves out S")],
)
def test_where_there_is_no_truth_the_reason_is_said(capital: Study, code: str, reason: str) -> None:
    form = capital.forms[-1].code
    plan = plan_power(capital, [code], [1000], replications=2, seed=1, form=form)
    found = true_value(plan.study, plan.study.hypotheses[0], plan.population)
    assert isinstance(found, Unavailable)
    assert reason in found.reason


def test_the_pooled_interaction_of_the_built_in_study(capital: Study) -> None:
    plan = plan_power(capital, ["H7p"], [600], replications=2, seed=1, scenario="half")
    (hypothesis,) = plan.study.hypotheses
    assert true_value(plan.study, hypothesis, plan.population) == pytest.approx(POOLED_HALF, abs=5e-4)
    (one, two) = run_power(plan).outcomes
    for outcome in (one, two):
        assert outcome.reason == ""
        assert outcome.lower < outcome.estimate < outcome.upper
    # Only what the pooled test stands on is prepared and fitted.
    assert set(draw(plan, 600, 1).errors) == {"PCM", "PRC"}


def test_brief_evidence_is_that_of_a_whole_analysis(capital: Study) -> None:
    """A single path, a mean of products, and an estimand of two stages with its conditions."""
    plan = plan_power(capital, ["H1", "H7p", "H8"], [500], replications=2, seed=4, scenario="balance")
    sample = draw(plan, 500, 1)
    whole = weigh_hypotheses(plan.study, sample, gate_passed=True)
    brief = weigh_hypotheses(plan.study, sample, gate_passed=True, brief=True)
    for code in ("H1", "H7p", "H8"):
        one, other = whole.evidence[code], brief.evidence[code]
        assert isinstance(one, Evidence), one
        assert isinstance(other, Evidence), other
        assert one.estimator == other.estimator
        assert len(one.parts) == len(other.parts)
        for left, right in zip((one.effect, *one.parts), (other.effect, *other.parts), strict=True):
            assert (left.estimate, left.se, left.pvalue) == pytest.approx(
                (right.estimate, right.se, right.pvalue), rel=ROUNDING
            )
        assert whole.rulings[code].verdict == brief.rulings[code].verdict


def test_careless_respondents_are_screened_where_asked(capital: Study) -> None:
    plan = plan_power(
        capital, ["H1"], [300], replications=2, seed=1, careless=0.2, item_missing=0.02, screening="rule"
    )
    (outcome,) = replicate(plan, 300, 0)
    assert 200 < outcome.analysed < 280
    assert outcome.estimate is not None


def test_indirect_effects_have_bootstrap_intervals_where_asked(tea: Study) -> None:
    delta = plan_power(tea, ["T2"], [120], replications=2, seed=1)
    drawn = replace(delta, bootstrap=60)
    (one,), (two,) = replicate(delta, 120, 0), replicate(drawn, 120, 0)
    assert one.estimate == two.estimate
    assert one.lower != two.lower


@pytest.mark.parametrize(
    ("codes", "sizes", "options", "said"),
    [
        (["H99"], [600], {}, "H99"),
        (["H9"], [600], {}, "several"),
        (["H10"], [600], {}, "groups"),
        (["H7p"], [600, 20], {}, "--n 20 is too few"),
        (["H11"], [600], {}, "ITR"),
        (["H7p"], [600], {"replications": 1}, "--reps"),
        (["H7p"], [600], {"seed": -1}, "--seed"),
        (["H7p"], [600], {"scenario": "sunny"}, "sunny"),
        (["H7p"], [600], {"careless": 1.2}, "careless"),
        (["H7p"], [600], {"screening": "strict"}, "--screening"),
        (["H7p"], [600], {"form": "tiny"}, "tiny"),
        (["H7p"], [600], {"bootstrap": 1}, "--bootstrap"),
    ],
)
def test_what_cannot_be_planned_is_said(
    capital: Study, codes: list[str], sizes: list[int], options: dict[str, object], said: str
) -> None:
    with pytest.raises(PowerError, match=said):
        plan_power(capital, codes, sizes, **{"replications": 2, "seed": 1, **options})


def test_workers_must_be_some(plan: PowerPlan) -> None:
    with pytest.raises(PowerError, match="--workers"):
        run_power(plan, workers=0)


def test_the_command_writes_and_resumes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "power.csv"
    words = ["power", str(TEA), "--hypothesis", "T1", "--n", "60", "90", "--reps", "3", "--seed", "1"]
    words += ["--workers", "1", "--out", str(out)]
    assert cli.main(words) == 0
    first = capsys.readouterr()
    assert "T1: N for a power of 0.8" in first.out
    table = out.read_bytes()
    assert cli.main(words) == 0
    again = capsys.readouterr()
    assert "6 of 6 replications were there already" in again.err
    assert out.read_bytes() == table


@pytest.mark.parametrize(
    ("more", "said"),
    [(["--hypothesis", "X"], "'X'"), (["--target", "2"], "--target"), (["--n", "3"], "too few")],
)
def test_the_command_explains_what_it_cannot_do(
    more: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["power", str(TEA), "--hypothesis", "T1", "--n", "60", "--reps", "2", "--seed", "1"]
    assert cli.main([*words, *more]) == 1
    assert said in capsys.readouterr().err
