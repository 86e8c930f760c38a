"""The columns a model of the lab can name, made from the answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from analysis.pages.lab_text import bare, mentioned, products_in
from analysis.pages.lab_trial import Settings
from analysis.unavailable import Unavailable

if TYPE_CHECKING:
    from questionnaire.study import Study

GROUP = "group"
"""The column of the data that holds each row's group."""


def available_columns(study: Study, table: pd.DataFrame, settings: Settings) -> dict[str, pd.Series]:
    """Items (turned where reversed) by code, each construct's mean as ``CODE`` and ``CODE_p``, the group."""
    from analysis.pipeline.intake import take_in
    from analysis.pipeline.invariances import group_labels
    from analysis.pipeline.sample import score_sample
    from analysis.preparation.scoring import Scored
    from analysis.screening.levels import screen
    from analysis.screening.responses import gather_responses

    answers = take_in(study, table).answers
    rows, context = answers.items, answers.context
    if settings.kept:
        screened = screen(gather_responses(study, answers, seed=settings.seed), study.screening)
        kept = screened.kept["rule"]
        rows, context = rows[kept], context[kept]
    scoring = Scored.RAW if settings.ordered else Scored(settings.scoring)
    sample = score_sample(study, rows, "rule" if settings.kept else "none", scoring)
    means = {name: sample.parcels[name] for name in map(str, sample.parcels.columns)}
    items = {name: sample.items[name] for name in map(str, sample.items.columns)}
    found = means | {f"{name}_p": column for name, column in means.items()} | items
    if settings.group:
        group = next(one for one in study.groups if one.code == settings.group)
        labels = group_labels(group, context.reset_index(drop=True))
        if not isinstance(labels, Unavailable):
            found[GROUP] = labels
    return found


def data_for(syntax: str, columns: Mapping[str, pd.Series], *, grouped: bool = False) -> pd.DataFrame:
    """The columns a model names that are not its own latent variables; products are made as asked for.

    ``grouped``: with the group of each row, without rows that are in none.
    """
    import numpy as np

    from analysis.sem.syntax import parse_model
    from analysis.synergy.product_indicators import product_columns
    from analysis.synergy.structure import JOINT

    latent = {one.lhs for one in parse_model(syntax).parameters if one.op == "=~"}
    observed = [name for name in mentioned(bare(syntax)) if name not in latent]
    products = products_in(syntax, columns)
    chosen: dict[str, pd.Series] = {}
    for name in observed:
        if name in columns and name != GROUP:
            chosen[name] = columns[name]
        elif name in products:
            parts = [columns[part].to_numpy(dtype=float) for part in name.split(JOINT)]
            chosen[name] = pd.Series(product_columns(np.column_stack(parts)))
    frame = pd.DataFrame({name: column.reset_index(drop=True) for name, column in chosen.items()})
    if grouped and GROUP in columns:
        frame[GROUP] = columns[GROUP].reset_index(drop=True)
        frame = frame[frame[GROUP].notna()].reset_index(drop=True)
    return frame
