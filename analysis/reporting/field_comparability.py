"""Whether groups may be compared on their means, while the study is in the field."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldComparability:
    """What ``n`` finished answers say about the means of the study's first grouping.

    ``comparable``: whether scalar invariance holds, with exceptions at most, which ``freed`` names;
    ``reason``: why not, in the language asked for.
    """

    n: int
    comparable: bool
    freed: tuple[str, ...]
    reason: str


def field_comparability(database: str, study_code: str, language: str) -> FieldComparability:
    """Invariance across the first grouping of a study's newest version; runs in a process of its own.

    Rows are left out by the study's own rules, as in the analysis. Raises StorageUnavailableError when the
    store is out of reach.
    """
    import numpy as np

    from analysis.pipeline.field_flags import SEED, finished_answers
    from analysis.pipeline.invariances import group_labels, ladder_on_parcels
    from analysis.pipeline.sample import score_sample
    from analysis.preparation.scoring import Scored
    from analysis.reporting.messages import translated
    from analysis.screening.levels import screen
    from analysis.screening.responses import gather_responses
    from analysis.unavailable import Unavailable

    study, answers = finished_answers(database, study_code)
    if answers is None or not study.groups:
        return FieldComparability(0, False, (), translated("nobody has finished", language))
    kept = screen(gather_responses(study, answers, seed=SEED), study.screening).kept["rule"]
    sample = score_sample(study, answers.items[kept], "rule", Scored(study.measurement.scoring))
    group = study.groups[0]
    labels = group_labels(group, answers.context[kept].reset_index(drop=True))
    found = ladder_on_parcels(study, sample, labels, group.n_min)
    n = int(np.sum(kept))
    if isinstance(found, Unavailable):
        return FieldComparability(n, False, (), translated(found.reason, language))
    if not found.holds("scalar"):
        return FieldComparability(n, False, found.freed, translated("; ".join(found.reasons), language))
    return FieldComparability(n, True, found.freed, "")
