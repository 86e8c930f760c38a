"""Every pipe is filled by an answer that is certain to be known when the text is shown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from questionnaire.study_file.check_layout import block_orders
from questionnaire.suggestion import suggestion

if TYPE_CHECKING:
    from questionnaire.instrument import Text
    from questionnaire.study import Study
    from questionnaire.study_file.problems import Collector

START = "-"
"""Stands for what may be shown before the first block; no block can have this code."""
_PIPE = re.compile(r"\{(\w+)\}")
_BRACES = re.compile(r"[{}]")


def check_pipes(study: Study, problems: Collector) -> None:
    """Report pipes that are unknown, half filled, cyclic or used before their question is asked."""
    sources = _sources(study, problems)
    _fillings(study, sources, problems)
    _cycles(_references(study), problems, study)
    if not problems.intact("questions"):
        return
    before = _asked_before(study, set(sources.values())) if problems.intact("blocks", "sequences") else None
    for path, block, text in _texts(study):
        used = list(_used(path, text, problems))
        for where, name in used:
            if name not in sources:
                problems.add(where, f'nothing fills the pipe "{{{name}}}"', suggestion(name, sources))
        for name in dict.fromkeys(name for _, name in used if name in sources):
            if before is not None and block in before and sources[name] not in before[block]:
                what = f'the pipe "{{{name}}}" is shown before or beside its question {sources[name]}'
                mend = f"Ask {sources[name]} in an earlier block, or write this text without the pipe."
                problems.add(path, what, mend)


def _sources(study: Study, problems: Collector) -> dict[str, str]:
    """Pipe name → code of the question whose options fill it."""
    sources: dict[str, str] = {}
    for question in study.questions:
        for option in question.options:
            for name in option.pipes:
                if sources.setdefault(name, question.code) != question.code:
                    where = f"questions[{question.code}].options[{option.code}].pipes.{name}"
                    what = f'the pipe "{name}" is already filled by {sources[name]}'
                    problems.add(where, what, "Fill a pipe from one question only; rename one.")
    return sources


def _fillings(study: Study, sources: Mapping[str, str], problems: Collector) -> None:
    questions = {question.code: question for question in study.questions}
    for name, code in sources.items():
        question = questions[code]
        for option in question.options:
            if name not in option.pipes and not option.free_text:
                where = f"questions[{code}].options[{option.code}]"
                mend = f"Add {name}: under its pipes."
                problems.add(where, f'the option "{option.code}" does not fill the pipe "{name}"', mend)
        for fault, holds in (
            ("may be left unanswered", not question.required),
            ('offers "prefer not to say"', question.prefer_not),
            ("is asked only from a higher consent tier on", question.consent_level > 0),
        ):
            if holds:
                what = f'the question fills the pipe "{name}" but {fault}'
                problems.add(f"questions[{code}]", what, "Make it a required question that everyone answers.")


def _references(study: Study) -> dict[str, set[str]]:
    """Pipe → pipes that stand in its own texts."""
    graph: dict[str, set[str]] = {}
    for question in study.questions:
        for option in question.options:
            for name, text in option.pipes.items():
                graph.setdefault(name, set()).update(*(_PIPE.findall(string) for string in text.values()))
    return graph


def _cycles(graph: Mapping[str, set[str]], problems: Collector, study: Study) -> None:
    for start in graph:
        way = _way_back(graph, start)
        # A circle is reported once, from its first name in alphabetical order.
        if way and start == min(way):
            what = "the pipes go in a circle: " + " → ".join(f"{{{name}}}" for name in (*way, start))
            problems.add(_place(study, start), what, "Write one of these texts without a pipe.")


def _way_back(graph: Mapping[str, set[str]], start: str) -> tuple[str, ...]:
    """The pipes on a way from ``start`` back to itself, or nothing."""
    ways: list[tuple[str, ...]] = [(start,)]
    seen: set[str] = set()
    while ways:
        way = ways.pop()
        for name in sorted(graph.get(way[-1], ())):
            if name == start:
                return way
            if name not in seen:
                seen.add(name)
                ways.append((*way, name))
    return ()


def _place(study: Study, name: str) -> str:
    for question in study.questions:
        for option in question.options:
            if name in option.pipes:
                return f"questions[{question.code}].options[{option.code}].pipes.{name}"
    return "questions"


def _texts(study: Study) -> Iterator[tuple[str, str, Text]]:
    """Path, block and text of everything shown; the block is empty where any pipe may stand."""
    block_of = {element: block.code for block in study.blocks for element in block.elements}
    yield "title", START, study.title
    yield "consent.text", START, study.consent.text
    for tier in study.consent.tiers:
        yield f"consent.tiers[{tier.level}].label", START, tier.label
    yield "screened_out", START, study.screened_out
    yield "thanks", "", study.thanks
    for scale in study.scales:
        for language, labels in scale.labels.items():
            for index, label in enumerate(labels):
                yield f"scales[{scale.code}].labels.{language}[{index}]", START, {language: label}
    for construct in study.constructs:
        for item in construct.items:
            path = f"constructs[{construct.code}].items[{item.code}].wording"
            yield path, block_of.get(construct.code, ""), item.wording
    for question in study.questions:
        block = block_of.get(question.code, "")
        yield f"questions[{question.code}].wording", block, question.wording
        for option in question.options:
            yield f"questions[{question.code}].options[{option.code}].label", block, option.label
            for name, text in option.pipes.items():
                yield f"questions[{question.code}].options[{option.code}].pipes.{name}", "", text
    for check in study.checks:
        yield f"checks[{check.code}].wording", block_of.get(check.code, ""), check.wording
    for shown in study.blocks:
        yield f"blocks[{shown.code}].title", shown.code, shown.title
        yield f"blocks[{shown.code}].stem", shown.code, shown.stem


def _used(path: str, text: Text, problems: Collector) -> Iterator[tuple[str, str]]:
    for language, string in text.items():
        if _BRACES.search(_PIPE.sub("", string)):
            mend = "Write a pipe as {name}; a text cannot hold braces otherwise."
            problems.add(f"{path}.{language}", "a brace that belongs to no pipe", mend)
        for name in dict.fromkeys(_PIPE.findall(string)):
            yield f"{path}.{language}", name


def _asked_before(study: Study, questions: set[str]) -> dict[str, set[str]]:
    """Block → those of ``questions`` that every sequence asks in an earlier step."""
    elements = {block.code: questions.intersection(block.elements) for block in study.blocks}
    before: dict[str, set[str]] = {START: set()}
    for sequence in study.sequences:
        asked: set[str] = set()
        own: dict[str, set[str]] = {}
        for step in block_orders(sequence):
            own.update((code, set(asked)) for code in step if code not in own)
            asked.update(*(elements.get(code, ()) for code in step))
        for code, earlier in own.items():
            before[code] = before[code] & earlier if code in before else earlier
    return before
