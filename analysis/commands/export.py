"""``synergy export``: the answers table out of the store."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from analysis.commands.serve import DEFAULT_DB

HELP = "write the answers table of a study as CSV or Parquet"


def add(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("study", metavar="STUDY", type=Path)
    parser.add_argument(
        "--db", metavar="URL", default=os.environ.get("SYNERGY_DB", DEFAULT_DB), help=DEFAULT_DB
    )
    parser.add_argument("--to", metavar="FILE", type=Path, required=True, help="ends in .csv or .parquet")
    parser.add_argument("--finished", action="store_true", help="only those who sent the last page")


def run(arguments: argparse.Namespace) -> int:
    """Write the file and say what it holds."""
    from analysis.commands.errors import UnusableInputError
    from questionnaire.exchange.table import answers_table, completed
    from questionnaire.loading import load_study
    from questionnaire.storage import connect

    study = load_study(arguments.study)
    if arguments.to.suffix not in (".csv", ".parquet"):
        raise UnusableInputError(f"{arguments.to}: the file must end in .csv or .parquet")
    storage = connect(arguments.db)
    try:
        stored = storage.respondents(study.content_hash)
        others = len(storage.respondents()) - len(stored)
    finally:
        storage.close()
    kept = completed(stored) if arguments.finished else list(stored)
    table = answers_table(study, kept)
    if arguments.to.suffix == ".csv":
        table.to_csv(arguments.to, index=False, encoding="utf-8")
    else:
        table.to_parquet(arguments.to, index=False)
    print(f"{arguments.to}: {len(table)} respondents, {table.shape[1]} columns")
    if others:
        print(f"{others} respondents of other studies or versions are in the store and not in the file")
    return 0
