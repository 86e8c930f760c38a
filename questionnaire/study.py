"""The study: one frozen value that holds everything a survey asks and a theory claims."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from questionnaire.instrument import (
    Block,
    Check,
    Consent,
    Construct,
    Dimension,
    Form,
    Item,
    Question,
    Scale,
    Sequence,
    Text,
)
from questionnaire.plan import Case, Claim, Group, Hypothesis, Measurement, Model, Rules, ScreeningRule, Wave
from questionnaire.recruitment import Cell, Stop

T = TypeVar("T")


@dataclass(frozen=True)
class Study:
    """A validated study file.

    ``content_hash`` identifies the version answers were given to; ``plan_hash`` covers only the models,
    hypotheses, rules, screening and measurement, so that a report can tell confirmatory from exploratory.
    ``source`` cites the theory, ``about`` tells researchers what the study is and is not.
    ``review`` shows all answers before they are sent, ``profile`` shows a respondent's own scores after the
    end, ``redirect`` is the address that follows, with {parameters} kept from the link, beside those for
    whoever is screened out or finds no place. ``panel`` names more parameters to keep.
    ``quotas`` and ``stop`` are what fielding begins with.
    """

    code: str
    version: str
    title: Text
    languages: tuple[str, ...]
    scales: tuple[Scale, ...]
    constructs: tuple[Construct, ...]
    dimensions: tuple[Dimension, ...]
    questions: tuple[Question, ...]
    checks: tuple[Check, ...]
    blocks: tuple[Block, ...]
    sequences: tuple[Sequence, ...]
    forms: tuple[Form, ...]
    consent: Consent
    thanks: Text
    screened_out: Text
    groups: tuple[Group, ...]
    waves: tuple[Wave, ...]
    measurement: Measurement
    models: tuple[Model, ...]
    hypotheses: tuple[Hypothesis, ...]
    rules: Rules
    screening: tuple[ScreeningRule, ...]
    content_hash: str
    plan_hash: str
    source: str = ""
    about: Text = field(default_factory=dict)
    claims: tuple[Claim, ...] = ()
    cases: tuple[Case, ...] = ()
    review: bool = False
    profile: bool = False
    redirect: str = ""
    screened_out_redirect: str = ""
    quota_full_redirect: str = ""
    panel: tuple[str, ...] = ()
    quotas: tuple[Cell, ...] = ()
    stop: Stop = field(default_factory=Stop)

    @property
    def addresses(self) -> tuple[str, ...]:
        """Where the file sends respondents in the end, whichever it is."""
        named = (self.redirect, self.screened_out_redirect, self.quota_full_redirect)
        return tuple(address for address in named if address)

    @cached_property
    def items(self) -> dict[str, Item]:
        """Every item by its code, in the order of the file."""
        return {item.code: item for construct in self.constructs for item in construct.items}

    def scale(self, code: str) -> Scale:
        """The scale of that code (KeyError if there is none; the loader guarantees references)."""
        return self._by_code(self.scales, code)

    def construct(self, code: str) -> Construct:
        """The construct of that code."""
        return self._by_code(self.constructs, code)

    def dimension(self, code: str) -> Dimension:
        """The dimension of that code."""
        return self._by_code(self.dimensions, code)

    def question(self, code: str) -> Question:
        """The background question of that code."""
        return self._by_code(self.questions, code)

    def check(self, code: str) -> Check:
        """The check item of that code."""
        return self._by_code(self.checks, code)

    def block(self, code: str) -> Block:
        """The block of that code."""
        return self._by_code(self.blocks, code)

    def form(self, code: str) -> Form:
        """The form of that code."""
        return self._by_code(self.forms, code)

    def model(self, code: str) -> Model:
        """The structural model of that code."""
        return self._by_code(self.models, code)

    def answer_codes(self) -> Iterator[str]:
        """Codes of everything a respondent may answer: items, checks and questions, in file order."""
        yield from self.items
        yield from (check.code for check in self.checks)
        yield from (question.code for question in self.questions)

    @staticmethod
    def _by_code(members: tuple[T, ...], code: str) -> T:
        for member in members:
            if getattr(member, "code", None) == code:
                return member
        raise KeyError(code)
