"""What one analysis found, as plain frozen values that can be rendered, written or sent between processes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

import pandas as pd

from analysis.pipeline.measured import Invariance, MeasurementReport, MethodBias
from analysis.screening.fabrication import Fabrication
from analysis.sem.findings import Finding
from analysis.synergy.group_paths import GroupPaths
from analysis.synergy.loop import Dynamics, Stability
from analysis.synergy.matchings import MatchingSpread, Unmatched
from analysis.synergy.model_pvalue import DrawnTest
from analysis.synergy.necessity import Necessity
from analysis.synergy.probe import Probe
from analysis.synergy.surface_rivals import SurfaceRivals
from analysis.synergy.totals import Total
from analysis.unavailable import Unavailable
from questionnaire.instrument import Text
from questionnaire.study import Study

NOT_LOOKED_FOR = Unavailable("not looked for")
NOT_ASKED_FOR = Unavailable("not asked for")


class PlanStatus(StrEnum):
    """Whether what is tested is what was planned before fielding opened."""

    CONFIRMATORY = "confirmatory"
    EXPLORATORY = "exploratory"
    UNKNOWN = "unknown"


class Part(StrEnum):
    """What a fitted model is for."""

    MEASUREMENT = "measurement"
    STRUCTURAL = "structural"
    RIVAL = "rival"


@dataclass(frozen=True, slots=True)
class FlowStep:
    """One stage of the way from rows read to rows analysed; ``removed`` is 0 where rows are only counted."""

    stage: str
    n: int
    removed: int
    note: str


@dataclass(frozen=True, slots=True)
class LevelCount:
    """How many respondents a screening level keeps (``kept``) and leaves out (``excluded``)."""

    level: str
    kept: int
    excluded: int
    rule: str


@dataclass(frozen=True, slots=True)
class IndexSummary:
    """One data-quality index over the sample: how many it flags and how many it cannot judge.

    ``unavailable`` holds the reason when the index cannot be computed for this table at all.
    """

    index: str
    level: str
    threshold: float
    direction: str
    flagged: int
    judged: int
    unavailable: str


@dataclass(frozen=True, slots=True)
class GateCheck:
    """One condition of the measurement gate; ``passed`` is None where the figure is unavailable."""

    name: str
    value: float | None
    limit: float
    passed: bool | None
    note: str


@dataclass(frozen=True, slots=True)
class GateOutcome:
    """Whether the dimensions are separable and reliable enough for hypotheses to be read."""

    passed: bool
    checks: tuple[GateCheck, ...]
    statement: str


@dataclass(frozen=True, slots=True, eq=False)
class FittedModel:
    """A model fitted to one screening level and scoring.

    ``data``: the observed variables as fitted, one row a respondent, products included. ``estimates`` has
    the columns of ``sem.Fit.estimates``; ``residuals`` the largest correlation residuals
    (``lhs rhs residual``, by size); ``cross_check`` the frame of ``fit.cross_check()`` or why there is
    none; ``drawn_test`` the test of a product model by samples drawn from it. ``draws``: bootstrap draws ×
    regressions and defined effects, named by label or ``lhs~rhs``, in single precision; without columns
    where nothing had to be drawn.
    """

    model: str
    name: Text
    part: Part
    screening: str
    scoring: str
    estimator: str
    missing: str
    syntax: str
    n_obs: int
    converged: bool
    estimates: pd.DataFrame
    fit_measures: pd.Series
    residuals: pd.DataFrame | Unavailable
    cross_check: pd.DataFrame | Unavailable
    problems: tuple[Finding, ...]
    equivalent: tuple[str, ...] = ()
    data: pd.DataFrame = field(default_factory=pd.DataFrame)
    drawn_test: DrawnTest | Unavailable = NOT_ASKED_FOR
    draws: pd.DataFrame = field(default_factory=pd.DataFrame)


@dataclass(frozen=True, slots=True)
class FailedModel:
    """A model that could not be fitted, and why."""

    model: str
    name: Text
    part: Part
    screening: str
    scoring: str
    syntax: str
    reason: str
    mend: str


ModelOutcome: TypeAlias = FittedModel | FailedModel


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """One hypothesis at one screening level and scoring; numbers are None where not computed.

    ``estimate`` and its interval are on the standardised scale; ``reason`` explains a verdict that is
    not one of the rule's five, or a reading that a gate has stopped.
    """

    hypothesis: str
    estimand: str
    screening: str
    scoring: str
    estimator: str
    estimate: float | None
    se: float | None
    ci_lower: float | None
    ci_upper: float | None
    pvalue: float | None
    pvalue_adjusted: float | None
    sesoi: float
    verdict: str
    plan: str
    reason: str
    model: str
    rival: str
    family: str
    primary: bool


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """A model beside its rival; ``table`` has the columns of ``sem.compare``."""

    model: str
    rival: str
    table: pd.DataFrame | Unavailable


@dataclass(frozen=True, slots=True, eq=False)
class GroupComparison:
    """A hypothesis about differences between the groups ``grouping``: what was found, or why nothing."""

    hypothesis: str
    grouping: str
    model: str
    found: GroupPaths | Unavailable


@dataclass(frozen=True, slots=True, eq=False)
class BalanceRivals:
    """Rival shapes of the surface beside a hypothesis of balance, or why there are none."""

    hypothesis: str
    found: SurfaceRivals | Unavailable


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """One model across waves.

    ``counts``: screened respondents by wave; ``n``: respondents in the model. ``lags``: the frame of
    ``Dynamics.lag_frame``. ``fits``: one row a model fitted to the same panel, ``model n_obs`` and measures;
    ``rivals``: rival → ``sem.compare`` of the model and it.
    """

    model: str
    waves: tuple[str, ...]
    counts: Mapping[str, int]
    n: int
    dynamics: Dynamics
    stability: Stability
    lags: pd.DataFrame
    fits: pd.DataFrame
    rivals: Mapping[str, pd.DataFrame | Unavailable]


@dataclass(frozen=True, slots=True, eq=False)
class AnalysisResult:
    """Everything one run of the pipeline found.

    ``screening`` and ``scoring`` name the primary analysis; ``models`` holds the models fitted there, while
    ``verdicts`` holds every screening level and scoring (``primary`` marks those of the primary analysis).
    ``flags``: one row a respondent (``respondent``), one column an index with its value, ``flag_<index>``
    with its flag and ``kept_<level>`` with whether the level keeps the row. ``findings`` are what a reader
    must know. ``probes``: slopes, regions and surfaces of every model with products.
    ``analysed``: raw codes of items and checks, one row a respondent of the primary analysis.
    ``matchings``: hypotheses of product models under every matching of indicators, ``unmatched`` those that
    were not tried, with the reason. ``totals``: total effects that hypotheses name, with the share in them.
    ``group_comparisons``:
    one for every hypothesis that compares groups. ``panels``: models across waves, where there are waves.
    ``necessities``: how far each of what works together was necessary, as description.
    ``balance_rivals``: one for every hypothesis of balance.
    """

    study: Study
    plan: PlanStatus
    plan_note: str
    seed: int
    screening: str
    scoring: str
    synthetic: bool
    flow: tuple[FlowStep, ...]
    levels: tuple[LevelCount, ...]
    indices: tuple[IndexSummary, ...]
    flags: pd.DataFrame
    measurement: MeasurementReport
    gate: GateOutcome
    models: tuple[ModelOutcome, ...]
    comparisons: tuple[Comparison, ...]
    verdicts: tuple[VerdictRow, ...]
    unknown_columns: tuple[str, ...]
    findings: tuple[Finding, ...]
    manifest: Mapping[str, object]
    fabrication: Fabrication | Unavailable = NOT_LOOKED_FOR
    probes: tuple[Probe | Unavailable, ...] = ()
    matchings: tuple[MatchingSpread, ...] = ()
    unmatched: tuple[Unmatched, ...] = ()
    totals: tuple[Total, ...] = ()
    group_comparisons: tuple[GroupComparison, ...] = ()
    panels: tuple[Panel, ...] = ()
    necessities: tuple[Necessity, ...] = ()
    balance_rivals: tuple[BalanceRivals, ...] = ()
    invariances: tuple[Invariance, ...] = ()
    analysed: pd.DataFrame = field(default_factory=pd.DataFrame)
    method_bias: MethodBias | Unavailable = NOT_LOOKED_FOR

    def model(self, code: str) -> ModelOutcome | None:
        """The primary outcome of the model of that code, None where it was not fitted."""
        return next((outcome for outcome in self.models if outcome.model == code), None)
