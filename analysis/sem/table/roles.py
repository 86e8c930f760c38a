"""Which part each variable plays in a model, as lavaan sorts them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Roles:
    """Variable names by role, each in lavaan's order.

    - latent: left of ``=~``; observed: all others: indicators, then outcomes, predictors and the rest
    - exogenous: observed predictors that are nothing else and of which no variance, covariance or intercept
      is written down (such a one is random, like an outcome)
    - endogenous: the other observed variables
    - latent_predictors: latent variables neither measured by another nor regressed on anything
    - outcomes: latent, then observed variables that are regressed on something and predict nothing
    """

    latent: tuple[str, ...]
    observed: tuple[str, ...]
    exogenous: tuple[str, ...]
    endogenous: tuple[str, ...]
    latent_predictors: tuple[str, ...]
    outcomes: tuple[str, ...]


def roles(formulas: Iterable[tuple[str, str, str]]) -> Roles:
    """Roles in a model given as (lhs, op, rhs) with only what the user wrote."""
    written = list(formulas)
    latent = _unique(lhs for lhs, op, _ in written if op == "=~")
    measured = _unique(rhs for _, op, rhs in written if op == "=~")
    regressed = _unique(lhs for lhs, op, _ in written if op == "~")
    predicting = _unique(rhs for _, op, rhs in written if op == "~")
    indicators = [name for name in measured if name not in latent]
    responses = [name for name in regressed if name not in latent and name not in indicators]
    predictors = [n for n in predicting if n not in latent and n not in indicators and n not in responses]
    described = [lhs for lhs, op, _ in written if op == "~~"] + [rhs for _, op, rhs in written if op == "~~"]
    located = [lhs for lhs, op, _ in written if op in ("~1", "|")]
    rest = [name for name in described + located if name not in latent]
    observed = _unique([*indicators, *responses, *predictors, *rest])
    random = {*described, *(lhs for lhs, op, _ in written if op == "~1")}
    exogenous = tuple(name for name in predictors if name not in random)
    ends = {name for name in regressed if name not in measured and name not in predicting}
    return Roles(
        latent=latent,
        observed=observed,
        exogenous=exogenous,
        endogenous=tuple(name for name in observed if name not in exogenous),
        latent_predictors=tuple(name for name in latent if name not in measured and name not in regressed),
        outcomes=tuple(n for n in latent if n in ends) + tuple(n for n in observed if n in ends),
    )


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
