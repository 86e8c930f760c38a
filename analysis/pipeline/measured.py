"""What the measurement part found, as plain frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import pandas as pd

from analysis.measurement.common_method import MarkerTest, UnmeasuredMethod
from analysis.measurement.hierarchy import GeneralFactor
from analysis.measurement.invariance_ladder import MeasurementInvariance
from analysis.measurement.normality import Normality
from analysis.unavailable import Unavailable
from questionnaire.instrument import Text

NOT_LOOKED_FOR = Unavailable("not looked for")


@dataclass(frozen=True, slots=True)
class Factorability:
    """Whether correlations can be factored: overall KMO and Bartlett's test of sphericity."""

    kmo: float
    bartlett_chisq: float
    bartlett_df: int
    bartlett_pvalue: float
    n: int


@dataclass(frozen=True, slots=True, eq=False)
class Exploratory:
    """An exploratory factor analysis.

    ``loadings``: items × factors (pattern matrix); ``factor_correlations``: factors × factors;
    ``variance``: rows ``ss_loadings proportion cumulative``, one column a factor; ``communalities`` by
    item.
    """

    n_factors: int
    method: str
    rotation: str
    loadings: pd.DataFrame
    factor_correlations: pd.DataFrame
    variance: pd.DataFrame
    communalities: pd.Series


@dataclass(frozen=True, slots=True, eq=False)
class MeasurementReport:
    """Reliability and validity.

    ``constructs``: one row a construct (the columns of measurement.csv). ``items``: one row an item, with
    ``construct n missing mean sd skew kurtosis floor ceiling item_total loading``. ``htmt`` and
    ``fornell_larcker``: construct × construct (the latter with √AVE on its diagonal).
    ``parallel``: one row a factor, ``factor eigenvalue random_mean random_q95 retained map``, the last the
    average squared partial correlation after so many components (its minimum is Velicer's number).
    ``discriminant``: HTMT and HTMT2 with bootstrap intervals (see ``discriminant_intervals``). ``general``:
    the bifactor and the second-order model over the dimensions. ``groups``: reliability within every group,
    ``grouping group construct n alpha omega ave``, and ``reason`` where they cannot be had.
    """

    constructs: pd.DataFrame
    items: pd.DataFrame
    categories: pd.DataFrame
    htmt: pd.DataFrame | Unavailable
    fornell_larcker: pd.DataFrame | Unavailable
    factorability: Factorability | Unavailable
    parallel: pd.DataFrame | Unavailable
    exploratory: Exploratory | Unavailable
    discriminant: pd.DataFrame | Unavailable = NOT_LOOKED_FOR
    normality: Normality | Unavailable = NOT_LOOKED_FOR
    general: Mapping[str, GeneralFactor | Unavailable] = field(default_factory=dict)
    groups: pd.DataFrame = field(default_factory=pd.DataFrame)


class Indicators(StrEnum):
    """What a measurement model rests on: facets' parcels as far as the study has facets, or single items."""

    PARCELS = "parcels"
    ITEMS = "items"


WAVE = "wave"
"""The grouping of ladders across waves."""


@dataclass(frozen=True, slots=True, eq=False)
class Invariance:
    """The invariance of the measurement model across one grouping, or why it is not known.

    ``grouping`` is the code of a study's group, or ``language`` or ``wave``, which have no name in the study
    file. ``of``: the one factor the ladder is about, empty where all factors are in one model.
    """

    grouping: str
    name: Text
    found: MeasurementInvariance | Unavailable
    indicators: Indicators = Indicators.PARCELS
    of: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class MethodBias:
    """What is known of variance that the method of asking adds to every indicator.

    ``harman`` is the first component's share of the items' variance, which proves nothing either way.
    """

    marker: MarkerTest | Unavailable
    unmeasured: UnmeasuredMethod | Unavailable
    harman: float | Unavailable
