"""The order in which one respondent meets the study: blocks, pages and elements."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from questionnaire.instrument import Block, Form, Sequence, Shuffled
from questionnaire.study import Study


@dataclass(frozen=True, slots=True)
class RoutePage:
    """One page: its code (block and number), its block and the codes shown on it, in order."""

    code: str
    block: str
    elements: tuple[str, ...]


def draw_route(study: Study, form: Form, seed: int) -> tuple[RoutePage, ...]:
    """Draw the presented order; the same study version, form and seed always give the same route.

    Python's Mersenne Twister seeded by a string is stable across platforms and versions; the route is
    stored with the answers all the same, so that no later change can reorder what was seen.
    """
    rng = random.Random(f"{study.content_hash}/{form.code}/{seed}")
    pages: list[RoutePage] = []
    for block in _blocks(study, rng.choice(study.sequences), rng):
        pages.extend(_pages(block, _elements(study, form, block, rng)))
    return tuple(pages)


def _blocks(study: Study, sequence: Sequence, rng: random.Random) -> Iterator[Block]:
    for step in sequence:
        if isinstance(step, Shuffled):
            order = rng.sample(step.blocks, len(step.blocks))
            for code, position in sorted(step.inserts.items(), key=lambda entry: -entry[1]):
                order.insert(position, code)
            yield from (study.block(code) for code in order)
        else:
            yield study.block(step)


def _elements(study: Study, form: Form, block: Block, rng: random.Random) -> list[str]:
    constructs = {construct.code: construct for construct in study.constructs}
    codes: list[str] = []
    for element in block.elements:
        construct = constructs.get(element)
        if construct is None:
            codes.append(element)
        elif element not in form.omit:
            codes.extend(item.code for item in construct.items if item.short or not form.short_only)
    if block.shuffle:
        rng.shuffle(codes)
    return codes


def _pages(block: Block, codes: list[str]) -> Iterator[RoutePage]:
    """Pages of nearly equal length: 13 elements at 8 a page are 7 and 6, not 8 and 5."""
    count = -(-len(codes) // block.per_page)
    start = 0
    for number in range(count):
        stop = start + -(-(len(codes) - start) // (count - number))
        code = block.code if count == 1 else f"{block.code}_{number + 1}"
        yield RoutePage(code, block.code, tuple(codes[start:stop]))
        start = stop


def default_form(study: Study) -> Form:
    """The form asked when a link names none: the first of the file."""
    return study.forms[0]
