"""``synergy simulate``: synthetic respondents from a known population."""

from __future__ import annotations

import argparse
from pathlib import Path

HELP = "draw synthetic respondents from the study's population"


def add(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("study", metavar="STUDY", type=Path)
    parser.add_argument("--n", type=int, required=True, help="respondents")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--out", metavar="FILE", type=Path, required=True, help="ends in .csv or .parquet")
    parser.add_argument("--scenario", default=None, help="a scenario of the population file")
    parser.add_argument("--careless", type=float, default=0.0, help="share of careless respondents")
    parser.add_argument("--missing", type=float, default=0.0, help="share of items left out at random")
    parser.add_argument("--dropout", type=float, default=0.0, help="share that stops midway")


def run(arguments: argparse.Namespace) -> int:
    """Write the answers table; every row is marked synthetic."""
    from analysis.commands.errors import UnusableInputError
    from analysis.planning.simulate import simulate
    from questionnaire.loading import load_study

    if arguments.n < 1:
        raise UnusableInputError("--n: at least 1 respondent")
    if arguments.out.suffix not in (".csv", ".parquet"):
        raise UnusableInputError(f"{arguments.out}: the file must end in .csv or .parquet")
    study = load_study(arguments.study)
    options = {"scenario": arguments.scenario} if arguments.scenario else {}
    table = simulate(
        study,
        arguments.n,
        arguments.seed,
        careless=arguments.careless,
        item_missing=arguments.missing,
        dropout=arguments.dropout,
        **options,
    )
    if arguments.out.suffix == ".csv":
        table.to_csv(arguments.out, index=False, encoding="utf-8")
    else:
        table.to_parquet(arguments.out, index=False)
    print(f"{arguments.out}: {len(table)} synthetic respondents, seed {arguments.seed}")
    return 0
