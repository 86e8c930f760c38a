"""Work done by a second process gives what it gives here, also where that process dies."""

import os
from concurrent.futures.process import BrokenProcessPool

import numpy as np
import pytest

from analysis.pipeline.beside import beside

HERE = os.getpid()


def shout(word: str) -> str:
    return word.upper()


def fail(word: str) -> str:
    raise ValueError(word)


def die_elsewhere(parent: int) -> int:
    if os.getpid() != parent:
        os._exit(1)
    return parent


@pytest.mark.parametrize("processes", [1, 2])
def test_results_and_errors_come_back(processes: int) -> None:
    with beside(processes) as other:
        said, failed = other.start(shout, "tea"), other.start(fail, "spilt")
        assert said.result() == "TEA"
        assert said.result() == "TEA"
        with pytest.raises(ValueError, match="spilt"):
            failed.result()


def test_another_process_does_it() -> None:
    with beside(2) as other:
        assert other.start(os.getpid).result() != HERE
        assert other.start(np.add, 1, 2).result() == 3
    with beside(1) as other:
        assert other.start(os.getpid).result() == HERE


def test_what_a_dead_process_left_is_done_here() -> None:
    with beside(2) as other:
        lost, next_one = other.start(die_elsewhere, HERE), other.start(shout, "on")
        assert lost.result() == HERE
        assert next_one.result() == "ON"
        assert other.start(shout, "still").result() == "STILL"


def test_an_error_of_the_caller_is_not_hidden() -> None:
    with pytest.raises(BrokenProcessPool), beside(2):
        raise BrokenProcessPool
