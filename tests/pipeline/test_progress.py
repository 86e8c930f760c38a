"""Progress never goes back, is weighted by what stages cost, and ticks within the long ones."""

from pathlib import Path

import pytest

from analysis import sem
from analysis.pipeline import analyse
from analysis.pipeline.costs import foreseen
from analysis.pipeline.progress import Stage, Steps
from analysis.planning.simulate import simulate
from analysis.sem.resampling.parametric import parametric_test
from questionnaire.loading import load_study

STUDIES = Path(__file__).parents[2] / "data" / "studies"
TEA, CAPITAL = (load_study(STUDIES / f"{code}.yaml") for code in ("tea_breaks", "social_capital"))
COSTS = {Stage.READING: 1.0, Stage.TESTING: 3.0, Stage.SUMMING: 4.0}


@pytest.mark.parametrize(
    ("told", "share"),
    [
        ([(Stage.READING, 0.0)], 0.0),
        ([(Stage.READING, 0.5)], 0.0625),
        ([(Stage.TESTING, 0.0)], 0.125),
        ([(Stage.TESTING, 1.0)], 0.5),
        ([(Stage.MATCHING, 0.7)], 0.5),
        ([(Stage.SUMMING, 0.5)], 0.75),
        ([(Stage.SUMMING, 3.0)], 1.0),
        ([(Stage.SUMMING, 0.5), (Stage.READING, 0.5)], 0.75),
        ([(Stage.TESTING, 0.9), (Stage.TESTING, 0.1)], 0.125 + 0.9 * 0.375),
    ],
)
def test_a_stage_counts_by_its_cost_and_the_share_never_falls(told, share):
    heard = []
    steps = Steps(COSTS, lambda done, what: heard.append((done, what)))
    for stage, part in told:
        steps.begin(stage, "begins")
        steps.part(part, "goes on")
    assert heard[-1] == (pytest.approx(share), "goes on")
    assert [done for done, _ in heard] == sorted(done for done, _ in heard)
    steps.end()
    assert heard[-1] == (1.0, "done")


def test_an_analysis_tells_how_far_it_is_and_every_draw_counts():
    heard = []
    analyse(TEA, simulate(TEA, 120, seed=2), seed=1, progress=lambda done, what: heard.append((done, what)))
    shares = [share for share, _ in heard]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    drawn = [what for _, what in heard if "of 2000" in what]
    assert drawn[-1] == "drawing bootstrap samples of CHAIN: 2000 of 2000"
    assert len(drawn) > 5


def test_what_takes_longest_is_foreseen_to():
    costs = foreseen(CAPITAL, 2000)
    assert set(costs) == set(Stage)
    assert max(costs, key=costs.get) is Stage.MODEL_TESTS
    assert foreseen(CAPITAL, 0)[Stage.DRAWING] == foreseen(TEA, 2000)[Stage.MODEL_TESTS] == 0


def test_the_draws_of_a_models_test_are_counted_to_the_last():
    table = sem.simulate("f =~ 0.8*x1 + 0.8*x2 + 0.8*x3 + 0.8*x4", n=60, seed=1)
    fit = sem.fit("f =~ x1 + x2 + x3 + x4", table)
    heard = []

    def rows(random, size):
        return random.normal(size=(size, 60, 4)) + random.normal(size=(size, 60, 1))

    parametric_test(fit, rows, 40, 1, progress=lambda done, of: heard.append((done, of)))
    assert heard[-1] == (40, 40)
    assert heard == sorted(heard)
