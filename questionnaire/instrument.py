"""What a study asks: scales, items, constructs, questions, checks and the order they come in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Text = Mapping[str, str]
"""One string per language code, e.g. ``{"zh-CN": "同意", "en": "Agree"}``."""


@dataclass(frozen=True, slots=True)
class Scale:
    """A rating scale with answers 1…``points``; ``labels[language]`` names every point in order."""

    code: str
    points: int
    labels: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Item:
    """One rated statement. Answers are stored raw; ``reverse`` is applied in analysis only."""

    code: str
    construct: str
    wording: Text
    scale: str
    reverse: bool = False
    short: bool = True


class Role(StrEnum):
    """What part a construct plays in the theory."""

    FACET = "facet"
    PREDICTOR = "predictor"
    OUTCOME = "outcome"
    CONTROL = "control"
    MARKER = "marker"
    OPTIONAL = "optional"


@dataclass(frozen=True, slots=True)
class Construct:
    """A first-order construct measured by its items.

    ``dimension`` names the second-order construct it is a facet of (empty: none), ``source`` the
    publication its wording comes from and ``certainty`` how sure that attribution is.
    """

    code: str
    name: Text
    role: Role
    items: tuple[Item, ...]
    dimension: str = ""
    source: str = ""
    certainty: str = ""


@dataclass(frozen=True, slots=True)
class Dimension:
    """A second-order construct (a capital, or the outcome) with its facets in order."""

    code: str
    name: Text
    facets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to a question. ``pipes`` are the texts that choosing it puts into later wording."""

    code: str
    label: Text
    pipes: Mapping[str, Text] = field(default_factory=dict)
    free_text: bool = False
    exclusive: bool = False


class QuestionKind(StrEnum):
    """How a background question is answered."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    NUMBER = "number"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Question:
    """A background question. ``screen_out`` lists option codes that end the survey politely.

    ``consent_level`` is the least data-use tier at which it is asked at all.
    """

    code: str
    kind: QuestionKind
    wording: Text
    options: tuple[Option, ...] = ()
    required: bool = True
    prefer_not: bool = False
    screen_out: tuple[str, ...] = ()
    consent_level: int = 0
    minimum: float | None = None
    maximum: float | None = None


class CheckKind(StrEnum):
    """What a check item looks for."""

    INSTRUCTED = "instructed"
    INFREQUENCY = "infrequency"
    SERIOUSNESS = "seriousness"


@dataclass(frozen=True, slots=True)
class Check:
    """A data-quality item answered on ``scale``; an answer outside ``passing`` raises a flag."""

    code: str
    kind: CheckKind
    wording: Text
    scale: str
    passing: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """Elements that stand together: codes of constructs, questions and checks.

    A construct code stands for all its items. ``shuffle`` puts the elements in random order for each
    respondent; ``per_page`` splits them over pages; ``stem`` is read before each page.
    """

    code: str
    elements: tuple[str, ...]
    title: Text
    stem: Text = field(default_factory=dict)
    shuffle: bool = False
    per_page: int = 8


@dataclass(frozen=True, slots=True)
class Shuffled:
    """Blocks in random order, with ``inserts`` (block code → how many of them come before it)."""

    blocks: tuple[str, ...]
    inserts: Mapping[str, int] = field(default_factory=dict)


Sequence = tuple[str | Shuffled, ...]
"""One allowed order of blocks."""


@dataclass(frozen=True, slots=True)
class Form:
    """A length of the questionnaire: ``short_only`` keeps the short items, ``omit`` drops constructs."""

    code: str
    name: Text
    short_only: bool = False
    omit: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ConsentTier:
    """A graded permission to use data; level 0 is taking part at all, higher levels include lower ones."""

    level: int
    label: Text


@dataclass(frozen=True, slots=True)
class Consent:
    """What the respondent is told and asked before the first question."""

    text: Text
    tiers: tuple[ConsentTier, ...]
