"""What a study claims: models, hypotheses and the rules that decide them, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from questionnaire.instrument import Text


class Indicators(StrEnum):
    """What stands under a model's latent variables."""

    ITEMS = "items"
    PARCELS = "parcels"


@dataclass(frozen=True, slots=True)
class Model:
    """A named structural model in lavaan syntax over construct and dimension codes.

    Only the structural part is written; the compiler adds the measurement part of the latent variables
    it names: a dimension stands on its facets, a construct on its items (or on one parcel when it is a
    single indicator), and a facet of a dimension in the same model is that dimension's parcel. ``S:R``
    is the latent product of S and R, ``S:S`` a square, ``S:R:C`` a triple; the compiler adds their
    indicators and residual covariances. ``extends`` names a model whose structural part comes first,
    ``latents`` what enters without a path. ``equivalent`` names models that fit the same data exactly
    as well, so that no data can tell them apart. In a ``lagged`` model the right-hand side of ``~`` is
    one wave earlier than the left.
    """

    code: str
    name: Text
    indicators: Indicators
    syntax: str = ""
    extends: str = ""
    equivalent: tuple[str, ...] = ()
    latents: tuple[str, ...] = ()
    lagged: bool = False


class HypothesisKind(StrEnum):
    """How a hypothesis is tested; each kind has its own compiler."""

    PATH = "path"
    MEDIATION = "mediation"
    INTERACTION = "interaction"
    SECOND_ORDER = "second_order"
    COMPLEMENTARITY = "complementarity"
    CONGRUENCE = "congruence"
    NECESSITY = "necessity"
    GROUP_COMPARISON = "group_comparison"
    CROSS_LAGGED = "cross_lagged"


class Expected(StrEnum):
    """The sign a hypothesis predicts."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    TWO_SIDED = "two_sided"


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One claim that the data can support, contradict or leave undecided.

    ``estimand`` is an expression over the parameter labels of ``model`` (``gS``, ``a1*b1*gC``,
    ``(gSR + gRC)/2``). ``sesoi`` is the smallest effect size of interest on the standardised scale and
    ``alpha`` the two-sided level. ``family`` is the set over which p values are adjusted; ``after``
    names the families or gates that must pass first. ``options`` holds what only its kind reads; where
    it has ``each``, a list of expressions, every one of them must hold by itself (intersection–union).
    """

    code: str
    kind: HypothesisKind
    statement: Text
    model: str
    estimand: str
    expected: Expected
    sesoi: float
    alpha: float
    rival: str
    family: str
    after: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    caveat: Text = field(default_factory=dict)
    module: str = ""
    waves: int = 1
    options: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Gate:
    """What the measurement must show before hypotheses are read at all."""

    omega_min: float
    htmt_max: float
    htmt_limit: float
    correlation_upper_max: float


@dataclass(frozen=True, slots=True)
class Rules:
    """How estimates become verdicts: interval levels, the multiplicity method and the gate.

    ``model_test_draws``: samples drawn from each fitted product model for the p value of the model itself.
    """

    confidence: float
    equivalence_confidence: float
    adjustment: str
    gate: Gate
    bootstrap_draws: int
    model_test_draws: int = 399


SCREENING_INDICES = (
    "longstring", "irv", "mahalanobis", "even_odd", "psychsyn", "psychant", "seconds_per_item",
    "seconds_per_page_item", "attention", "infrequency", "seriousness", "duplicates", "arrivals",
)  # fmt: skip
"""What a screening rule may look at."""
SCREENING_LEVELS = ("attention", "rule", "two", "any")
"""From which level on a rule leaves respondents out; ``two`` (flags together) is another name of ``rule``."""


@dataclass(frozen=True, slots=True)
class ScreeningRule:
    """One data-quality rule: ``index`` names the index, ``threshold`` where a flag is raised."""

    index: str
    threshold: float
    level: str = "any"


@dataclass(frozen=True, slots=True)
class Measurement:
    """How answers become indicators and which rivals the measurement model has.

    ``scoring`` is ``normal`` or ``raw``; ``parcel_min_items`` is how many items of a construct must be
    answered for its parcel; ``single_indicators`` are constructs entered as one-parcel latents with
    their error variance fixed at (1 − ω) times the parcel's variance.
    """

    estimator: str
    missing: str
    scoring: str
    engine: str
    parcel_min_items: int
    single_indicators: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Groups to compare: options of a question gathered under labels (``members``: label → option codes)."""

    code: str
    name: Text
    question: str
    members: Mapping[str, tuple[str, ...]]
    n_min: int


@dataclass(frozen=True, slots=True)
class Wave:
    """One round of data collection; ``days_after`` counts from the round before."""

    code: str
    name: Text
    days_after: int = 0


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement of the source that hypotheses answer to; ``section`` is where the source makes it."""

    code: str
    statement: Text
    section: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """An example the source draws on, for researchers only: respondents never read it.

    ``option`` is the answer that stands for its platform, as ``question.option``; ``claims`` are the
    statements it illustrates.
    """

    code: str
    name: Text
    note: Text
    option: str = ""
    claims: tuple[str, ...] = ()
