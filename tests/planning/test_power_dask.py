"""A power study on a real Dask cluster, one of whose workers is killed midway, comes out the same."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import distributed
import pytest

from analysis.planning.power_plan import PowerError, PowerPlan, plan_power
from analysis.planning.power_run import BATCH, run_power
from questionnaire.loading import load_study

TEA = Path(__file__).parents[2] / "data/studies/tea_breaks.yaml"


@pytest.fixture(scope="module")
def plan() -> PowerPlan:
    return plan_power(load_study(TEA), ["T1"], [60], replications=16 * BATCH, seed=5)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    folder = str(tmp_path_factory.mktemp("dask"))
    with distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        dashboard_address=None,
        local_directory=folder,
        host="127.0.0.1",
    ) as running:
        yield running


def test_a_killed_worker_changes_nothing(plan: PowerPlan, cluster: distributed.LocalCluster) -> None:
    victims: list[int] = []

    def kill_one(done: int, of: int) -> None:
        if done and not victims:
            with distributed.Client(cluster.scheduler_address, set_as_default=False) as client:
                victims.append(next(iter(client.run(os.getpid).values())))
            os.kill(victims[0], signal.SIGKILL)

    found = run_power(plan, dask=cluster.scheduler_address, progress=kill_one)
    assert victims
    assert found.complete
    assert found.outcomes == run_power(plan).outcomes


def test_a_silent_address_is_said(plan: PowerPlan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analysis.planning.power_run.CONNECT_SECONDS", 1)
    with pytest.raises(PowerError, match="no scheduler answers"):
        run_power(plan, dask="tcp://127.0.0.1:9")
