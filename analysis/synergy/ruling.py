"""Evidence to verdicts: families, adjusted p values and the order in which hypotheses may be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analysis.synergy.evidence import Effect, Evidence, NotTested
from analysis.synergy.multiplicity import adjust
from analysis.synergy.verdict import Verdict, decide, decide_jointly
from analysis.unavailable import Unavailable
from questionnaire.plan import Hypothesis, HypothesisKind
from questionnaire.study import Study

GATE = "measurement"
PASSING = (Verdict.SUPPORTED, Verdict.TRIVIAL)


@dataclass(frozen=True, slots=True)
class Ruling:
    """The verdict on one hypothesis; ``pvalue_adjusted`` is None where nothing was computed."""

    verdict: Verdict
    pvalue_adjusted: float | None
    reason: str


def rule_all(
    study: Study, evidence: Mapping[str, Evidence | Unavailable], *, gate_passed: bool
) -> dict[str, Ruling]:
    """A ruling for every hypothesis of the study (hypothesis code → ruling).

    P values are adjusted within each family. A hypothesis whose ``after`` names a gate or family that did not
    pass is not tested; a family passes when every one of its hypotheses is supported.
    """
    adjusted = _adjusted(study, evidence)
    alone = {h.code: _rule(study, h, evidence.get(h.code), adjusted.get(h.code)) for h in study.hypotheses}
    families: dict[str, list[Hypothesis]] = {}
    for hypothesis in study.hypotheses:
        families.setdefault(hypothesis.family, []).append(hypothesis)
    final: dict[str, Ruling] = {}

    def settle(family: str) -> bool:
        for hypothesis in families[family]:
            if hypothesis.code not in final:
                closed = [name for name in hypothesis.after if not _open(name)]
                final[hypothesis.code] = _stopped(alone[hypothesis.code], closed)
        return all(final[h.code].verdict in PASSING for h in families[family])

    def _open(name: str) -> bool:
        return gate_passed if name == GATE else name in families and settle(name)

    for family in families:
        settle(family)
    return {h.code: final[h.code] for h in study.hypotheses}


def rule_alone(study: Study, hypothesis: Hypothesis, evidence: Evidence) -> Verdict:
    """The verdict on one hypothesis by itself: no adjustment for others, no gate."""
    significant = evidence.pvalue <= hypothesis.alpha
    return decide_jointly([_part(study, hypothesis, part, significant) for part in evidence.parts])


def _adjusted(study: Study, evidence: Mapping[str, Evidence | Unavailable]) -> dict[str, float]:
    out: dict[str, float] = {}
    for family in dict.fromkeys(h.family for h in study.hypotheses):
        found = {
            h.code: e.pvalue
            for h in study.hypotheses
            if h.family == family and isinstance(e := evidence.get(h.code), Evidence)
        }
        values = adjust(np.array(list(found.values()), dtype=float), study.rules.adjustment)
        out |= dict(zip(found, values.tolist(), strict=True))
    return out


def _rule(
    study: Study, hypothesis: Hypothesis, evidence: Evidence | Unavailable | None, adjusted: float | None
) -> Ruling:
    if evidence is None or adjusted is None or isinstance(evidence, Unavailable):
        reason = evidence.reason if isinstance(evidence, Unavailable) else "no model was fitted for it"
        closed = Verdict.NOT_TESTED if isinstance(evidence, NotTested) else Verdict.NOT_COMPUTED
        return Ruling(closed, None, reason)
    if evidence.against:
        return Ruling(Verdict.CONTRADICTED, adjusted, evidence.against)
    significant = adjusted <= hypothesis.alpha
    verdicts = [_part(study, hypothesis, part, significant) for part in evidence.parts]
    if len(verdicts) == 1:
        return Ruling(verdicts[0], adjusted, evidence.note)
    parts = "; ".join(f"{k}: {v.value}" for k, v in enumerate(verdicts, 1))
    reason = f"all parts must hold ({parts})" + (f"; {evidence.note}" if evidence.note else "")
    return Ruling(decide_jointly(verdicts), adjusted, reason)


def _part(study: Study, hypothesis: Hypothesis, part: Effect, significant: bool) -> Verdict:
    rules = study.rules
    narrow = part.interval(rules.equivalence_confidence)
    one_sided = hypothesis.kind is HypothesisKind.COMPLEMENTARITY
    interval = narrow if one_sided else part.interval(rules.confidence)
    return decide(
        part.estimate,
        interval,
        narrow,
        hypothesis.sesoi,
        hypothesis.expected,
        significant=significant or one_sided,
    )


def _stopped(ruling: Ruling, closed: list[str]) -> Ruling:
    if not closed or ruling.verdict in (Verdict.NOT_COMPUTED, Verdict.NOT_TESTED):
        return ruling
    reason = (
        f"not tested because {' and '.join(closed)} did not pass; by the rule alone: {ruling.verdict.value}"
    )
    return Ruling(Verdict.NOT_TESTED, ruling.pvalue_adjusted, reason)
