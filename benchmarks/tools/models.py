"""The models and data of the benchmarks, made from fixed seeds."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis import sem

FACTORS = ("a", "b", "c", "d")

MEDIATION = """
a =~ a1 + a2 + a3 + a4
b =~ b1 + b2 + b3 + b4
c =~ c1 + c2 + c3 + c4
d =~ d1 + d2 + d3 + d4
c ~ ac*a + bc*b
d ~ cd*c + ad*a + bd*b
indirect := ac*cd
total := ad + ac*cd
"""

MEDIATION_POPULATION = """
a =~ 0.8*a1 + 0.7*a2 + 0.75*a3 + 0.65*a4
b =~ 0.8*b1 + 0.7*b2 + 0.75*b3 + 0.65*b4
c =~ 0.8*c1 + 0.7*c2 + 0.75*c3 + 0.65*c4
d =~ 0.8*d1 + 0.7*d2 + 0.75*d3 + 0.65*d4
c ~ 0.4*a + 0.3*b
d ~ 0.5*c + 0.2*a
a ~~ 0.3*b
"""
RESIDUALS = "".join(f"{f}{i} ~~ 0.5*{f}{i}\n" for f in FACTORS for i in range(1, 5))
DISTURBANCES = "a ~~ 1*a\nb ~~ 1*b\nc ~~ 0.7*c\nd ~~ 0.6*d\n"


def mediation_data(n: int, seed: int) -> pd.DataFrame:
    """Four factors, sixteen items, two mediators: n rows."""
    return sem.simulate(MEDIATION_POPULATION + RESIDUALS + DISTURBANCES, n, seed)


FIVE_FACTORS = "\n".join(f"f{k} =~ " + " + ".join(f"x{5 * k + i}" for i in range(1, 6)) for k in range(5))


def five_factor_data(n: int, seed: int) -> pd.DataFrame:
    """Five correlated factors, twenty-five items with loadings 0.5 to 0.8: n rows."""
    rng = np.random.default_rng(seed)
    correlation = np.full((5, 5), 0.4) + 0.6 * np.eye(5)
    scores = rng.normal(size=(n, 5)) @ np.linalg.cholesky(correlation).T
    loadings = np.tile(np.linspace(0.5, 0.8, 5), 5)
    items = scores[:, np.repeat(np.arange(5), 5)] * loadings
    items += rng.normal(size=(n, 25)) * np.sqrt(1.0 - loadings**2)
    return pd.DataFrame(items, columns=[f"x{i}" for i in range(1, 26)])


def with_holes(data: pd.DataFrame, share: float, seed: int) -> pd.DataFrame:
    """A share of all values missing completely at random, which makes nearly every row its own pattern."""
    rng = np.random.default_rng(seed)
    return data.mask(rng.uniform(size=data.shape) < share)


def with_forms(data: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Planned missingness: each row lacks one item of every factor by its form, 1 of 40."""
    rng = np.random.default_rng(seed)
    forms = np.ones((40, data.shape[1]), dtype=bool)
    for form in forms:
        form[5 * np.arange(data.shape[1] // 5) + rng.integers(0, 5, data.shape[1] // 5)] = False
    return data.where(forms[rng.integers(0, len(forms), len(data))])


def in_categories(data: pd.DataFrame, cuts: tuple[float, ...] = (-1.3, -0.4, 0.4, 1.3)) -> pd.DataFrame:
    """Five-point answers: 1 … 5."""
    return pd.DataFrame(np.digitize(data.to_numpy(), cuts) + 1, columns=data.columns)
