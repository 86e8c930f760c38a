"""Another engine beside ours: semopy as estimator and as cross-check, imported only when used."""

from analysis.sem.external.cross_check import CrossCheck, cross_check
from analysis.sem.external.dialect import NotExpressibleError
from analysis.sem.external.semopy_engine import SemopyEstimates, semopy_estimates
from analysis.sem.external.semopy_run import SemopyFailedError

__all__ = [
    "CrossCheck",
    "NotExpressibleError",
    "SemopyEstimates",
    "SemopyFailedError",
    "cross_check",
    "semopy_estimates",
]
