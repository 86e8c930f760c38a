"""The measurement report: reliability, validity, factorability and exploratory factors of one sample."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.measurement.correlation import complete_rows, constant_columns, correlation_matrix
from analysis.measurement.descriptives import count_categories, describe_items
from analysis.measurement.exploratory import explore
from analysis.measurement.factorability import bartlett_sphericity, kmo
from analysis.measurement.reliability import (
    average_variance_extracted,
    composite_reliability,
    cronbach_alpha,
    item_total,
)
from analysis.measurement.retention import Parallel, parallel_analysis
from analysis.measurement.validity import fornell_larcker, htmt
from analysis.pipeline.one_factor import OneFactor, fit_one_factor
from analysis.pipeline.result import Exploratory, Factorability, FittedModel, MeasurementReport
from analysis.pipeline.sample import Sample
from analysis.unavailable import Unavailable
from questionnaire.study import Study

CONSTRUCT_COLUMNS = (
    "construct", "level", "indicators", "n", "alpha", "alpha_ci_lower", "alpha_ci_upper", "omega",
    "composite_reliability", "ave", "htmt_max", "fornell_larcker", "note",
)  # fmt: skip


def one_factors(study: Study, sample: Sample) -> dict[str, OneFactor | Unavailable]:
    """A one-factor model for every construct, on its items, and every dimension, on its facets' parcels."""
    missing = study.measurement.missing
    found = {code: fit_one_factor(block, missing) for code, block in _blocks(study, sample).items()}
    return found


def measurement_report(
    study: Study,
    raw: pd.DataFrame,
    sample: Sample,
    factors: Mapping[str, OneFactor | Unavailable],
    measured: FittedModel | None,
    seed: int,
) -> MeasurementReport:
    """Everything about measurement; ``measured`` is the CFA whose latent correlations are shown."""
    points = {code: study.scale(item.scale).points for code, item in study.items.items()}
    correlation = _item_correlation(sample)
    parallel = _parallel(correlation, seed)
    ratios = _htmt(study, correlation)
    squares = _fornell_larcker(factors, measured)
    return MeasurementReport(
        constructs=_constructs(study, sample, factors, ratios, squares),
        items=_items(study, raw, sample, factors, points),
        categories=count_categories(raw, points),
        htmt=ratios,
        fornell_larcker=squares,
        factorability=_factorability(correlation),
        parallel=_parallel_frame(parallel),
        exploratory=_exploratory(correlation, parallel),
    )


def _blocks(study: Study, sample: Sample) -> dict[str, pd.DataFrame]:
    blocks = {
        construct.code: sample.items[[item.code for item in construct.items]]
        for construct in study.constructs
        if construct.code not in sample.absent
    }
    for dimension in study.dimensions:
        if not set(dimension.facets) & set(sample.absent):
            blocks[dimension.code] = sample.parcels[list(dimension.facets)]
    return blocks


def _constructs(
    study: Study,
    sample: Sample,
    factors: Mapping[str, OneFactor | Unavailable],
    ratios: pd.DataFrame | Unavailable,
    squares: pd.DataFrame | Unavailable,
) -> pd.DataFrame:
    rows: list[dict[str, object]] = []
    dimensions = {dimension.code for dimension in study.dimensions}
    for code, block in _blocks(study, sample).items():
        row: dict[str, object] = {
            "construct": code,
            "level": "dimension" if code in dimensions else "construct",
            "indicators": block.shape[1],
            "n": len(block.dropna()),
        }
        notes: list[str] = []
        alpha = cronbach_alpha(block)
        if isinstance(alpha, Unavailable):
            notes.append(alpha.reason)
        else:
            row |= {"alpha": alpha.alpha, "alpha_ci_lower": alpha.ci_lower, "alpha_ci_upper": alpha.ci_upper}
        factor = factors[code]
        if isinstance(factor, Unavailable):
            notes.append(factor.reason)
        else:
            row |= {
                "omega": factor.omega,
                "composite_reliability": composite_reliability(factor.loadings, factor.covariance),
                "ave": average_variance_extracted(factor.loadings, factor.residuals),
            }
        if isinstance(ratios, pd.DataFrame) and code in ratios:
            row["htmt_max"] = float(ratios[code].drop(code).max())
        if isinstance(squares, pd.DataFrame) and code in squares:
            others = squares[code].drop(code).abs()
            row["fornell_larcker"] = bool((others < float(str(squares.loc[code, code]))).all())
        row["note"] = "; ".join(dict.fromkeys(notes))
        rows.append(row)
    return pd.DataFrame(rows, columns=list(CONSTRUCT_COLUMNS))


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
    overall, per_item = kmo(correlation.to_numpy())
    chisq, df, p = bartlett_sphericity(correlation.to_numpy(), n)
    return Factorability(
        overall,
        {str(c): float(v) for c, v in zip(correlation.columns, per_item, strict=True)},
        chisq,
        df,
        p,
        n,
    )


def _parallel(found: tuple[pd.DataFrame, int] | Unavailable, seed: int) -> Parallel | Unavailable:
    if isinstance(found, Unavailable):
        return found
    return parallel_analysis(found[0].to_numpy(), found[1], seed=seed, draws=100)


def _parallel_frame(parallel: Parallel | Unavailable) -> pd.DataFrame | Unavailable:
    if isinstance(parallel, Unavailable):
        return parallel
    count = len(parallel.eigenvalues)
    return pd.DataFrame(
        {
            "factor": np.arange(1, count + 1),
            "eigenvalue": parallel.eigenvalues,
            "random_mean": parallel.random_mean,
            "random_q95": parallel.random_quantile,
            "retained": np.arange(count) < parallel.n_factors,
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
    strongest = np.abs(solution.loadings).argmax(axis=1)
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
        assigned={item: names[k] for item, k in zip(items, strongest.tolist(), strict=True)},
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
