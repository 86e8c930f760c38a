"""What the planning page has done in a worker process: a power study."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from analysis.planning.power_needed import NeededN

Progress = Callable[[float, str], None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A power study as asked for."""

    hypotheses: tuple[str, ...]
    sizes: tuple[int, ...]
    replications: int
    careless: float
    seed: int


@dataclass(frozen=True, slots=True, eq=False)
class Planned:
    """``summary`` as of :func:`analysis.planning.power_summary.summarise`; ``needs`` by hypothesis."""

    summary: pd.DataFrame
    needs: dict[str, NeededN]


def simulate_power(study_text: str, wanted: Wanted, target: float, progress: Progress) -> Planned:
    """Every replication, in this process: the page's cancel button ends it. Raises PowerError."""
    from analysis.planning.power_plan import plan_power
    from analysis.planning.power_run import run_power
    from analysis.planning.power_summary import needed, summarise
    from questionnaire.loading import parse_study

    plan = plan_power(
        parse_study(study_text, "study"),
        wanted.hypotheses,
        wanted.sizes,
        replications=wanted.replications,
        seed=wanted.seed,
        careless=wanted.careless,
    )

    def tell(done: int, of: int) -> None:
        progress(done / max(of, 1), f"simulating: {done} of {of} replications")

    run = run_power(plan, progress=tell)
    summary = summarise(plan, run.outcomes)
    return Planned(summary, needed(plan, summary, target))
