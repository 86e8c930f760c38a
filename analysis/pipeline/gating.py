"""The measurement gate: are the concepts reliable and separable enough for hypotheses to be read?"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

import numpy as np
import pandas as pd

from analysis import sem
from analysis.measurement.correlation import complete_rows, constant_columns, correlation_matrix
from analysis.pipeline.fitting import TROUBLE
from analysis.pipeline.measuring import htmt_frame
from analysis.pipeline.one_factor import OneFactor
from analysis.pipeline.result import GateCheck, GateOutcome
from analysis.pipeline.sample import Sample
from analysis.unavailable import Unavailable
from questionnaire.instrument import Role
from questionnaire.study import Study

OMEGA = "omega "
"""Checks of reliability are named so; all others are of separability."""


def gated_concepts(study: Study, sample: Sample) -> dict[str, pd.DataFrame]:
    """What the gate looks at, with its indicators: dimensions of facets, or else the predictors."""
    roles = {construct.code: construct.role for construct in study.constructs}
    capitals = [d for d in study.dimensions if all(roles[f] is Role.FACET for f in d.facets)]
    if capitals:
        return {d.code: sample.parcels[[f for f in d.facets if f in sample.parcels]] for d in capitals}
    return {
        c.code: sample.items[[i.code for i in c.items if i.code in sample.items]]
        for c in study.constructs
        if c.role in (Role.PREDICTOR, Role.FACET)
    }


def measurement_gate(
    study: Study, sample: Sample, factors: Mapping[str, OneFactor | Unavailable]
) -> GateOutcome:
    """ω, HTMT and the upper bound of each latent correlation against the study's limits.

    An HTMT between the study's two limits passes with a note. A figure that cannot be had fails the gate.
    """
    concepts = gated_concepts(study, sample)
    checks = [
        *(_omega(study, code, factors.get(code)) for code in concepts),
        *_htmt(study, concepts),
        *_correlations(study, concepts),
    ]
    passed = all(check.passed is True for check in checks)
    names = ", ".join(concepts)
    if passed:
        return GateOutcome(True, tuple(checks), f"{names} are reliable and separable.")
    apart = ", ".join(c.name for c in checks if c.passed is not True and not c.name.startswith(OMEGA))
    weak = ", ".join(c.name for c in checks if c.passed is not True and c.name.startswith(OMEGA))
    if apart and weak:
        statement = (
            f"{names}: not separable ({apart}) and not reliable enough ({weak}); "
            "hypotheses that depend on the gate are not tested."
        )
    elif apart:
        statement = f"{names}: not separable ({apart}); hypotheses that depend on the gate are not tested."
    else:
        statement = (
            f"{names}: not reliable enough ({weak}); hypotheses that depend on the gate are not tested."
        )
    return GateOutcome(False, tuple(checks), statement)


def _omega(study: Study, code: str, factor: OneFactor | Unavailable | None) -> GateCheck:
    limit = study.rules.gate.omega_min
    if not isinstance(factor, OneFactor):
        reason = factor.reason if isinstance(factor, Unavailable) else "nobody answered it"
        return GateCheck(f"{OMEGA}{code}", None, limit, None, reason)
    return GateCheck(f"{OMEGA}{code}", factor.omega, limit, factor.omega >= limit, "")


def _htmt(study: Study, concepts: Mapping[str, pd.DataFrame]) -> list[GateCheck]:
    gate = study.rules.gate
    pairs = list(combinations(concepts, 2))
    joined = pd.concat(list(concepts.values()), axis=1)
    rows = complete_rows(joined.to_numpy(dtype=float))
    if len(rows) < 3 or constant_columns(rows).any():
        reason = f"{len(rows)} complete rows, or indicators without variance"
        return [GateCheck(f"HTMT {a}–{b}", None, gate.htmt_max, None, reason) for a, b in pairs]
    widths = np.cumsum([0, *(block.shape[1] for block in concepts.values())])
    blocks = {code: range(widths[k], widths[k + 1]) for k, code in enumerate(concepts)}
    table = htmt_frame(correlation_matrix(rows), blocks)
    if isinstance(table, Unavailable):
        return []
    checks = []
    for a, b in pairs:
        value = float(str(table.loc[a, b]))
        note = f"above {gate.htmt_max}, tolerated below {gate.htmt_limit}" if value >= gate.htmt_max else ""
        known = None if np.isnan(value) else value
        checks.append(
            GateCheck(
                f"HTMT {a}–{b}",
                known,
                gate.htmt_max,
                None if known is None else value < gate.htmt_limit,
                note,
            )
        )
    return checks


def _correlations(study: Study, concepts: Mapping[str, pd.DataFrame]) -> list[GateCheck]:
    """Upper confidence bounds of the correlations of the concepts in their own CFA."""
    limit = study.rules.gate.correlation_upper_max
    pairs = list(combinations(concepts, 2))
    lines = [f"{code} =~ {' + '.join(block.columns)}" for code, block in concepts.items()]
    data = pd.concat(list(concepts.values()), axis=1).dropna(how="all").reset_index(drop=True)
    try:
        fit = sem.fit(
            "\n".join(lines),
            data,
            estimator=study.measurement.estimator,
            missing=study.measurement.missing,
            std_lv=True,
        )
        estimates = fit.estimates.set_index(["lhs", "op", "rhs"])
        reason = "" if fit.converged else "the model of these correlations did not converge"
    except TROUBLE as error:
        reason = str(error)
    if reason:
        return [GateCheck(f"correlation {a}–{b}", None, limit, None, reason) for a, b in pairs]
    checks = []
    for a, b in pairs:
        key = (a, "~~", b) if (a, "~~", b) in estimates.index else (b, "~~", a)
        upper = float(str(estimates.loc[key, "ci_upper"]))
        checks.append(
            GateCheck(f"correlation {a}–{b}", upper, limit, upper < limit, "upper confidence bound")
        )
    return checks
