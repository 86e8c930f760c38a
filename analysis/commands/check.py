"""``synergy check``: whether a study file can be used, what it will ask and what it will fit."""

from __future__ import annotations

import argparse
from pathlib import Path

HELP = "validate a study file and show what it asks and fits"


def add(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("study", metavar="STUDY", type=Path)
    parser.add_argument("--models", action="store_true", help="print the full syntax of every model")


def run(arguments: argparse.Namespace) -> int:
    """Print the description; StudyError lists every problem of a file that cannot be used."""
    from questionnaire.study_file.description import describe

    from analysis.synergy.overview import what_is_fitted
    from questionnaire.loading import load_study

    study = load_study(arguments.study)
    print(describe(study))
    print()
    print(what_is_fitted(study, full=arguments.models))
    return 0
