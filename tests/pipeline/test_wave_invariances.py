"""The waves of a sample as ladders of invariance, and what hypotheses across waves make of them."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.measurement.invariance_ladder import MeasurementInvariance
from analysis.pipeline.intake import take_in
from analysis.pipeline.measured import Indicators, Invariance
from analysis.pipeline.panelling import Waves, weigh_waves
from analysis.pipeline.wave_invariances import same_over_waves
from analysis.planning.simulate import simulate
from analysis.preparation.scoring import Scored
from analysis.synergy.evidence import NotTested
from analysis.unavailable import Unavailable
from questionnaire.loading import load_study

WHOLE = load_study(Path(__file__).parents[2] / "data" / "studies" / "social_capital.yaml")
STUDY = replace(WHOLE, hypotheses=tuple(h for h in WHOLE.hypotheses if h.code in ("H9", "H6b")))
PARCELS = [f for d in STUDY.dimensions for f in d.facets]


def panel(n: int, seed: int, change: dict[str, int]) -> pd.DataFrame:
    """Three waves of the same people; in the last, answers to ``change`` are that many categories off.

    At each wave half the people answer as before and half as somebody else of the same population: a seed
    has its own item means, so that all must come from one draw.
    """
    rng = np.random.default_rng(seed)
    pool = simulate(STUDY, 4 * n, seed)
    first, *others = (pool.iloc[k * n : (k + 1) * n].reset_index(drop=True) for k in range(4))
    codes = [c for c in STUDY.items if c in first]
    tables = []
    for k, fresh in enumerate(others):
        stays = np.repeat(rng.random((n, 1)) < 0.5, len(codes), axis=1)
        mine = first[codes].where(stays, fresh[codes])
        if k == 2:
            for code, by in change.items():
                mine[code] = np.clip(mine[code] + by, 1, 7)
        tables.append(first.assign(**{c: mine[c] for c in codes}, wave=f"w{k + 1}"))
    return pd.concat(tables, ignore_index=True)


def weigh(table: pd.DataFrame) -> Waves:
    return weigh_waves(STUDY, take_in(STUDY, table), "none", Scored.NORMAL, seed=1)


@pytest.fixture(scope="module")
def shifted() -> Waves:
    """Two of three facets of relational capital are answered otherwise in the last wave, in two ways."""
    moved = {"RTT": 3, "RRN": -3}
    change = {i.code: moved[c.code] for c in STUDY.constructs if c.code in moved for i in c.items}
    return weigh(panel(500, 4, change))


def test_the_same_measurement_at_every_wave_is_found_so() -> None:
    found = weigh(panel(500, 4, {}))
    assert len(found.invariances) == 1 + len(PARCELS)
    for entry in found.invariances:
        assert isinstance(entry.found, MeasurementInvariance)
        assert entry.found.holds("scalar"), entry.of
        assert not [name for name in entry.found.freed if "~~" not in name], entry.of
    assert all(not isinstance(evidence, Unavailable) for evidence in found.evidence.values())


def test_a_shifted_facet_stops_the_hypotheses_across_waves(shifted: Waves) -> None:
    joint, *items = shifted.invariances
    assert isinstance(joint.found, MeasurementInvariance)
    assert joint.found.reached == "metric"
    assert all(isinstance(found, NotTested) for found in shifted.evidence.values())
    assert "scalar invariance across waves was not reached" in shifted.evidence["H9"].reason
    # Every item of a facet moved alike, so that single facets see a change of their mean.
    assert [entry.of for entry in items] == PARCELS
    assert {entry.indicators for entry in items} == {Indicators.ITEMS}


def ladder(reached: str, freed: tuple[str, ...] = ()) -> MeasurementInvariance:
    return MeasurementInvariance("", {}, {}, reached, pd.DataFrame(), freed, ("scalar: no",), "")


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (ladder("strict"), "invariance across waves: strict"),
        (ladder("scalar", ("x~1",)), "partial invariance across waves: scalar, freed x~1"),
        (ladder("metric"), "scalar invariance across waves was not reached (scalar: no)"),
        (Unavailable("too few"), "is not known (too few)"),
    ],
)
def test_what_the_joint_ladder_means(found: MeasurementInvariance | Unavailable, says: str) -> None:
    said = same_over_waves(STUDY, [Invariance("wave", {}, found)], ["S", "R"])
    assert says in (said.reason if isinstance(said, Unavailable) else said)
    assert isinstance(said, Unavailable) == (says.startswith(("scalar", "is not")))


def test_dimensions_alone_decide_where_all_at_once_were_too_many() -> None:
    entries = [
        Invariance("wave", {}, Unavailable("too few")),
        Invariance("wave", {}, ladder("scalar"), of="S"),
        Invariance("wave", {}, ladder("metric"), of="R"),
    ]
    assert same_over_waves(STUDY, entries, ["S"]) == "invariance across waves: scalar"
    assert isinstance(same_over_waves(STUDY, entries, ["S", "R"]), NotTested)
    assert "too few" in same_over_waves(STUDY, entries, ["S", "C"]).reason  # type: ignore[union-attr]


def test_a_construct_of_no_dimension_is_judged_by_its_items() -> None:
    entries = [
        Invariance("wave", {}, ladder("strict")),
        Invariance("wave", {}, ladder("configural"), Indicators.ITEMS, "PCM"),
    ]
    assert isinstance(same_over_waves(STUDY, entries, ["S", "PCM"]), NotTested)
    assert isinstance(same_over_waves(STUDY, entries, ["S"]), str)
