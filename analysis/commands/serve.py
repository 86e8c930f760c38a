"""``synergy serve``: the survey, the researchers' pages and the workbench."""

from __future__ import annotations

import argparse
import os

HELP = "serve the survey and the workbench"
DEFAULT_DB = "sqlite:///synergy.sqlite"


def add(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument(
        "--db", metavar="URL", default=os.environ.get("SYNERGY_DB", DEFAULT_DB), help=DEFAULT_DB
    )
    parser.add_argument("--port", type=int, default=int(os.environ.get("SYNERGY_PORT", "8501")))
    parser.add_argument("--host", default=os.environ.get("SYNERGY_HOST", "127.0.0.1"))
    parser.add_argument("--study", metavar="FILE", action="append", default=[], help="may be repeated")
    parser.add_argument(
        "--no-open", action="store_true", help="leave studies that were never opened closed to respondents"
    )
    parser.add_argument("--demo", action="store_true", help="offer synthetic demo answers in the workbench")


def run(arguments: argparse.Namespace) -> int:
    """Serve until interrupted."""
    from questionnaire.web.server import serve

    if arguments.demo:
        os.environ["SYNERGY_DEMO"] = "1"
    serve(
        arguments.db,
        arguments.port,
        host=arguments.host,
        studies=arguments.study,
        opens=not arguments.no_open,
    )
    return 0
