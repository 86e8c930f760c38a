"""``synergy analyse``: screen, measure, test and report in one go."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

HELP = "screen, measure, test and write the report"


def add(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("study", metavar="STUDY", type=Path)
    parser.add_argument(
        "answers",
        metavar="ANSWERS",
        type=Path,
        help="CSV, Parquet, Excel or SPSS; exports of other survey tools are mapped and accounted for",
    )
    parser.add_argument(
        "--mapping",
        metavar="FILE",
        type=Path,
        help="how columns and answers are read, as saved on the workbench",
    )
    parser.add_argument("--out", metavar="DIR", type=Path, required=True)
    parser.add_argument(
        "--db", metavar="URL", help="the store the study was fielded on: it knows the plan at opening"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--language", default="en", help="of the report: en or zh-CN")


def run(arguments: argparse.Namespace) -> int:
    """Write every file of the contract into the folder and print the verdicts."""
    from analysis.importing import answers_at
    from analysis.pipeline import analyse, write_tables
    from analysis.planning.power_run import cores
    from analysis.reporting.compose import compose
    from analysis.reporting.fonts import can_draw
    from analysis.reporting.html import to_html
    from analysis.reporting.replication import write_bundle, zip_folder
    from analysis.reporting.word import write_word
    from analysis.reporting.wording import words
    from questionnaire.loading import load_study

    study = load_study(arguments.study)
    answers, account = answers_at(study, arguments.answers, arguments.mapping)
    if account is not None:
        print(account, file=sys.stderr)
    registered = _plan_at_opening(arguments.db, study.code) if arguments.db else None
    result = analyse(
        study, answers, seed=arguments.seed, progress=telling(), registered_plan=registered, processes=cores()
    )
    arguments.out.mkdir(parents=True, exist_ok=True)
    written = write_tables(result, arguments.out)
    report = arguments.out / "report.html"
    document = compose(result, arguments.language)
    report.write_text(to_html(document), encoding="utf-8")
    write_word(document, arguments.out / "report.docx")
    if not all(can_draw(figure.svg) for section in document.sections for figure in section.figures):
        print(f"note: {words(arguments.language)('font_missing')}", file=sys.stderr)
    bundle = arguments.out / "replication"
    write_bundle(result, arguments.study.read_text(encoding="utf-8"), bundle)
    zip_folder(bundle, arguments.out / "replication.zip")
    for row in result.verdicts:
        if row.primary:
            estimate = "" if row.estimate is None else f"{row.estimate:.3f}"
            print(f"{row.hypothesis:<14} {estimate:>8}  {row.verdict}  {row.reason}".rstrip())
    for finding in result.findings:
        print(f"note: {finding}", file=sys.stderr)
    print(f"{report}, report.docx, {len(written)} tables and the replication bundle beside it")
    return 0


def telling() -> Callable[[float, str], None]:
    """Writes how far it is and what comes to the error output: a line for each new work or percent."""
    last = ("", "")

    def tell(done: float, what: str) -> None:
        nonlocal last
        # Counts of draws change many times in a percent.
        line = (f"{100 * done:3.0f}%", what.partition(":")[0])
        if line != last:
            print(f"{line[0]}  {what}", file=sys.stderr, flush=True)
            last = line

    return tell


def _plan_at_opening(database: str, code: str) -> str:
    from analysis.commands.errors import UnusableInputError
    from questionnaire.fielding.desk import plan_at_opening
    from questionnaire.storage import connect

    storage = connect(database)
    try:
        registered = plan_at_opening(storage, code)
    finally:
        storage.close()
    if registered is None:
        raise UnusableInputError(f"{database}: study {code} was never opened there, so no plan is stored")
    return registered
