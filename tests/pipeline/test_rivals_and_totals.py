"""What stands beside a verdict: rivals compared on the same data, total effects, levels, other matchings."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from analysis.pipeline.elsewhere import evidence_elsewhere
from analysis.pipeline.grouping import compare_by_groups, group_evidence
from analysis.pipeline.intake import Intake, take_in
from analysis.pipeline.invariances import compared_invariances
from analysis.pipeline.matching import spread_over_matchings
from analysis.pipeline.progress import SILENT
from analysis.pipeline.result import GroupComparison
from analysis.pipeline.sample import Sample
from analysis.pipeline.second_estimator import moment_rows
from analysis.pipeline.stages import compare_rivals, draw_sample, fit_rivals
from analysis.pipeline.testing import Tested as Weighed
from analysis.pipeline.testing import weigh_hypotheses
from analysis.planning.simulate import simulate
from analysis.preparation.scoring import Scored
from analysis.synergy.evidence import Effect, Evidence, NotTested
from analysis.synergy.matchings import Unmatched
from analysis.unavailable import Unavailable
from questionnaire.loading import load_study
from questionnaire.study import Study

WHOLE = load_study(Path(__file__).parents[2] / "data" / "studies" / "social_capital.yaml")
CHAIN = ("HM_SRC", "HM_SR", "HM_SC")


def only(*codes: str, models: tuple[str, ...]) -> Study:
    return replace(
        WHOLE,
        hypotheses=tuple(h for h in WHOLE.hypotheses if h.code in codes),
        models=tuple(m for m in WHOLE.models if m.code in models),
    )


STUDY = only(
    *("H4b", *CHAIN, "H7p", "H8", "HG"),
    models=("M1_ADD", "M1_G", "M4_CHAIN", "M4_REVERSED", "M5_INT2", "M8_QUAD", "M8_CURVATURE"),
)


@pytest.fixture(scope="module")
def intake() -> Intake:
    table = simulate(WHOLE, 1200, seed=2)
    table["platform"] = np.where(np.arange(len(table)) % 2, "douyin", "jd")
    return take_in(WHOLE, table)


@pytest.fixture(scope="module")
def sample(intake: Intake) -> Sample:
    return draw_sample(WHOLE, intake.answers, np.ones(1200, bool), "none", Scored.NORMAL)[0]


@pytest.fixture(scope="module")
def tested(sample: Sample) -> Weighed:
    return weigh_hypotheses(STUDY, sample, gate_passed=True, bootstrap=400, seed=3)


def test_a_product_model_is_compared_with_every_rival_on_its_own_data(
    sample: Sample, tested: Weighed
) -> None:
    attempts = {**tested.attempts, **fit_rivals(STUDY, sample, tested.attempts, SILENT)}
    found = {(c.model, c.rival): c.table for c in compare_rivals(STUDY, sample, attempts)}
    for pair, df in {
        ("M5_INT2", "M1_ADD"): 3,
        ("M8_QUAD", "M5_INT2"): 3,
        ("M8_QUAD", "M8_CURVATURE"): 3,
        ("M1_G", "M1_ADD"): 2,
    }.items():
        table = found[pair]
        assert not isinstance(table, Unavailable), pair
        last = table.iloc[-1]
        assert last["df_diff"] == df
        assert 0 < last["pvalue"] < 1
    # The answers are of the scenario with pairwise synergy.
    additive = found["M5_INT2", "M1_ADD"]
    assert not isinstance(additive, Unavailable)
    assert additive.iloc[-1]["pvalue"] < 0.01


def test_the_chains_shares_and_the_direct_one_make_the_total(tested: Weighed) -> None:
    totals = {t.hypothesis: t for t in tested.totals}
    assert set(totals) == {"H4b", *CHAIN}
    shares = 0.0
    for code in CHAIN:
        total, share = totals[code].total, totals[code].share
        evidence = tested.evidence[code]
        assert isinstance(total, Effect)
        assert isinstance(share, Effect)
        assert isinstance(evidence, Evidence)
        assert share.estimate * total.estimate == pytest.approx(evidence.effect.estimate)
        low, high = share.interval(0.95)
        assert low < share.estimate < high
        shares += share.estimate
    attempt = tested.attempts["M4_CHAIN"]
    rows = attempt.outcome.estimates.set_index("label")["std_all"]
    total = totals["HM_SRC"].total
    assert isinstance(total, Effect)
    assert shares + rows["gS"] / total.estimate == pytest.approx(1.0)


def test_a_share_of_a_total_that_may_be_0_is_not_given(sample: Sample) -> None:
    h = next(h for h in STUDY.hypotheses if h.code == "H4b")
    nothing = replace(h, options={"total": "gP"})
    study = replace(STUDY, hypotheses=(nothing,))
    total = weigh_hypotheses(study, sample, gate_passed=True).totals[0]
    assert isinstance(total.total, Effect)
    low, high = total.total.interval(0.95)
    assert isinstance(total.share, Unavailable) == (low <= 0 <= high)


def test_every_hypothesis_on_products_has_its_second_estimate(sample: Sample, tested: Weighed) -> None:
    rows = {row.hypothesis: row for row in moment_rows(STUDY, sample, tested, "unknown", gate_passed=True)}
    assert set(rows) == {"H7p", "H8"}
    for code, row in rows.items():
        first = tested.evidence[code]
        assert isinstance(first, Evidence)
        assert (row.estimator, row.primary) == ("moments", False)
        assert row.estimate is not None
        # Two estimators of one effect from the same answers: within three errors of the wider one.
        assert row.estimate == pytest.approx(first.effect.estimate, abs=3 * max(row.se or 0, first.effect.se))


def test_the_common_factor_says_its_test(tested: Weighed) -> None:
    ruling = tested.rulings["HG"]
    assert "Δχ²(2) = " in ruling.reason


def test_what_was_not_tried_under_other_matchings_says_why(sample: Sample, tested: Weighed) -> None:
    attempts = {"M8_QUAD": tested.attempts["M8_QUAD"]}
    (found,) = spread_over_matchings(STUDY, sample, attempts)
    assert isinstance(found, Unmatched)
    assert "square" in found.reason


def groups(**changes: object) -> Study:
    own = replace(next(h for h in WHOLE.hypotheses if h.code == "H10"), **changes)
    return replace(WHOLE, hypotheses=(own,))


def compared(study: Study, intake: Intake, sample: Sample) -> GroupComparison:
    kept = np.ones(len(intake.answers), bool)
    ladders = compared_invariances(study, intake.answers, sample, kept)
    return compare_by_groups(study, intake.answers, sample, kept, ladders)[0]


def test_interactions_are_compared_between_groups(intake: Intake, sample: Sample) -> None:
    options = {"group": "platform", "levels": ("metric",), "compare": ("gSR", "gSC", "gRC")}
    study = groups(model="M5_INT2", estimand="(gSR + gSC + gRC)/3", sesoi=0.03, options=options)
    found = compared(study, intake, sample).found
    assert not isinstance(found, Unavailable)
    assert found.df == 3
    assert set(found.paths["path"]) == {"gSR", "gSC", "gRC"}
    # One population in both groups: a false alarm in one of a thousand seeds; this is a fixed one.
    assert found.pvalue > 0.001
    single = weigh_hypotheses(only("H7p", models=("M1_ADD", "M5_INT2")), sample, gate_passed=True).evidence[
        "H7p"
    ]
    assert isinstance(single, Evidence)
    # The groups' mean γ'' is the γ'' of all, within its error.
    assert found.paths["estimate"].mean() == pytest.approx(single.effect.estimate, abs=4 * single.effect.se)


def test_every_level_of_invariance_that_the_plan_names_is_needed(intake: Intake, sample: Sample) -> None:
    study = groups()
    kept = np.ones(len(intake.answers), bool)
    (ladder,) = compared_invariances(study, intake.answers, sample, kept)
    assert not isinstance(ladder.found, Unavailable)
    metric = replace(ladder, found=replace(ladder.found, reached="metric"))
    stopped = compare_by_groups(study, intake.answers, sample, kept, [metric])[0].found
    assert isinstance(stopped, NotTested)
    assert "scalar invariance" in stopped.reason
    enough = groups(options={"group": "platform", "compare": ("gS",)})
    found = compare_by_groups(enough, intake.answers, sample, kept, [metric])[0].found
    assert not isinstance(found, Unavailable)


def test_groups_are_compared_at_every_level_as_at_the_primary_one(intake: Intake, sample: Sample) -> None:
    study = groups()
    found = evidence_elsewhere(study, intake, sample, np.ones(1200, bool), seed=1)["H10"]
    same = group_evidence([compared(study, intake, sample)])["H10"]
    assert isinstance(found, Evidence)
    assert isinstance(same, Evidence)
    assert (found.effect.estimate, found.pvalue) == (same.effect.estimate, same.pvalue)
    half = np.arange(1200) < 700
    fewer = draw_sample(WHOLE, intake.answers, half, "any", Scored.NORMAL)[0]
    other = evidence_elsewhere(study, intake, fewer, half, seed=1)["H10"]
    assert isinstance(other, Evidence)
    assert other.effect.se > found.effect.se
