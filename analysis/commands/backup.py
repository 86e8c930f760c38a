"""``synergy backup``: write a whole store, as of one moment, to one file with checksums."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from analysis.commands.serve import DEFAULT_DB

HELP = "write a whole store, as of one moment, to one file with checksums"


def add(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    database = os.environ.get("SYNERGY_DB", DEFAULT_DB)
    parser.add_argument("--to", metavar="FILE", type=Path, required=True, help="a new file, .jsonl.gz")
    parser.add_argument("--db", metavar="URL", default=database, help=f"default {DEFAULT_DB}")


def run(arguments: argparse.Namespace) -> int:
    """Do it and say what was moved."""
    from questionnaire.storage.backup import backup

    counts = backup(arguments.db, arguments.to)
    print(
        f"{arguments.to}: {sum(counts.values())} rows of {len(counts)} tables; it holds answers, keep it safe"
    )
    return 0
