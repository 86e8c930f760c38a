"""All replications of a plan: on this process, on several, or on a Dask cluster, with the same outcomes."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from analysis.planning.power_checkpoint import Checkpoint, Key
from analysis.planning.power_plan import PowerError, PowerPlan
from analysis.planning.power_replication import Outcome, Task, run_batch

BATCH = 4
"""Replications handed over at once: a second or less of work, so that progress and stopping are prompt."""
AHEAD = 3
"""Batches waiting for each worker, so that none is ever idle."""
CONNECT_SECONDS = 15
GO_ON = "What is finished is kept where --out was given: run the same command again, with fewer workers."

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class PowerRun:
    """Outcomes in the order of the plan; ``complete`` is False where the run was stopped before its end."""

    outcomes: tuple[Outcome, ...]
    complete: bool


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run_power(
    plan: PowerPlan,
    *,
    workers: int = 1,
    dask: str | None = None,
    checkpoint: Path | None = None,
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
) -> PowerRun:
    """Every replication of ``plan`` that ``checkpoint`` does not hold yet, and those that it holds.

    ``dask`` is a scheduler's address, otherwise ``workers`` local processes work (1: this one alone).
    ``progress(done, of)`` is called after each batch, and before it ``stop()``, whose True ends the run with
    what is finished. Outcomes depend on neither workers nor order. PowerError for a checkpoint of another
    plan, a scheduler that does not answer, or a local worker that died.
    """
    if workers < 1:
        raise PowerError("--workers: at least 1")
    store = Checkpoint(checkpoint, plan) if checkpoint else None
    kept = store.read() if store else {}
    tasks = [(n, r) for n in plan.sizes for r in range(plan.replications)]
    codes = [hypothesis.code for hypothesis in plan.study.hypotheses]
    todo = [task for task in tasks if any((code, *task) not in kept for code in codes)]
    batches = (todo[k : k + BATCH] for k in range(0, len(todo), BATCH))
    done, stopped = len(tasks) - len(todo), stop or (lambda: False)
    if progress:
        progress(done, len(tasks))
    for batch, outcomes in _finished(plan, batches, workers, dask, stopped):
        if store:
            store.append(outcomes)
        kept |= {(o.hypothesis, o.n, o.replication): o for o in outcomes}
        done += len(batch)
        if progress:
            progress(done, len(tasks))
    return PowerRun(_in_order(kept, codes, tasks), done == len(tasks))


def _in_order(kept: dict[Key, Outcome], codes: list[str], tasks: list[Task]) -> tuple[Outcome, ...]:
    keys = ((code, *task) for code in codes for task in tasks)
    return tuple(kept[key] for key in keys if key in kept)


def _finished(
    plan: PowerPlan,
    batches: Iterator[list[Task]],
    workers: int,
    dask: str | None,
    stopped: Callable[[], bool],
) -> Iterator[tuple[list[Task], list[Outcome]]]:
    """Batches with their outcomes as they come, until there are no more or ``stopped()``."""
    if dask is None and workers == 1:
        for batch in batches:
            if stopped():
                return
            yield batch, run_batch(plan, batch)
        return
    with _dask_executor(dask) if dask else _local_executor(workers) as (executor, width):
        yield from _in_parallel(executor, width * AHEAD, plan, batches, stopped)


def _in_parallel(
    executor: Executor,
    window: int,
    plan: PowerPlan,
    batches: Iterator[list[Task]],
    stopped: Callable[[], bool],
) -> Iterator[tuple[list[Task], list[Outcome]]]:
    running: dict[Future[list[Outcome]], list[Task]] = {}
    while not stopped():
        for batch in islice(batches, window - len(running)):
            running[executor.submit(run_batch, plan, batch)] = batch
        if not running:
            return
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            batch = running.pop(future)
            yield batch, future.result()


@contextmanager
def _local_executor(workers: int) -> Iterator[tuple[Executor, int]]:
    # Started anew, not forked: a fork copies locks in whatever state the threads of this process hold them.
    executor = ProcessPoolExecutor(
        workers, mp_context=multiprocessing.get_context("spawn"), initializer=_leave_interrupts_to_the_parent
    )
    try:
        yield executor, workers
    except BrokenProcessPool as error:
        raise PowerError(f"a worker process died, perhaps for want of memory. {GO_ON}") from error
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def _leave_interrupts_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def _dask_executor(address: str) -> Iterator[tuple[Executor, int]]:
    try:
        from distributed import Client, KilledWorker
    except ImportError as error:
        raise PowerError("--dask: the package distributed is not installed") from error
    try:
        client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise PowerError(f"--dask: no scheduler answers at {address}: {error}") from error
    with client:
        executor = client.get_executor(pure=False)
        try:
            yield executor, max(1, sum(client.nthreads().values()))
        except KilledWorker as error:
            raise PowerError(f"the cluster lost worker after worker: {error}. {GO_ON}") from error
        finally:
            executor.shutdown(wait=False)
