"""Study and model to lavaan syntax: pure text, with what stands under every latent variable."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from analysis.synergy.compiled import CompiledModel
from analysis.synergy.product_indicators import match_indicators, residual_covariances
from analysis.synergy.structure import read_structure
from analysis.unavailable import Unavailable
from questionnaire.instrument import Construct, Dimension
from questionnaire.plan import Indicators, Model
from questionnaire.study import Study

PARCEL = "_p"
"""Suffix of the column that is the one parcel of a single-indicator latent of the construct's name."""


@dataclass(slots=True)
class _Draft:
    """What has been written so far."""

    lines: list[str] = field(default_factory=list)
    items: list[str] = field(default_factory=list)
    parcels: dict[str, str] = field(default_factory=dict)
    indicators: dict[str, list[str]] = field(default_factory=dict)
    obstacles: list[str] = field(default_factory=list)
    order: Mapping[str, Sequence[int]] = field(default_factory=dict)


def compile_model(
    study: Study,
    model: Model,
    *,
    error_variances: Mapping[str, float],
    absent: Collection[str] = (),
    order: Mapping[str, Sequence[int]] | None = None,
) -> CompiledModel | Unavailable:
    """The complete syntax of ``model``.

    A dimension stands on its facets' parcels (or, with items, on facets that stand on their items); a
    facet of a dimension in the same model is that dimension's parcel; another construct stands on its
    items, or on one parcel with residual variance ``error_variances[construct]`` when it is a single
    indicator. ``absent`` names constructs without answers: a model that needs one is Unavailable.
    ``order``: variable → the order of its indicators where not the study's; it decides which are multiplied.
    Every first indicator has loading 1, or a latent product would not be on the scale of its components.
    """
    if model.lagged:
        return Unavailable(f"{model.code} is a model across waves, which one wave cannot show")
    structure = read_structure(study, model)
    named = set(structure.variables)
    dimensions = {d.code: d for d in study.dimensions if d.code in named}
    constructs = {c.code: c for c in study.constructs}
    inside = {facet for d in dimensions.values() for facet in d.facets}
    draft = _Draft(order=order or {})
    for name in structure.variables:
        if name in dimensions:
            _dimension(study, model, dimensions[name], draft)
        elif name in constructs and name not in inside:
            _construct(study, model, constructs[name], error_variances, draft)
        elif name in study.items and name not in draft.items:
            draft.items.append(name)
    needed = {study.items[code].construct for code in draft.items} | set(draft.parcels.values())
    if missing := sorted(needed & set(absent)):
        return Unavailable(
            f"{model.code} needs {', '.join(missing)}, which nobody answered",
            "Ask that construct, or leave the model out.",
        )
    if draft.obstacles:
        return Unavailable(draft.obstacles[0])
    matched = {
        name: match_indicators([draft.indicators[part] for part in parts])
        for name, parts in structure.products.items()
    }
    for name, rows in matched.items():
        draft.lines.append(f"{name} =~ {' + '.join(rows)}")
    sources = {name: parts for rows in matched.values() for name, parts in rows.items()}
    draft.lines += residual_covariances(sources)
    return CompiledModel(
        model.code,
        "\n".join(draft.lines),
        structure.text,
        tuple(draft.items),
        draft.parcels,
        sources,
        structure.products,
    )


def _dimension(study: Study, model: Model, dimension: Dimension, draft: _Draft) -> None:
    facets = list(dimension.facets)
    if model.indicators is Indicators.ITEMS:
        for code in facets:
            if code not in draft.indicators:
                _stand_on_items(study.construct(code), draft)
    else:
        draft.parcels.update({code: code for code in facets})
    _measure(dimension.code, facets, draft)


def _construct(
    study: Study, model: Model, construct: Construct, error_variances: Mapping[str, float], draft: _Draft
) -> None:
    code = construct.code
    single = code in study.measurement.single_indicators and model.indicators is Indicators.PARCELS
    if not single:
        _stand_on_items(construct, draft)
        return
    column = code + PARCEL
    draft.parcels[column] = code
    draft.indicators[code] = [column]
    if code not in error_variances:
        draft.obstacles.append(f"the reliability of {code} is not available, so its error cannot be fixed")
        return
    draft.lines += [f"{code} =~ 1*{column}", f"{column} ~~ {error_variances[code]!r}*{column}"]


def _stand_on_items(construct: Construct, draft: _Draft) -> None:
    codes = [item.code for item in construct.items]
    draft.items += codes
    _measure(construct.code, codes, draft)


def _measure(latent: str, indicators: list[str], draft: _Draft) -> None:
    if latent in draft.order:
        indicators = [indicators[place] for place in draft.order[latent]]
    draft.indicators[latent] = indicators
    draft.lines.append(f"{latent} =~ {' + '.join(indicators)}")
