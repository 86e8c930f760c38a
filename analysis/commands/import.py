"""``synergy import``: answers given elsewhere, as respondents of a study version."""

# ruff: noqa: N999  # a subcommand's module has the subcommand's name

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from analysis.commands.serve import DEFAULT_DB

HELP = "bring an answers table or another tool's export into the store, whole or not at all"
PROBLEMS_MAX = 30
"""Listed one by one; more say the same again."""


def add(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    database = os.environ.get("SYNERGY_DB", DEFAULT_DB)
    parser.add_argument("study", metavar="STUDY", type=Path)
    parser.add_argument("file", metavar="FILE", type=Path, help="as `synergy analyse` reads")
    parser.add_argument("--db", metavar="URL", default=database, help=f"default {DEFAULT_DB}")
    parser.add_argument(
        "--mapping",
        metavar="FILE",
        type=Path,
        help="how columns and answers are read, as saved on the workbench",
    )
    parser.add_argument(
        "--finished-only",
        action="store_true",
        help="leave out people who did not finish, where the file says so",
    )
    parser.add_argument(
        "--consent", metavar="LEVEL", type=int, help="the data use agreed to, for rows without consent_level"
    )


def run(arguments: argparse.Namespace) -> int:
    """Check every cell, then store every row."""
    from analysis.commands.errors import UnusableInputError
    from analysis.importing import answers_at
    from questionnaire.exchange.intake import take_in
    from questionnaire.loading import load_study
    from questionnaire.service import Fielding, utc_now
    from questionnaire.storage import KnownRespondentError, connect

    study = load_study(arguments.study)
    table, account = answers_at(study, arguments.file, arguments.mapping)
    if account is not None:
        print(account, file=sys.stderr)
    if arguments.finished_only and "status" in table:
        finished = table["status"].isin(("", "finished"))
        print(f"left out, not finished: {int((~finished).sum())} respondents")
        table = table[finished]
    rows = [{str(name): cell for name, cell in row.items()} for row in table.to_dict("records")]
    intake = take_in(study, rows, utc_now(), arguments.consent)
    if intake.problems:
        listed = "\n  ".join(str(problem) for problem in intake.problems[:PROBLEMS_MAX])
        more = len(intake.problems) - PROBLEMS_MAX
        rest = f"\n  and {more} more" if more > 0 else ""
        raise UnusableInputError(f"{arguments.file}: nothing was stored\n  {listed}{rest}")
    storage = connect(arguments.db)
    try:
        Fielding(study, arguments.study.read_text(encoding="utf-8-sig"), storage)
        new = storage.bring_in(intake.respondents)
    except KnownRespondentError as error:
        raise UnusableInputError(f"{arguments.file}: nothing was stored; {error}") from error
    finally:
        storage.close()
    print(f"{new} respondents stored as imported, {len(intake.respondents) - new} were there already")
    if intake.left_out:
        print(f"columns the study does not know, left out: {', '.join(intake.left_out)}")
    return 0
