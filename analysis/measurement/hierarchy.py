"""One general factor above groups of indicators: bifactor and second-order models and what they imply."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis import sem
from analysis.sem.errors import SemError
from analysis.sem.fit import Fit
from analysis.unavailable import Unavailable

TROUBLE = (SemError, np.linalg.LinAlgError, FloatingPointError)
GENERAL = "general__"


@dataclass(frozen=True, slots=True, eq=False)
class GeneralFactor:
    """A general factor with its strength.

    ``omega``: reliability of the total score; ``omega_h``: share of its variance that is the general
    factor's; ``ecv``: share of the common variance that is the general factor's; ``puc``: share of the
    correlations that only the general factor explains (Rodriguez, Reise & Haviland 2016). ``groups``: one row
    a group factor, ``factor omega omega_hs ecv``. ``loadings``: ``indicator factor general group``,
    standardised. ``problems``: what is wrong with the solution, in words.
    """

    model: str
    chisq: float
    df: int
    pvalue: float
    cfi: float
    rmsea: float
    srmr: float
    omega: float
    omega_h: float
    ecv: float
    puc: float
    groups: pd.DataFrame
    loadings: pd.DataFrame
    problems: tuple[str, ...]


Blocks = Mapping[str, Sequence[str]]


def bifactor(
    blocks: Blocks, data: pd.DataFrame, *, estimator: str = "MLR", missing: str = "listwise"
) -> GeneralFactor | Unavailable:
    """Every indicator on a general and on its own group's factor, all factors uncorrelated.

    blocks: group factor → its indicators, two groups or more, three indicators each. Unavailable where the
    model is not identified or does not converge.
    """
    if reason := _too_small(blocks):
        return Unavailable(reason)
    names = [c for block in blocks.values() for c in block]
    lines = [f"{GENERAL} =~ {' + '.join(names)}"]
    lines += [f"{factor} =~ {' + '.join(block)}" for factor, block in blocks.items()]
    fit = _fitted(lines, data[names], estimator, missing, orthogonal=True)
    if isinstance(fit, Unavailable):
        return fit
    std = _standardised(fit)
    rows = [(c, f, std[GENERAL, c], std[f, c]) for f, block in blocks.items() for c in block]
    return _indices("bifactor", fit, rows)


def second_order(
    blocks: Blocks, data: pd.DataFrame, *, estimator: str = "MLR", missing: str = "listwise"
) -> GeneralFactor | Unavailable:
    """The groups' factors on one general factor, its loadings passed on to the indicators.

    Schmid & Leiman (1957): an indicator's general loading is λγ, that on its group λ√(1 − γ²). Needs three
    groups; with exactly three it fits as well as correlated factors, which no data can tell apart.
    """
    if len(blocks) < 3:
        return Unavailable(f"a second-order factor needs three factors, there are {len(blocks)}")
    if reason := _too_small(blocks):
        return Unavailable(reason)
    names = [c for block in blocks.values() for c in block]
    lines = [f"{factor} =~ {' + '.join(block)}" for factor, block in blocks.items()]
    lines += [f"{GENERAL} =~ {' + '.join(blocks)}"]
    fit = _fitted(lines, data[names], estimator, missing, orthogonal=False)
    if isinstance(fit, Unavailable):
        return fit
    std = _standardised(fit)
    rows = []
    for factor, block in blocks.items():
        above = std[GENERAL, factor]
        own = np.sqrt(max(1 - above**2, 0.0))
        rows += [(c, factor, std[factor, c] * above, std[factor, c] * float(own)) for c in block]
    return _indices("second_order", fit, rows)


def _too_small(blocks: Blocks) -> str:
    small = [factor for factor, block in blocks.items() if len(block) < 3]
    if len(blocks) < 2:
        return "a general factor needs two groups of indicators"
    return f"{', '.join(small)} has fewer than three indicators" if small else ""


def _fitted(
    lines: Sequence[str], data: pd.DataFrame, estimator: str, missing: str, *, orthogonal: bool
) -> Fit | Unavailable:
    data = data.dropna(how="any" if missing == "listwise" else "all")
    try:
        fit = sem.fit(
            "\n".join(lines),
            data,
            estimator=estimator,
            missing=missing,
            std_lv=True,
            orthogonal=orthogonal,
        )
        measures = fit.fit_measures
    except TROUBLE as error:
        return Unavailable(f"the model cannot be fitted: {error}")
    if not fit.converged or not np.isfinite(float(measures["srmr"])):
        return Unavailable("the model did not converge")
    return fit


def _standardised(fit: Fit) -> dict[tuple[str, str], float]:
    rows = fit.estimates[fit.estimates["op"] == "=~"]
    keys = zip(rows["lhs"], rows["rhs"], strict=True)
    return {(str(a), str(b)): float(v) for (a, b), v in zip(keys, rows["std_all"], strict=True)}


def _indices(model: str, fit: Fit, rows: Sequence[tuple[str, str, float, float]]) -> GeneralFactor:
    loadings = pd.DataFrame(rows, columns=["indicator", "factor", "general", "group"])
    general, group = loadings["general"].to_numpy(float), loadings["group"].to_numpy(float)
    residual = 1 - general**2 - group**2
    sizes = loadings.groupby("factor", sort=False)
    shared = sum(float(part["group"].sum()) ** 2 for _, part in sizes)
    total = general.sum() ** 2 + shared + residual.sum()
    parts = []
    for factor, part in sizes:
        of_general, of_group = float(part["general"].sum()) ** 2, float(part["group"].sum()) ** 2
        whole = of_general + of_group + float(residual[part.index].sum())
        common = float((part["general"] ** 2).sum() + (part["group"] ** 2).sum())
        own = float((part["group"] ** 2).sum()) / common
        parts.append((str(factor), (of_general + of_group) / whole, of_group / whole, own))
    p = len(loadings)
    inside = sum(len(part) * (len(part) - 1) / 2 for _, part in sizes)
    measures = fit.fit_measures
    return GeneralFactor(
        model,
        fit.inference.test.chisq,
        fit.estimated.df,
        fit.inference.test.pvalue,
        float(measures["cfi"]),
        float(measures["rmsea"]),
        float(measures["srmr"]),
        omega=float((general.sum() ** 2 + shared) / total),
        omega_h=float(general.sum() ** 2 / total),
        ecv=float((general**2).sum() / ((general**2).sum() + (group**2).sum())),
        puc=1 - inside / (p * (p - 1) / 2),
        groups=pd.DataFrame(parts, columns=["factor", "omega", "omega_hs", "ecv"]),
        loadings=loadings,
        problems=tuple(f"{problem.message} {problem.mend}".strip() for problem in fit.problems),
    )
