"""Indicators of latent products: matched pairs, their residual covariances, double-mean-centred data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np

from analysis.synergy.structure import product_name


def match_indicators(components: Sequence[Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """Product indicator → columns, first with first and so on (Marsh, Wen & Hau 2004).

    Where the components have different numbers of indicators, the surplus of the longer ones goes unused.
    """
    return {product_name(parts): parts for parts in zip(*components, strict=False)}


def residual_covariances(sources: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Lines that free the residual covariances which shared columns force.

    Two product indicators that share a column covary beyond their latents, and a triple also covaries with
    each of its own columns when its components are correlated or skewed.
    """
    lines: list[str] = []
    for name, columns in sources.items():
        if len(columns) > 2:
            lines += [f"{name} ~~ {column}" for column in dict.fromkeys(columns)]
    for (left, a), (right, b) in combinations(sources.items(), 2):
        if set(a) & set(b):
            lines.append(f"{left} ~~ {right}")
    return lines


def product_columns(columns: np.ndarray) -> np.ndarray:
    """The double-mean-centred product of (n, k) columns (Lin, Wen, Marsh & Lin 2010): (n,).

    Each column is centred over the rows where it is known, then the product; NaN where any is missing.
    """
    centred = columns - np.nanmean(columns, axis=0)
    product: np.ndarray = centred.prod(axis=1)
    return np.asarray(product - np.nanmean(product))
