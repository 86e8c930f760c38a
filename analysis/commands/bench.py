"""``synergy bench``: the benchmarks behind every figure in the documentation."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

HELP = "run the benchmarks"
ROOT = Path(__file__).parents[2]


def add(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--list", action="store_true", help="name each, what it measures and when it runs")
    words = parser.add_argument(
        "words",
        metavar="NAME",
        nargs=argparse.PARSER,
        default=[],
        help="the one to run, followed by its own options (default: all that take minutes)",
    )
    # Whatever follows the name is the benchmark's own, options too, which only this kind of argument takes.
    words.required = False


def run(arguments: argparse.Namespace) -> int:
    """Run one benchmark with its options, or each of the default set in turn.

    Returns 1 where something could not be measured or a bound is broken, and says of which.
    """
    names = known()
    if arguments.list:
        for name in names:
            benchmark = load(name)
            print(f"{name:<22}{benchmark.summary}\n{'':<22}[{benchmark.marks}]")
        return 0
    if arguments.words:
        return run_one(arguments.words[0], arguments.words[1:])
    wanting = [name for name in names if not load(name).by_name and run_one(name, [])]
    if wanting:
        print(f"\nnot measured in full, or a bound is broken: {', '.join(wanting)}", file=sys.stderr)
    return int(bool(wanting))


def known() -> list[str]:
    """The names of all benchmarks: the modules of the folder; what they share lies in its ``tools``."""
    return sorted(path.stem for path in (ROOT / "benchmarks").glob("[!_]*.py"))


def load(name: str) -> Any:
    """The :class:`benchmarks.tools.benchmark.Benchmark` of that name; UnusableInputError without one."""
    from analysis.commands.errors import UnusableInputError

    if name not in known():
        raise UnusableInputError(f"no benchmark {name}; there are {', '.join(known())}")
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    return importlib.import_module(f"benchmarks.{name}").BENCHMARK


def run_one(name: str, words: Sequence[str]) -> int:
    """Run one under its title and return its code."""
    benchmark = load(name)
    print(f"== {name}: {benchmark.summary}", flush=True)
    return int(benchmark.main(words, prog=f"synergy bench {name}"))
