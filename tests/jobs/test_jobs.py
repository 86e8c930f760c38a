"""Work in other processes: results, failures and cancellation all come back as states."""

import os
import time
from pathlib import Path

import jobs_work
import pytest

from analysis.jobs import KEPT, Desk, Job, State

AT_ONCE = 2.0
"""Seconds from the click to the end of the work."""
WAIT = 60.0
"""Seconds after which a worker that has not answered counts as lost; starting one takes well under 5."""


@pytest.fixture(autouse=True)
def _importable(monkeypatch):
    here = str(Path(jobs_work.__file__).parent)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([here, os.environ.get("PYTHONPATH", "")]))


def test_a_result_comes_from_another_process_and_is_computed_once():
    desk = Desk()
    job = desk.ask("twice 21", jobs_work.doubled, 21)
    assert job.finished.wait(WAIT)
    assert (job.state, job.share) == (State.DONE, 1.0)
    assert job.result[0] == 42
    assert job.result[1] != os.getpid()
    assert desk.ask("twice 21", jobs_work.doubled, 21) is job


@pytest.mark.parametrize(
    ("work", "said"), [(jobs_work.broken, "ValueError: the reason"), (jobs_work.killed, "without a result")]
)
def test_a_failure_is_said_and_tried_again_only_when_told_to(work, said):
    desk = Desk()
    job = desk.ask("fails", work)
    assert job.finished.wait(WAIT)
    assert job.state is State.FAILED
    assert said in job.error
    assert desk.ask("fails", work) is job
    desk.forget_failure("fails")
    again = desk.ask("fails", work)
    assert again is not job
    assert again.finished.wait(WAIT)


def test_only_a_failure_is_forgotten():
    desk = Desk()
    job = desk.ask("twice 1", jobs_work.doubled, 1)
    desk.forget_failure("twice 1")
    assert desk.ask("twice 1", jobs_work.doubled, 1) is job
    assert job.finished.wait(WAIT)
    desk.forget_failure("twice 1")
    assert desk.ask("twice 1", jobs_work.doubled, 1) is job
    desk.forget_failure("nothing of that name")


def test_cancelling_ends_the_process():
    job = Desk().ask("endless", jobs_work.endless)
    deadline = time.monotonic() + WAIT
    while job.doing != "started" and time.monotonic() < deadline:
        time.sleep(0.02)
    job.cancel()
    assert job.finished.wait(WAIT)
    assert job.state is State.CANCELLED
    assert not job.process.is_alive()


@pytest.mark.parametrize("after", [0.0, 0.3, 2.5])
def test_cancelling_ends_work_at_once_wherever_it_is(after):
    job = Desk().ask(("busy", after), jobs_work.busy)
    time.sleep(after)
    asked = time.monotonic()
    job.cancel()
    assert job.finished.wait(WAIT)
    assert time.monotonic() - asked < AT_ONCE
    assert not job.process.is_alive()


def test_what_has_been_done_is_never_taken_back():
    job = Job(None)
    for share in (0.2, 0.5, 0.3):
        job.told(share, "doing")
    assert job.share == 0.5


@pytest.mark.parametrize(
    ("passed", "share", "left"), [(1.0, 0.5, None), (30.0, 0.05, None), (30.0, 0.5, 30.0), (30.0, 0.75, 10.0)]
)
def test_what_is_left_is_told_from_the_pace_once_there_is_one(passed, share, left):
    job = Job(None)
    job.told(0.0, "begins")
    job.began = (time.monotonic() - passed, 0.0)
    job.told(share, "goes on")
    assert job.seconds_left() == (left if left is None else pytest.approx(left, rel=0.05))


def test_the_oldest_results_are_forgotten():
    desk = Desk()
    job = desk.ask(0, jobs_work.doubled, 0)
    assert job.finished.wait(WAIT)
    desk._jobs.update(dict.fromkeys(range(1, KEPT + 3), job))
    last = desk.ask("new", jobs_work.doubled, 1)
    assert last.finished.wait(WAIT)
    assert 0 not in desk._jobs
    assert KEPT + 2 in desk._jobs


def test_work_goes_on_while_someone_waits_for_it(monkeypatch):
    job = Desk().ask("shared", jobs_work.endless)
    job.look("one")
    job.look("other")
    job.leave("one")
    assert job.state is State.RUNNING
    job.leave("other")
    assert job.finished.wait(WAIT)
    assert job.state is State.CANCELLED


def test_who_has_gone_away_keeps_no_work_going(monkeypatch):
    job = Desk().ask("left", jobs_work.endless)
    job.look("gone")
    monkeypatch.setattr("analysis.jobs.WAITS_SECONDS", 0.0)
    job.leave("the last")
    assert job.finished.wait(WAIT)
    assert job.state is State.CANCELLED
