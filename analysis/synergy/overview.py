"""The complete syntax of every model of a study, as text to read before there are any data."""

from __future__ import annotations

from analysis.synergy.compile import compile_model
from analysis.synergy.panel import compile_panel
from analysis.unavailable import Unavailable
from questionnaire.study import Study

UNKNOWN_ERROR = 0.0
"""Stands for (1 − ω)·variance of a single indicator, which only data can give."""


def models_in_full(study: Study) -> str:
    """Each model's code, then what the engine will be given, or why it cannot be written yet."""
    fixed = dict.fromkeys(study.measurement.single_indicators, UNKNOWN_ERROR)
    parts = []
    for model in study.models:
        compiled = (
            compile_panel(study, model, len(study.waves))
            if model.lagged
            else compile_model(study, model, error_variances=fixed)
        )
        text = f"# {compiled.reason}" if isinstance(compiled, Unavailable) else compiled.syntax
        parts.append(f"## {model.code}\n{text}")
    return "\n\n".join(parts)
