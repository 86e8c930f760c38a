"""``synergy export``: the answers table out of the store, the codebook, or the replication bundle."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.commands.analyse import telling
from analysis.commands.serve import DEFAULT_DB

if TYPE_CHECKING:
    from questionnaire.ledger import LedgerEntry

HELP = "write a study's answers (.csv .parquet .xlsx .sav), codebook (.xml) or replication bundle (.zip)"


def add(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    database = os.environ.get("SYNERGY_DB", DEFAULT_DB)
    parser.add_argument("study", metavar="STUDY", type=Path)
    parser.add_argument("--db", metavar="URL", default=database, help=f"default {DEFAULT_DB}")
    parser.add_argument("--to", metavar="FILE", type=Path, required=True, help="its ending says the format")
    parser.add_argument("--finished", action="store_true", help="only those who sent the last page")
    parser.add_argument(
        "--min-tier",
        metavar="LEVEL",
        type=int,
        default=0,
        help="only those who agreed to at least this data use",
    )
    parser.add_argument(
        "--item-times", action="store_true", help="add when and how often each item was answered"
    )
    parser.add_argument(
        "--panel-ids",
        action="store_true",
        help="add the panel's ids of those who allowed re-contact (data use 2 or more)",
    )
    parser.add_argument(
        "--ledger", metavar="FILE", type=Path, help="also write the log of finished answers (.csv)"
    )
    parser.add_argument("--seed", type=int, default=1, help="of what the bundle's analysis draws")
    parser.add_argument("--language", default=None, help="of labels; default the study's first")


def run(arguments: argparse.Namespace) -> int:
    """Write the file and say what it holds."""
    from analysis.commands.errors import UnusableInputError
    from analysis.reporting.stored_bundle import bundle_of
    from questionnaire.exchange.ddi import write_ddi
    from questionnaire.exchange.files import WRITERS, write_answers
    from questionnaire.exchange.table import answers_table, completed
    from questionnaire.journey import known_language
    from questionnaire.ledger import head
    from questionnaire.loading import load_study
    from questionnaire.storage import connect

    study = load_study(arguments.study)
    endings = (*WRITERS, ".xml", ".zip")
    if arguments.to.suffix.lower() not in endings:
        raise UnusableInputError(f"{arguments.to}: the file must end in one of {', '.join(endings)}")
    language = known_language(study, arguments.language or study.languages[0])
    storage = connect(arguments.db)
    try:
        stored = storage.respondents(study.content_hash)
        others = len(storage.respondents()) - len(stored)
        chain = storage.ledger(study.code)
        asked = completed(stored) if arguments.finished else list(stored)
        kept = [one for one in asked if (one.progress.consent_level or 0) >= arguments.min_tier]
        if arguments.to.suffix.lower() == ".zip":
            text = arguments.study.read_text(encoding="utf-8-sig")
            arguments.to.write_bytes(
                bundle_of(storage, study, text, kept, seed=arguments.seed, progress=telling())
            )
            print(f"{arguments.to}: what it takes to fit the models again, without respondents' codes")
            return 0
    finally:
        storage.close()
    if arguments.to.suffix.lower() == ".xml":
        _publish(chain, arguments.ledger)
        write_ddi(study, arguments.to, language, len(kept), head(chain))
        print(f"{arguments.to}: DDI codebook in {language}")
        return 0
    table = answers_table(
        study, kept, with_item_times=arguments.item_times, with_panel_ids=arguments.panel_ids
    )
    write_answers(study, table, arguments.to, language)
    print(f"{arguments.to}: {len(table)} respondents, {table.shape[1]} columns")
    if len(kept) < len(asked):
        print(f"{len(asked) - len(kept)} respondents did not agree to data use {arguments.min_tier} or more")
    _publish(chain, arguments.ledger)
    if others:
        print(f"{others} respondents of other studies or versions are in the store and not in the file")
    return 0


def _publish(chain: Sequence[LedgerEntry], path: Path | None) -> None:
    """Say the head of the log, which is to be published with the answers, and write the log if asked to."""
    from questionnaire.ledger import first_broken, head, ledger_csv

    broken = first_broken(chain)
    state = "whole" if broken is None else f"BROKEN at entry {broken}"
    print(f"log of finished answers: {len(chain)} entries, {state}, head {head(chain)}")
    if path is not None:
        path.write_text(ledger_csv(chain), encoding="utf-8", newline="")
        print(f"{path}: the log; it holds no answers and leads to nobody")
