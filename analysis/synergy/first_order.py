"""Samples from a fitted product model: first-order variables are drawn, products are made from them.

A product of normal variables is not normal, so drawing product indicators from the implied covariance matrix
would give a test the very distribution it suffers from. Here the latent variables and the errors are normal
with the fitted covariances, and outcomes follow from them and their products. Each first-order indicator then
takes the observed values, in the order of those drawn (Cario & Nelson 1997; Ruscio & Kaczetow 2008):
scores of answers on a scale have short tails, and products of longer ones would hide misfit. Product
indicators are made of these as those of the data were.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from analysis.sem.fit import Fit
from analysis.synergy.compiled import CompiledModel
from analysis.unavailable import Unavailable

NEGATIVE = 1e-8
"""Least eigenvalue of the residuals' covariance matrix, as a share of the largest: below is no rounding."""


@dataclass(frozen=True, slots=True, eq=False)
class FirstOrder:
    """What a draw needs, with f first-order variables (observed first), k products and p observed variables.

    factor: (f, f) with factor factor' the residual covariances; total: (f, f) (I − A)⁻¹; by_product: (f, k)
    total effects of the products; components: for each product the places of what is multiplied; observed:
    for each of the p columns the place of the first-order variable, or the places multiplied; marginals: the
    sorted values (n,) of each first-order indicator, about their mean.
    """

    n: int
    factor: np.ndarray
    total: np.ndarray
    by_product: np.ndarray
    components: tuple[tuple[int, ...], ...]
    observed: tuple[tuple[int, ...], ...]
    marginals: Mapping[int, np.ndarray]

    def draw(self, rng: np.random.Generator, samples: int) -> np.ndarray:
        """(samples, n, p), product indicators double-mean-centred within each sample."""
        f = len(self.factor)
        errors = rng.standard_normal((samples * self.n, f)) @ self.factor.T
        values = errors @ self.total.T
        latent = np.column_stack([values[:, c].prod(axis=1) for c in map(list, self.components)])
        values += latent @ self.by_product.T
        drawn = values.reshape(samples, self.n, f)
        for column, known in self.marginals.items():
            # Quantiles of all samples together, so that each sample varies about the observed distribution.
            standard = (values[:, column] - values[:, column].mean()) / values[:, column].std()
            place = np.minimum((ndtr(standard) * len(known)).astype(np.intp), len(known) - 1)
            values[:, column] = known[place]
        drawn -= drawn.mean(axis=1, keepdims=True)
        out = np.empty((samples, self.n, len(self.observed)))
        for column, places in enumerate(self.observed):
            np.prod(drawn[:, :, list(places)], axis=2, out=out[:, :, column])
        # The covariance matrix that is fitted centres the products a second time.
        return out


def first_order(compiled: CompiledModel, fit: Fit) -> FirstOrder | Unavailable:
    """The first-order structure of a product model fitted to the cases of one group."""
    names = fit.cells.variables
    A, S, *_ = fit.cells.groups[0].matrices(fit.theta)
    second = {*compiled.products, *compiled.indicators}
    first = [k for k, name in enumerate(names) if name not in second]
    place = {names[k]: at for at, k in enumerate(first)}
    latent = [names.index(name) for name in compiled.products]
    values, vectors = np.linalg.eigh(S[np.ix_(first, first)])
    if values[0] < -NEGATIVE * values[-1]:
        return Unavailable(
            "the fitted residual covariances are no covariance matrix, so nothing can be drawn from them",
            "See the model's problems first.",
        )
    total = np.linalg.inv(np.eye(len(first)) - A[np.ix_(first, first)])
    by_product = total @ A[np.ix_(first, latent)]
    components = tuple(tuple(place[part] for part in parts) for parts in compiled.products.values())
    if np.any(by_product[sorted({at for parts in components for at in parts})] != 0.0):
        return Unavailable("what is multiplied depends on another product")
    rows = fit.samples[0].rows
    if rows is None:
        return Unavailable("it was fitted to moments only, not to cases")
    marginals = {
        place[name]: np.sort(rows[:, k] - rows[:, k].mean())
        for k, name in enumerate(fit.table.observed)
        if name in place
    }
    columns = [compiled.indicators.get(name, (name,)) for name in fit.table.observed]
    return FirstOrder(
        fit.samples[0].n,
        vectors * np.sqrt(np.maximum(values, 0.0)),
        total,
        by_product,
        components,
        tuple(tuple(place[part] for part in parts) for parts in columns),
        marginals,
    )
