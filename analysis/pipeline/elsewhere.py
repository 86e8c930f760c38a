"""Evidence on groups, waves and necessity at a screening level or scoring other than the primary one."""

from __future__ import annotations

import numpy as np

from analysis.pipeline.grouping import compare_by_groups, group_evidence
from analysis.pipeline.intake import Intake
from analysis.pipeline.invariances import compared_invariances
from analysis.pipeline.needing import describe_necessity, necessity_evidence
from analysis.pipeline.panelling import weigh_waves
from analysis.pipeline.sample import Sample
from analysis.preparation.scoring import Scored
from analysis.synergy.evidence import Evidence
from analysis.unavailable import Unavailable
from questionnaire.plan import HypothesisKind
from questionnaire.study import Study


def evidence_elsewhere(
    study: Study, intake: Intake, sample: Sample, kept: np.ndarray, *, seed: int
) -> dict[str, Evidence | Unavailable]:
    """Hypothesis → evidence, as at the primary level but without what only describes."""
    kinds = {h.kind for h in study.hypotheses}
    found: dict[str, Evidence | Unavailable] = {}
    if HypothesisKind.GROUP_COMPARISON in kinds:
        ladders = compared_invariances(study, intake.answers, sample, kept)
        found |= group_evidence(compare_by_groups(study, intake.answers, sample, kept, ladders))
    if HypothesisKind.CROSS_LAGGED in kinds:
        scoring = Scored(sample.scoring)
        found |= weigh_waves(study, intake, sample.level, scoring, seed=seed, rivals=False).evidence
    if HypothesisKind.NECESSITY in kinds:
        found |= necessity_evidence(study, describe_necessity(study, sample, seed))
    return found
