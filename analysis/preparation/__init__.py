"""From a table of raw codes to scored items and parcels."""

from analysis.preparation.answers import Answers, AnswersError, check_answers, read_answers
from analysis.preparation.parcels import parcel_means
from analysis.preparation.scoring import Scored, normal_scores, reverse_code, score_items

__all__ = [
    "Answers",
    "AnswersError",
    "Scored",
    "check_answers",
    "normal_scores",
    "parcel_means",
    "read_answers",
    "reverse_code",
    "score_items",
]
