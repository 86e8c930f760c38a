"""Bootstrap draws of a model's paths, in a worker process, where the analysis has not drawn them itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from analysis.unavailable import Unavailable

if TYPE_CHECKING:
    import pandas as pd

    from analysis.pipeline.result import FittedModel

Progress = Callable[[float, str], None]


def column_of(row: Mapping[Any, Any]) -> str:
    """The draws' column of a row of estimates: its label where it has one."""
    return str(row["label"]) or f"{row['lhs']}{row['op']}{row['rhs']}"


def draw_paths(
    model: FittedModel, engine: str, draws: int, seed: int, progress: Progress
) -> pd.DataFrame | Unavailable:
    """Draws × paths (see ``FittedModel.draws``); the seed gives what the analysis would have drawn."""
    from threadpoolctl import threadpool_limits

    from analysis import sem
    from analysis.pipeline.drawn import kept_draws

    with threadpool_limits(limits=1):
        progress(0.02, f"fitting {model.model}")
        try:
            fit = sem.fit(
                model.syntax, model.data, estimator=model.estimator, missing=model.missing, engine=engine
            )
            found = fit.bootstrap(
                draws=draws,
                seed=seed,
                progress=lambda done, of: progress(
                    0.05 + 0.95 * done / max(of, 1), f"drawing: {done} of {of}"
                ),
            )
        except sem.SemError as error:
            return Unavailable(str(error))
        return kept_draws(found.draws, model.estimates)
