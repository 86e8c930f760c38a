"""``synergy restore``: bring a backup into an empty store."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from analysis.commands.serve import DEFAULT_DB

HELP = "bring a backup into an empty store"


def add(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    database = os.environ.get("SYNERGY_DB", DEFAULT_DB)
    parser.add_argument("file", metavar="FILE", type=Path)
    parser.add_argument("--db", metavar="URL", default=database, help=f"default {DEFAULT_DB}")


def run(arguments: argparse.Namespace) -> int:
    """Do it and say what was moved."""
    from questionnaire.ledger import first_broken
    from questionnaire.storage import connect
    from questionnaire.storage.backup import restore

    counts = restore(arguments.file, arguments.db)
    print(f"{sum(counts.values())} rows of {len(counts)} tables restored")
    storage = connect(arguments.db)
    try:
        for code in sorted({study.code for study in storage.studies()}):
            chain = storage.ledger(code)
            broken = first_broken(chain)
            state = "whole" if broken is None else f"BROKEN at entry {broken}"
            print(f"{code}: log of {len(chain)} finished respondents, {state}")
    finally:
        storage.close()
    return 0
