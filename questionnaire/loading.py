"""Study files in and out: YAML text becomes a validated Study, or a StudyError with every problem in it."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from questionnaire.study import Study
from questionnaire.study_file.check_ending import check_ending
from questionnaire.study_file.check_instrument import check_instrument
from questionnaire.study_file.check_layout import check_layout
from questionnaire.study_file.check_pipes import check_pipes
from questionnaire.study_file.check_plan import check_plan
from questionnaire.study_file.check_questions import check_questions
from questionnaire.study_file.check_recruitment import check_recruitment
from questionnaire.study_file.check_source import check_source
from questionnaire.study_file.nodes import MAX_BYTES, ListNode, MapNode, Node, Scalar, parse, too_large
from questionnaire.study_file.problems import Collector, Problem, StudyError, TooManyProblemsError
from questionnaire.study_file.reading import Reader
from questionnaire.study_file.shorthand import spread_shared_keys
from questionnaire.study_file.writing import UNSTATED, content_hash, plan_hash, to_yaml

__all__ = ["Problem", "StudyError", "dump_study", "load_study", "parse_study"]


def load_study(path: Path | str) -> Study:
    """The study in a file; raises StudyError (unusable content) or OSError (no such file)."""
    path = Path(path)
    problems = Collector(str(path))
    size = path.stat().st_size
    if size > MAX_BYTES:
        too_large(size, problems)
        raise StudyError(problems.problems)
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        what = f"byte {error.start} is not UTF-8"
        problems.add("", what, "Save the file with the encoding UTF-8.", line=line)
        raise StudyError(problems.problems) from error
    return parse_study(text, str(path))


def parse_study(text: str, name: str) -> Study:
    """The study in ``text``; ``name`` stands for the file in messages. Raises StudyError."""
    problems = Collector(name)
    study: Study | None = None
    try:
        root = parse(text, problems)
        if root is not None:
            study = _read(root, problems)
        if study is not None:
            for check in (
                check_instrument,
                check_questions,
                check_layout,
                check_pipes,
                check_plan,
                check_source,
                check_ending,
                check_recruitment,
            ):
                check(study, problems)
    except TooManyProblemsError:
        study = None
    if problems.problems or study is None:
        raise StudyError(sorted(problems.problems, key=lambda problem: problem.line))
    return identified(study)


def dump_study(study: Study) -> str:
    """YAML text that reads back as the same study."""
    return to_yaml(study)


def identified(study: Study) -> Study:
    """The study with its hashes computed anew from what it now says."""
    return dataclasses.replace(study, content_hash=content_hash(study), plan_hash=plan_hash(study))


def _read(root: Node, problems: Collector) -> Study | None:
    reader = Reader(problems)
    if isinstance(root, MapNode):
        reader.languages = _languages(root)
        spread_shared_keys(root)
    study: Study | None = reader.record(root, "", Study, skip=UNSTATED)
    return study


def _languages(root: MapNode) -> tuple[str, ...]:
    """Language codes, needed before any text is read; faults in them are reported in their turn."""
    node = root.members.get("languages")
    members = node.members if isinstance(node, ListNode) else []
    return tuple(member.text for member in members if isinstance(member, Scalar))
