"""Common-method bias of a sample: the study's marker construct, and an unmeasured method factor."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.measurement.common_method import MarkerTest, harman_share, marker_test, unmeasured_method
from analysis.measurement.correlation import complete_rows, constant_columns, correlation_matrix
from analysis.pipeline.invariances import measurement_blocks, treatment
from analysis.pipeline.measured import MethodBias
from analysis.pipeline.sample import Sample
from analysis.unavailable import Unavailable
from questionnaire.instrument import Role
from questionnaire.study import Study


def method_bias(study: Study, sample: Sample) -> MethodBias | Unavailable:
    """The marker ladder and the unmeasured factor on the factors that hypotheses rest on.

    The first marker construct that was answered is used. Unavailable where there is nothing to look at.
    """
    blocks = measurement_blocks(study, sample)
    if not blocks:
        return Unavailable("no factor has two indicators that were answered")
    data = pd.concat(list(blocks.values()), axis=1).reset_index(drop=True)
    names = {code: [str(c) for c in block.columns] for code, block in blocks.items()}
    if reason := _unusable(data):
        return Unavailable(reason)
    estimator = study.measurement.estimator
    return MethodBias(
        _marker(study, sample, names, data),
        unmeasured_method(names, data, estimator=estimator, missing=treatment(study, data)),
        _harman(study, sample),
    )


def _marker(
    study: Study, sample: Sample, names: dict[str, list[str]], data: pd.DataFrame
) -> MarkerTest | Unavailable:
    markers = [c for c in study.constructs if c.role is Role.MARKER]
    if not markers:
        return Unavailable("the study has no marker construct")
    marker = next((c for c in markers if c.code not in sample.absent), None)
    if marker is None:
        return Unavailable(f"nobody answered the marker {', '.join(c.code for c in markers)}")
    codes = [item.code for item in marker.items if sample.items[item.code].notna().any()]
    both = pd.concat([data, sample.items[codes].reset_index(drop=True)], axis=1)
    if reason := _unusable(both):
        return Unavailable(reason)
    return marker_test(
        names,
        codes,
        both,
        name=marker.code,
        estimator=study.measurement.estimator,
        missing=treatment(study, both),
    )


def _unusable(data: pd.DataFrame) -> str:
    """Why no model of these columns can be fitted, "" where one may be."""
    complete = data.dropna()
    if len(complete) <= data.shape[1]:
        return f"{len(complete)} respondents answered all {data.shape[1]} indicators; more are needed"
    flat = constant_columns(complete.to_numpy(dtype=float))
    if flat.any():
        names = [str(c) for c, f in zip(data.columns, flat, strict=True) if f]
        return f"everyone has the same value on {', '.join(names[:6])}"
    return ""


def _harman(study: Study, sample: Sample) -> float | Unavailable:
    """Over the items of all constructs but the marker."""
    codes = [
        item.code
        for c in study.constructs
        if c.role is not Role.MARKER and c.code not in sample.absent
        for item in c.items
    ]
    rows = complete_rows(sample.items[codes].to_numpy(dtype=float))
    if len(rows) <= len(codes) or constant_columns(rows).any():
        return Unavailable(f"{len(rows)} complete rows, or items without variance")
    return harman_share(np.asarray(correlation_matrix(rows)))
