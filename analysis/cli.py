"""The ``synergy`` command: finds the subcommand and turns errors into messages and exit codes.

0 done · 1 the input was found unusable (the message says why) · 2 wrong usage.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

from analysis.commands.audited import recorded

COMMANDS = (
    "serve",
    "check",
    "fit",
    "analyse",
    "simulate",
    "power",
    "field",
    "import",
    "export",
    "backup",
    "restore",
    "bench",
)
"""Each is a module of :mod:`analysis.commands` with ``add(parser)``, ``run(arguments)`` and ``HELP``."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one subcommand and return its exit code."""
    parser = build_parser()
    arguments = parser.parse_args(argv)
    command = importlib.import_module(f"analysis.commands.{arguments.command}")
    try:
        with recorded(arguments):
            return int(command.run(arguments))
    except BrokenPipeError:
        # Whoever read the output (`| head`) has read enough; nothing may be written at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
    except Exception as error:
        message = _explain(error)
        if message is None:
            raise
        print(f"synergy {arguments.command}: {message}", file=sys.stderr)
        return 1


def build_parser() -> argparse.ArgumentParser:
    """The parser of every subcommand; imports none of their heavy libraries."""
    parser = argparse.ArgumentParser(
        prog="synergy", description="Field a survey, fit its models, decide its hypotheses."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name in COMMANDS:
        module = importlib.import_module(f"analysis.commands.{name}")
        module.add(commands.add_parser(name, help=module.HELP, description=module.HELP))
    return parser


def _explain(error: Exception) -> str | None:
    """The message for an error that is about the input; None for a defect, which keeps its traceback."""
    from analysis.commands.errors import UnusableInputError
    from questionnaire.loading import StudyError
    from questionnaire.storage import StorageUnavailableError, UnknownStoreError, UnknownStudyError

    known: tuple[type[Exception], ...] = (
        UnusableInputError,
        StudyError,
        StorageUnavailableError,
        UnknownStoreError,
        UnknownStudyError,
        OSError,
    )
    if isinstance(error, known):
        return str(error)
    # Only analyses load the engine; an error of its kind cannot come up where it is not loaded.
    for module, name in (
        ("analysis.sem.errors", "SemError"),
        ("analysis.preparation.answers", "AnswersError"),
        ("questionnaire.storage.backup", "BackupError"),
        ("questionnaire.access.institution_settings", "SettingsError"),
    ):
        loaded = sys.modules.get(module)
        if loaded is not None and isinstance(error, getattr(loaded, name)):
            return str(error)
    return None


if __name__ == "__main__":
    sys.exit(main())
