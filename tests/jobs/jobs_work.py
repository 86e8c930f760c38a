"""Work for the tests of jobs; a module of its own, since workers import it by name."""

import os
import time


def doubled(value, progress):
    progress(0.5, "half")
    return 2 * value, os.getpid()


def broken(progress):
    raise ValueError("the reason")


def endless(progress):
    progress(0.1, "started")
    time.sleep(600)


def busy(progress):
    progress(0.1, "started")
    while True:
        sum(range(100_000))


def killed(progress):
    os._exit(3)
