"""Was the plan fixed before anyone answered? Confirmatory, exploratory or unknown."""

from __future__ import annotations

from analysis.pipeline.result import PlanStatus
from analysis.preparation.answers import Answers
from questionnaire.exchange.table import IMPORTED
from questionnaire.study import Study


def plan_status(
    study: Study, answers: Answers, registered: str | None, *, synthetic: bool
) -> tuple[PlanStatus, str]:
    """The status and the sentence that explains it.

    Simulated answers confirm nothing, whatever version they carry.
    ``registered`` is the plan's hash as stored when fielding opened. Without it, the study versions in the
    answers decide: a version covers the plan too, so answers given to this very file had this very plan.
    """
    if synthetic:
        return PlanStatus.UNKNOWN, "Simulated answers were drawn, not collected after a plan was fixed."
    if "version" in answers.context and (answers.context["version"] == IMPORTED).any():
        return PlanStatus.UNKNOWN, "Some answers were brought in from elsewhere; when is not known here."
    if registered is not None:
        if registered == study.plan_hash:
            return PlanStatus.CONFIRMATORY, "The plan is the one stored when fielding opened."
        return PlanStatus.EXPLORATORY, "The plan has changed since fielding opened."
    if "version" not in answers.context:
        return PlanStatus.UNKNOWN, "The answers do not say which version of the study they were given to."
    versions = {str(v) for v in answers.context["version"].dropna() if str(v).strip()}
    if not versions:
        return PlanStatus.UNKNOWN, "The answers do not say which version of the study they were given to."
    short = study.content_hash[:12]
    if all(short in version for version in versions):
        return PlanStatus.CONFIRMATORY, "All answers were given to this version of the study, plan included."
    return PlanStatus.EXPLORATORY, "Some answers were given to another version of the study."
