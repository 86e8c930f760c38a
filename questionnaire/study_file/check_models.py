"""What must hold among models: what they name exists, and they build on one another without a circle."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from questionnaire.study_file.model_words import ModelWords, scan
from questionnaire.suggestion import suggestion

if TYPE_CHECKING:
    from questionnaire.study import Study
    from questionnaire.study_file.problems import Collector


def model_words(study: Study, problems: Collector) -> dict[str, ModelWords]:
    """The words of every model with those it extends; faults are reported on the way."""
    variables = _variables(study)
    before = {model.code: model.extends for model in study.models}
    alone = {model.code: scan(model.syntax) for model in study.models}
    words: dict[str, ModelWords] = {}
    for model in study.models:
        path = f"models[{model.code}]"
        own = alone[model.code]
        for fault in own.faults:
            problems.add(
                f"{path}.syntax", f'"{fault}" is not a statement', 'Write it with "~", "~~", "=~" or ":=".'
            )
        for where, codes in (
            ("extends", [model.extends] if model.extends else []),
            ("equivalent", model.equivalent),
        ):
            for code in codes:
                if code not in before and problems.intact("models"):
                    what = f'the model "{code}" is not defined'
                    problems.add(f"{path}.{where}", what, suggestion(code, before))
        chain = _chain(model.code, before)
        if chain is None:
            problems.add(
                f"{path}.extends", "the models extend one another in a circle", "Let one stand alone."
            )
            chain = [model.code]
        words[model.code] = whole = sum_words(alone[code] for code in chain if code in alone)
        for field, named in (("syntax", own.variables), ("latents", frozenset(model.latents))):
            for name in sorted(named - variables - whole.latents):
                if problems.intact("constructs", "dimensions"):
                    what = f'"{name}" is not a dimension, construct or item'
                    problems.add(f"{path}.{field}", what, suggestion(name, variables | whole.latents))
        if not whole.variables and not model.latents and problems.intact(path):
            problems.add(f"{path}.syntax", "the model names no variable", "Write a path, or list latents.")
    return words


def sum_words(parts: Iterable[ModelWords]) -> ModelWords:
    """All words of several syntaxes together."""
    whole = ModelWords()
    for part in parts:
        whole |= part
    return whole


def _variables(study: Study) -> frozenset[str]:
    dimensions = {dimension.code for dimension in study.dimensions}
    return frozenset(dimensions | {c.code for c in study.constructs} | set(study.items))


def _chain(start: str, before: Mapping[str, str]) -> list[str] | None:
    """``start`` and everything before it, or None when that goes in a circle."""
    chain = dict.fromkeys([start])
    last = start
    while following := before.get(last, ""):
        if following in chain:
            return None
        chain[following] = None
        last = following
    return list(chain)
