"""What only the system has, and benchmarks compare with or measure in."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Part:
    """A program that may not be on this machine."""

    name: str
    how: str
    """What to type to get it."""
    find: Callable[[], str | None]
    """Where it is, None where it is not or lacks something."""

    @cached_property
    def place(self) -> str | None:
        return self.find()

    @property
    def missing(self) -> str:
        """The one line that is said where it is not there."""
        return f"{self.name} is not on this machine; to get it: {self.how}"


def _r_with_lavaan() -> str | None:
    program = shutil.which("Rscript")
    if program is None:
        return None
    asked = [
        program,
        "--vanilla",
        "-e",
        "library(lavaan); library(jsonlite)",
    ]
    return program if subprocess.run(asked, capture_output=True, check=False).returncode == 0 else None


def _chromium() -> str | None:
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


R = Part("R with lavaan and jsonlite", "apt-get install r-cran-lavaan r-cran-jsonlite", _r_with_lavaan)
CHROMIUM = Part("Chromium", "apt-get install chromium", _chromium)
