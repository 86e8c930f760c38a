"""The measurement report: reliability, validity, factorability and exploratory factors of one sample."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.measurement.correlation import complete_rows, constant_columns, correlation_matrix
from analysis.measurement.descriptives import count_categories, describe_items
from analysis.measurement.discriminant import discriminant_intervals
from analysis.measurement.exploratory import explore
from analysis.measurement.factorability import bartlett_sphericity, kmo
from analysis.measurement.reliability import (
    average_variance_extracted,
    item_total,
)
from analysis.measurement.retention import (
    Parallel,
    minimum_average_partial,
    parallel_analysis,
)
from analysis.measurement.validity import fornell_larcker, htmt
from analysis.pipeline.construct_table import construct_blocks, construct_table
from analysis.pipeline.general_factors import general_factors, normality
from analysis.pipeline.group_reliability import group_reliability
from analysis.pipeline.measured import Exploratory, Factorability, MeasurementReport
from analysis.pipeline.one_factor import OneFactor, fit_one_factor
from analysis.pipeline.result import FittedModel
from analysis.pipeline.sample import Sample
from analysis.unavailable import Unavailable
from questionnaire.study import Study


def one_factors(study: Study, sample: Sample) -> dict[str, OneFactor | Unavailable]:
    """A one-factor model for every construct, on its items, and every dimension, on its facets' parcels."""
    missing = study.measurement.missing
    found = {code: fit_one_factor(block, missing) for code, block in construct_blocks(study, sample).items()}
    return found


def measurement_report(
    study: Study,
    raw: pd.DataFrame,
    sample: Sample,
    factors: Mapping[str, OneFactor | Unavailable],
    measured: FittedModel | None,
    seed: int,
    *,
    context: pd.DataFrame | None = None,
    draws: int = 2000,
) -> MeasurementReport:
    """Everything about measurement; ``measured`` is the CFA whose latent correlations are shown.

    ``context``: the other columns of the sample's respondents, for their groups; ``draws`` of the bootstrap.
    """
    points = {code: study.scale(item.scale).points for code, item in study.items.items()}
    correlation = _item_correlation(sample)
    parallel = _parallel(correlation, seed)
    ratios = _htmt(study, correlation)
    squares = _fornell_larcker(factors, measured)
    return MeasurementReport(
        constructs=construct_table(study, raw, sample, factors, ratios, squares),
        items=_items(study, raw, sample, factors, points),
        categories=count_categories(raw, points),
        htmt=ratios,
        fornell_larcker=squares,
        factorability=_factorability(correlation),
        parallel=_parallel_frame(parallel, correlation),
        exploratory=_exploratory(correlation, parallel),
        discriminant=_discriminant(study, sample, seed, draws),
        normality=normality(study, sample),
        general=general_factors(study, sample),
        groups=pd.DataFrame() if context is None else group_reliability(study, sample, context),
    )


def _items(
    study: Study,
    raw: pd.DataFrame,
    sample: Sample,
    factors: Mapping[str, OneFactor | Unavailable],
    points: Mapping[str, int],
) -> pd.DataFrame:
    described = describe_items(raw, points)
    total: dict[str, float] = {}
    loading: dict[str, float] = {}
    for construct in study.constructs:
        codes = [item.code for item in construct.items if item.code in sample.items]
        if codes:
            values = sample.items[codes].to_numpy(dtype=float)
            total |= dict(zip(codes, item_total(values).tolist(), strict=True))
        factor = factors.get(construct.code)
        if isinstance(factor, OneFactor):
            loading |= dict(zip(codes, factor.standardised.tolist(), strict=True))
    described.insert(1, "construct", [study.items[code].construct for code in described["item"]])
    described["item_total"] = described["item"].map(total)
    described["loading"] = described["item"].map(loading)
    return described


def _item_correlation(sample: Sample) -> tuple[pd.DataFrame, int] | Unavailable:
    """Correlations of the items that were asked, over complete rows, and how many rows those are."""
    asked = sample.items.loc[:, sample.items.notna().any()]
    rows = complete_rows(asked.to_numpy(dtype=float))
    n, p = rows.shape
    if not p:
        return Unavailable("nobody answered an item")
    if n <= p:
        return Unavailable(f"{n} respondents answered all {p} items; their correlations need more than {p}")
    if constant_columns(rows).any():
        names = [str(c) for c, flat in zip(asked.columns, constant_columns(rows), strict=True) if flat]
        return Unavailable(f"everyone gave the same answer to {', '.join(names[:6])}")
    correlation = correlation_matrix(rows)
    if np.linalg.eigvalsh(correlation)[0] < 1e-10:
        return Unavailable("some items are exact sums of others, so their correlations are singular")
    return pd.DataFrame(correlation, index=asked.columns, columns=asked.columns), n


def _factorability(found: tuple[pd.DataFrame, int] | Unavailable) -> Factorability | Unavailable:
    if isinstance(found, Unavailable):
        return found
    correlation, n = found
    overall, _ = kmo(correlation.to_numpy())
    return Factorability(overall, *bartlett_sphericity(correlation.to_numpy(), n), n)


