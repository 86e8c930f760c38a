"""All draws of a bootstrap, block by block, on threads or processes; the numbers do not depend on which."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from multiprocessing import get_context

import numpy as np
from numpy.typing import NDArray

from analysis.sem.errors import SemError
from analysis.sem.resampling.problem import Problem, solve
from analysis.sem.resampling.refit import DrawFailed, Refit
from analysis.sem.resampling.weights import Block, block_size, blocks, resampling_counts
from analysis.sem.threads import one_thread

__all__ = ["Cancelled", "Draws", "Work", "draw_all"]

Floats = NDArray[np.float64]

# Draws between two looks at progress and cancel where the engine fits each draw.
REFIT_BLOCK = 8


class Cancelled(SemError):  # noqa: N818 - not an error: the caller asked for it
    """The caller's `cancel` said so; nothing of the work is kept."""


@dataclass(frozen=True, slots=True, eq=False)
class Work:
    """How draws are made: batched where there is a `problem`, else by the engine; sizes: units per group."""

    problem: Problem | None
    refit: Refit
    sizes: tuple[int, ...]

    @property
    def block(self) -> int:
        """Draws per block."""
        return block_size(sum(self.sizes)) if self.problem is not None else REFIT_BLOCK


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """theta (R, q), watched (R, w), statistic (R,), NaN for failed draws; reasons: draw number to reason."""

    theta: Floats
    watched: Floats
    statistic: Floats
    reasons: dict[int, str]


def draw_all(
    work: Work,
    draws: int,
    seed: int,
    *,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Draws:
    """Draws 0 … draws - 1 of the seed.

    workers: threads for the batched form (default: one per processor); processes for the other (default:
    none, since a new process imports the caller's script again). Raises Cancelled.
    """
    todo = blocks(draws, work.block, seed)
    out = _empty(work, draws)
    done = 0
    with one_thread(), np.errstate(all="ignore"):
        for block, found in _results(work, todo, workers):
            if cancel is not None and cancel():
                raise Cancelled(f"the bootstrap was cancelled after {done} of {draws} draws")
            own = slice(block.start, block.stop)
            out.theta[own], out.watched[own], out.statistic[own] = found.theta, found.watched, found.statistic
            out.reasons.update({block.start + k: why for k, why in found.reasons.items()})
            done += block.size
            if progress is not None:
                progress(done, draws)
    return out


def draw_block(work: Work, block: Block) -> Draws:
    """The draws of one block."""
    counts = resampling_counts(block, work.sizes)
    out = _empty(work, block.size)
    rest: Iterable[int] = range(block.size)
    if work.problem is not None:
        found = solve(work.problem, counts)
        out = Draws(found.theta, found.watched, found.statistic, {})
        rest = np.flatnonzero(~found.settled).tolist()
    for k in rest:
        try:
            out.theta[k], out.watched[k], out.statistic[k] = work.refit.draw([c[k] for c in counts])
        except DrawFailed as failed:
            out.theta[k], out.statistic[k] = np.nan, np.nan
            out.reasons[k] = str(failed)
    return out


def _empty(work: Work, draws: int) -> Draws:
    q, w = len(work.refit.theta), len(work.refit.watched)
    return Draws(np.full((draws, q), np.nan), np.full((draws, w), np.nan), np.full(draws, np.nan), {})


def _results(work: Work, todo: Sequence[Block], workers: int | None) -> Iterator[tuple[Block, Draws]]:
    if workers is None:
        workers = _processors() if work.problem is not None else 1
    workers = min(workers, len(todo))
    if workers <= 1:
        for block in todo:
            yield block, draw_block(work, block)
        return
    with _pool(work, workers) as (pool, task):
        # A few blocks ahead and no more: memory stays flat, and a cancelled run stops at once.
        queue = iter(todo)
        ahead: list[tuple[Block, Future[Draws]]] = [
            (block, pool.submit(task, block)) for block in islice(queue, 2 * workers)
        ]
        while ahead:
            block, future = ahead.pop(0)
            found = future.result()
            following = next(queue, None)
            if following is not None:
                ahead.append((following, pool.submit(task, following)))
            yield block, found


@contextmanager
def _pool(work: Work, workers: int) -> Iterator[tuple[Executor, Callable[[Block], Draws]]]:
    pool: Executor
    task: Callable[[Block], Draws]
    if work.problem is not None:
        # The batched steps are a few large array operations, which run without the interpreter's lock.
        pool, task = ThreadPoolExecutor(workers), partial(_draw_on_thread, work)
    else:
        context = get_context("spawn")
        pool, task = ProcessPoolExecutor(workers, context, initializer=_keep, initargs=(work,)), _draw_kept
    try:
        yield pool, task
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


_kept: list[Work] = []


def _keep(work: Work) -> None:
    _kept[:] = [work]


def _draw_kept(block: Block) -> Draws:
    with one_thread(), np.errstate(all="ignore"):
        return draw_block(_kept[0], block)


def _draw_on_thread(work: Work, block: Block) -> Draws:
    # numpy's error state belongs to the thread.
    with np.errstate(all="ignore"):
        return draw_block(work, block)


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
