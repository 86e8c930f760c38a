"""``synergy bench``: the benchmarks behind every figure in the documentation."""

from __future__ import annotations

import argparse
import importlib
import sys
from pathlib import Path

HELP = "run the benchmarks"
ROOT = Path(__file__).parents[2]


def add(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("names", metavar="NAME", nargs="*", help="which ones (default: all)")
    parser.add_argument("--list", action="store_true", help="list them")


def run(arguments: argparse.Namespace) -> int:
    """Run each benchmark in turn; every one prints both sides and their ratio."""
    from analysis.commands.errors import UnusableInputError

    folder = ROOT / "benchmarks"
    known = sorted(
        path.stem for path in folder.glob("*.py") if "\ndef main(" in path.read_text(encoding="utf-8")
    )
    unknown = sorted(set(arguments.names) - set(known))
    if unknown:
        raise UnusableInputError(f"no benchmark {', '.join(unknown)}; there are {', '.join(known)}")
    if arguments.list:
        print("\n".join(known))
        return 0
    sys.path.insert(0, str(ROOT))
    for name in arguments.names or known:
        print(f"== {name}", flush=True)
        importlib.import_module(f"benchmarks.{name}").main()
    return 0
