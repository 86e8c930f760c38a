"""The limit on BLAS threads: gone after the block, also where blocks nest, overlap or fail."""

from threading import Event, Thread

import pytest
from threadpoolctl import threadpool_info, threadpool_limits

import analysis.sem.api  # noqa: F401  (loads the libraries)
from analysis.sem.threads import one_thread

BEFORE = 2


def threads():
    return {library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"}


@pytest.fixture(autouse=True)
def _two_threads():
    with one_thread():
        pass
    with threadpool_limits(limits=BEFORE):
        yield


def test_blocks_nest():
    assert threads() == {BEFORE}
    with one_thread():
        with one_thread():
            assert threads() == {1}
        assert threads() == {1}
    assert threads() == {BEFORE}


def test_blocks_that_overlap_leave_what_they_found():
    """The first block ends while the second one runs, which found one thread and must not leave that."""
    inside, first_over = Event(), Event()

    def second():
        with one_thread():
            inside.set()
            first_over.wait(10)

    other = Thread(target=second)
    with one_thread():
        other.start()
        assert inside.wait(10)
    first_over.set()
    other.join(10)
    assert threads() == {BEFORE}


def test_an_error_ends_the_limit():
    with pytest.raises(ZeroDivisionError), one_thread():
        raise ZeroDivisionError
    assert threads() == {BEFORE}
