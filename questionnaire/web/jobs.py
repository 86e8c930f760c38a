"""Work that needs heavy libraries, done in a process of its own.

A thread that holds the interpreter's lock stops every respondent's page; another process does not.
"""

from __future__ import annotations

import codecs
import tempfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def in_own_process(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """``function``'s result, or its exception, from a fresh process that ends with it.

    ``function`` and what goes in and out must be importable by name or plain data. The process is started
    anew, not forked: a fork would copy the server's threads' locks in whatever state they are.
    """
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
        return pool.submit(function, *args, **kwargs).result()


FORMATS = {
    ".csv": "text/csv",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".sav": "application/x-spss-sav",
    ".parquet": "application/vnd.apache.parquet",
    ".xml": "application/xml",
}
"""What a study's answers can be had as, and ``.xml``: the DDI codebook that explains them."""


def answers_file(
    database: str, study_code: str, ending: str, language: str, *, free_text: bool = True
) -> bytes:
    """The answers of all versions of a study as a file of that ending, with labels in ``language``.

    CSV carries the mark that spreadsheets know UTF-8 by; what a spreadsheet would run as a formula cannot
    run in any of them. Without ``free_text`` what respondents wrote in their own words is left out: they may
    have named someone. Raises LookupError for a study the store does not have.
    """
    from questionnaire.exchange.ddi import write_ddi
    from questionnaire.exchange.files import write_answers
    from questionnaire.exchange.table import answers_table
    from questionnaire.instrument import QuestionKind
    from questionnaire.ledger import head
    from questionnaire.loading import parse_study
    from questionnaire.storage import connect

    storage = connect(database)
    try:
        versions = [version for version in storage.studies() if version.code == study_code]
        if not versions:
            raise LookupError(f"the store has no study {study_code!r}")
        newest = parse_study(versions[-1].text, study_code)
        hashes = {version.content_hash for version in versions}
        stored = [one for one in storage.respondents() if one.progress.study_hash in hashes]
        last = head(storage.ledger(study_code))
    finally:
        storage.close()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"answers{ending}")
        if ending == ".xml":
            write_ddi(newest, path, language, len(stored), last)
            return path.read_bytes()
        table = answers_table(newest, stored)
        if not free_text:
            written = [question.code for question in newest.questions if question.kind is QuestionKind.TEXT]
            named = {*written, *(f"{question.code}_text" for question in newest.questions)}
            table = table.drop(columns=[name for name in table.columns if name in named])
        write_answers(newest, table, path, language)
        mark = codecs.BOM_UTF8 if ending == ".csv" else b""
        return mark + path.read_bytes()
