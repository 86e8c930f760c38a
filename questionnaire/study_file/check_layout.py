"""Everything is asked exactly once, in every order a respondent may meet."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from questionnaire.instrument import Shuffled
from questionnaire.suggestion import suggestion

if TYPE_CHECKING:
    from questionnaire.instrument import Sequence
    from questionnaire.study import Study
    from questionnaire.study_file.problems import Collector


def check_layout(study: Study, problems: Collector) -> None:
    """Report every fault in blocks, sequences, forms, groups and waves."""
    _blocks(study, problems)
    _sequences(study, problems)
    _forms(study, problems)
    _groups(study, problems)
    for index, wave in enumerate(study.waves):
        if wave.days_after < 0:
            problems.add(
                f"waves[{wave.code}].days_after", "a negative number of days", "Count from the wave before."
            )
        elif index and not wave.days_after and problems.intact(f"waves[{wave.code}]"):
            where = f"waves[{wave.code}].days_after"
            problems.add(
                where, "a later wave on the day of the one before", "Write how many days lie between."
            )


def block_orders(sequence: Sequence) -> list[tuple[str, ...]]:
    """The blocks of a sequence in steps: those within one step may come in any order."""
    return [(*step.blocks, *step.inserts) if isinstance(step, Shuffled) else (step,) for step in sequence]


def _blocks(study: Study, problems: Collector) -> None:
    known = _placeable(study)
    readable = problems.intact("constructs", "questions", "checks")
    placed: Counter[str] = Counter()
    for block in study.blocks:
        path = f"blocks[{block.code}]"
        if not block.elements and problems.intact(path):
            problems.add(f"{path}.elements", "the block is empty", "List what it asks, or remove it.")
        if block.per_page < 1 and problems.intact(path):
            problems.add(f"{path}.per_page", f"{block.per_page} elements a page", "Write 1 or more.")
        for index, element in enumerate(block.elements):
            placed[element] += 1
            where = f"{path}.elements[{index}]"
            if element and element not in known and readable:
                what = f'"{element}" is not a construct, question or check'
                problems.add(where, what, suggestion(element, known))
            elif element and placed[element] == 2:
                problems.add(
                    where, f'"{element}" is placed a second time', "Ask everything once; remove one."
                )
    if problems.intact("blocks"):
        for element, path in known.items():
            if not placed[element]:
                problems.add(
                    path,
                    f'"{element}" is in no block and would never be asked',
                    "Add it to a block, or remove it.",
                )


def _placeable(study: Study) -> dict[str, str]:
    paths = {c.code: f"constructs[{c.code}]" for c in study.constructs}
    paths |= {q.code: f"questions[{q.code}]" for q in study.questions}
    paths |= {c.code: f"checks[{c.code}]" for c in study.checks}
    return {code: path for code, path in paths.items() if code}


def _sequences(study: Study, problems: Collector) -> None:
    known = {block.code for block in study.blocks}
    if not study.sequences and problems.intact("sequences"):
        problems.add("sequences", "no order of blocks is given", "List at least one sequence of block codes.")
    for number, sequence in enumerate(study.sequences):
        path = f"sequences[{number}]"
        placed: Counter[str] = Counter()
        for index, step in enumerate(sequence):
            codes = block_orders((step,))[0]
            for code in codes:
                placed[code] += 1
                if code and code not in known and problems.intact("blocks"):
                    what = f'"{code}" is not a block'
                    problems.add(f"{path}[{index}]", what, suggestion(code, known))
                elif placed[code] == 2:
                    problems.add(f"{path}[{index}]", f'the block "{code}" comes twice', "Remove one.")
            if isinstance(step, Shuffled):
                for code, before in step.inserts.items():
                    if not 0 <= before <= len(step.blocks):
                        what = f'"{code}" after {before} of {len(step.blocks)} blocks'
                        problems.add(
                            f"{path}[{index}].inserts.{code}", what, f"Write 0 to {len(step.blocks)}."
                        )
        if problems.intact("blocks", path):
            for code in (block.code for block in study.blocks if not placed[block.code]):
                mend = "Put it in its place; every order asks every block."
                problems.add(path, f'the block "{code}" is left out of this sequence', mend)


def _forms(study: Study, problems: Collector) -> None:
    known = {construct.code for construct in study.constructs}
    if not study.forms and problems.intact("forms"):
        problems.add("forms", "no form is defined", "Define at least one; the first is the default.")
    for form in study.forms:
        for index, code in enumerate(form.omit):
            if code not in known and problems.intact("constructs"):
                where = f"forms[{form.code}].omit[{index}]"
                problems.add(where, f'"{code}" is not a construct', suggestion(code, known))
        for construct in study.constructs if form.short_only else ():
            if (
                construct.code not in form.omit
                and construct.items
                and not any(i.short for i in construct.items)
            ):
                what = f'no item of "{construct.code}" is in the short form "{form.code}"'
                problems.add(
                    f"constructs[{construct.code}]", what, "Keep an item, or list the construct under omit."
                )


def _groups(study: Study, problems: Collector) -> None:
    questions = {question.code: question for question in study.questions}
    for group in study.groups:
        path = f"groups[{group.code}]"
        question = questions.get(group.question)
        if question is None:
            if group.question and problems.intact("questions"):
                what = f'the question "{group.question}" is not defined'
                problems.add(f"{path}.question", what, suggestion(group.question, questions))
            continue
        options = {option.code for option in question.options}
        taken: set[str] = set()
        for label, members in group.members.items():
            for code in members:
                where = f"{path}.members.{label}"
                if code not in options and problems.intact("questions"):
                    problems.add(
                        where, f'"{code}" is not an option of {question.code}', suggestion(code, options)
                    )
                elif code in taken:
                    problems.add(where, f'"{code}" is in two groups', "Put every option in one group.")
                taken.add(code)
        if len(group.members) < 2 and problems.intact(path):
            problems.add(f"{path}.members", "fewer than two groups", "A comparison needs two or more.")
