"""Necessity of what is said to work together, as description beside the tests."""

from __future__ import annotations

import numpy as np

from analysis.pipeline.composites import composite
from analysis.pipeline.sample import Sample
from analysis.sem.syntax import parse_model
from analysis.synergy.evidence import Evidence, NotTested
from analysis.synergy.necessity import Necessity, necessity
from analysis.synergy.structure import read_structure
from analysis.unavailable import Unavailable
from questionnaire.plan import Expected, HypothesisKind
from questionnaire.study import Study

WORKING_TOGETHER = frozenset(
    {HypothesisKind.INTERACTION, HypothesisKind.COMPLEMENTARITY, HypothesisKind.CONGRUENCE}
)


def describe_necessity(study: Study, sample: Sample, seed: int) -> tuple[Necessity, ...]:
    """Each condition and outcome once; pairs without composites or without range are left out.

    Conditions are the variables whose products a hypothesis expects to raise an outcome, and those that a
    hypothesis of necessity names in its options ``conditions`` and ``outcome``.
    """
    rng = np.random.default_rng(seed)
    found = []
    for condition, outcome in _pairs(study):
        x, y = composite(study, sample, condition), composite(study, sample, outcome)
        if isinstance(x, Unavailable) or isinstance(y, Unavailable):
            continue
        described = necessity(x.to_numpy(), y.to_numpy(), rng, condition=condition, outcome=outcome)
        if isinstance(described, Necessity):
            found.append(described)
    return tuple(found)


def necessity_evidence(study: Study, described: tuple[Necessity, ...]) -> dict[str, Evidence | Unavailable]:
    """A hypothesis of necessity gets figures and no verdict: an empty corner is no test of a cause."""
    out: dict[str, Evidence | Unavailable] = {}
    for hypothesis in study.hypotheses:
        if hypothesis.kind is HypothesisKind.NECESSITY:
            asked = set(_named(hypothesis.options.get("conditions"), hypothesis.options.get("outcome")))
            figures = [
                f"{n.condition} for {n.outcome}: d = {c.effect:.2f} ({c.name}), p = {c.pvalue:.3f}"
                for n in described
                if (n.condition, n.outcome) in asked
                for c in n.ceilings
            ]
            text = "; ".join(figures) or "its conditions or its outcome were not answered"
            out[hypothesis.code] = NotTested(f"necessity is described and not tested ({text})")
    return out


def _pairs(study: Study) -> list[tuple[str, str]]:
    pairs: dict[tuple[str, str], None] = {}
    for h in study.hypotheses:
        if h.kind is HypothesisKind.NECESSITY:
            pairs |= dict.fromkeys(_named(h.options.get("conditions"), h.options.get("outcome")))
        elif h.kind in WORKING_TOGETHER and h.expected is Expected.POSITIVE:
            structure = read_structure(study, study.model(h.model))
            for s in parse_model(structure.text).parameters:
                if s.op == "~":
                    pairs |= {(part, s.lhs): None for part in structure.products.get(s.rhs, ())}
    return list(pairs)


def _named(conditions: object, outcome: object) -> list[tuple[str, str]]:
    if not isinstance(conditions, list | tuple) or not isinstance(outcome, str):
        return []
    return [(str(condition), outcome) for condition in conditions]
