"""``synergy check``: whether a study file can be used, what it will ask and what it will fit."""

from __future__ import annotations

import argparse
from pathlib import Path

HELP = "validate a study file and show what it asks and fits"


def add(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("study", metavar="STUDY", type=Path)
    parser.add_argument("--models", action="store_true", help="print the complete syntax of every model")


def run(arguments: argparse.Namespace) -> int:
    """Print the description; StudyError lists every problem of a file that cannot be used."""
    from questionnaire.description import describe
    from questionnaire.loading import load_study

    study = load_study(arguments.study)
    print(describe(study))
    if arguments.models:
        from analysis.synergy.overview import models_in_full

        print(f"\n{models_in_full(study)}")
    return 0