def _parallel(found: tuple[pd.DataFrame, int] | Unavailable, seed: int) -> Parallel | Unavailable:
    if isinstance(found, Unavailable):
        return found
    return parallel_analysis(found[0].to_numpy(), found[1], seed=seed, draws=100)


def _parallel_frame(
    parallel: Parallel | Unavailable, found: tuple[pd.DataFrame, int] | Unavailable
) -> pd.DataFrame | Unavailable:
    if isinstance(parallel, Unavailable):
        return parallel
    if isinstance(found, Unavailable):
        return found
    count = len(parallel.eigenvalues)
    partial = np.full(count, np.nan)
    partial[: count // 2] = minimum_average_partial(found[0].to_numpy(), count // 2)
    return pd.DataFrame(
        {
            "factor": np.arange(1, count + 1),
            "eigenvalue": parallel.eigenvalues,
            "random_mean": parallel.random_mean,
            "random_q95": parallel.random_quantile,
            "retained": np.arange(count) < parallel.n_factors,
            "map": partial,
        }
    )


def _exploratory(
    found: tuple[pd.DataFrame, int] | Unavailable, parallel: Parallel | Unavailable
) -> Exploratory | Unavailable:
    if isinstance(found, Unavailable):
        return found
    if isinstance(parallel, Unavailable):
        return parallel
    solution = explore(found[0].to_numpy(), parallel.n_factors)
    if isinstance(solution, Unavailable):
        return solution
    items = [str(c) for c in found[0].columns]
    names = [f"F{k + 1}" for k in range(parallel.n_factors)]
    return Exploratory(
        n_factors=parallel.n_factors,
        method="minres",
        rotation="oblimin" if parallel.n_factors > 1 else "none",
        loadings=pd.DataFrame(solution.loadings, index=items, columns=names),
        factor_correlations=pd.DataFrame(solution.correlations, index=names, columns=names),
        variance=pd.DataFrame(
            solution.variance, index=["ss_loadings", "proportion", "cumulative"], columns=names
        ),
        communalities=pd.Series(solution.communalities, index=items),
    )


def _htmt(study: Study, found: tuple[pd.DataFrame, int] | Unavailable) -> pd.DataFrame | Unavailable:
    if isinstance(found, Unavailable):
        return found
    names = [str(c) for c in found[0].columns]
    blocks = {
        construct.code: [names.index(item.code) for item in construct.items if item.code in names]
        for construct in study.constructs
    }
    return htmt_frame(found[0].to_numpy(), {code: block for code, block in blocks.items() if len(block) > 1})


def _discriminant(study: Study, sample: Sample, seed: int, draws: int) -> pd.DataFrame | Unavailable:
    """HTMT and HTMT2 of all constructs with two items, with intervals, over rows complete in them."""
    blocks = {c.code: [i.code for i in c.items] for c in study.constructs if c.code not in sample.absent}
    blocks = {code: block for code, block in blocks.items() if len(block) > 1}
    codes = [item for block in blocks.values() for item in block]
    if not codes:
        return Unavailable("fewer than two constructs have two items")
    places = {item: place for place, item in enumerate(codes)}
    rows = complete_rows(sample.items[codes].to_numpy(dtype=float))
    columns = [[places[item] for item in block] for block in blocks.values()]
    return discriminant_intervals(rows, columns, list(blocks), seed=seed, draws=draws)


def htmt_frame(correlation: np.ndarray, blocks: Mapping[str, Sequence[int]]) -> pd.DataFrame | Unavailable:
    """HTMT of named blocks of columns as a square frame."""
    if len(blocks) < 2:
        return Unavailable("fewer than two constructs have two items")
    codes = list(blocks)
    return pd.DataFrame(htmt(correlation, list(blocks.values())), index=codes, columns=codes)


def _fornell_larcker(
    factors: Mapping[str, OneFactor | Unavailable], measured: FittedModel | None
) -> pd.DataFrame | Unavailable:
    if measured is None or not measured.converged:
        return Unavailable("no measurement model of several constructs could be fitted")
    latents = list(dict.fromkeys(measured.estimates.loc[measured.estimates["op"] == "=~", "lhs"]))
    usable = [code for code in latents if isinstance(factors.get(code), OneFactor)]
    between = measured.estimates[measured.estimates["op"] == "~~"].set_index(["lhs", "rhs"])["std_all"]
    table = np.eye(len(usable))
    for i, a in enumerate(usable):
        for j, b in enumerate(usable[:i]):
            value = between.get((a, b), between.get((b, a), np.nan))
            table[i, j] = table[j, i] = value
    own = [factors[code] for code in usable]
    ave = np.array(
        [average_variance_extracted(f.loadings, f.residuals) for f in own if isinstance(f, OneFactor)]
    )
    return pd.DataFrame(fornell_larcker(table, ave), index=usable, columns=usable)
