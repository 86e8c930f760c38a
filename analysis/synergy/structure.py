"""The structural part of a study's model: inherited text, the variables it names, products given names."""

from __future__ import annotations

import re
from dataclasses import dataclass

from analysis.sem.syntax import parse_model
from questionnaire.plan import Model
from questionnaire.study import Study

_PRODUCT = re.compile(r"[A-Za-z]\w*(?::[A-Za-z]\w*)+")
JOINT = "_x_"


@dataclass(frozen=True, slots=True)
class Structure:
    """A model's own statements. ``variables`` are what paths and covariances name, in the study's order.

    ``products``: name in ``text`` → the variables multiplied; ``declared``: latents defined by ``=~`` in it;
    ``has_paths``: whether anything is regressed.
    """

    text: str
    variables: tuple[str, ...]
    products: dict[str, tuple[str, ...]]
    declared: tuple[str, ...]
    has_paths: bool


def product_name(components: tuple[str, ...]) -> str:
    """The name of the product of some variables, the same in latents, indicators and data columns."""
    return JOINT.join(components)


def inherited_syntax(study: Study, model: Model) -> str:
    """The structural text of a model behind that of the models it extends."""
    before = inherited_syntax(study, study.model(model.extends)) if model.extends else ""
    return "\n".join(part.strip("\n") for part in (before, model.syntax) if part.strip())


def read_structure(study: Study, model: Model) -> Structure:
    """The structure of a model; sem.ModelError for text that is not model syntax."""
    products: dict[str, tuple[str, ...]] = {}

    def named(match: re.Match[str]) -> str:
        components = tuple(match[0].split(":"))
        name = product_name(components)
        products[name] = components
        return name

    text = _PRODUCT.sub(named, inherited_syntax(study, model))
    statements = parse_model(text).parameters if text else ()
    declared = tuple(dict.fromkeys(s.lhs for s in statements if s.op == "=~"))
    mentioned = [name for s in statements for name in (s.lhs, s.rhs) if name]
    parts = [p for name in mentioned for p in products.get(name, (name,))]
    latents = [code for m in _ancestry(study, model) for code in m.latents]
    rank = {code: place for place, code in enumerate(_codes(study))}
    found = (name for name in dict.fromkeys([*latents, *parts]) if name not in declared)
    variables = tuple(sorted(found, key=lambda name: rank.get(name, len(rank))))
    return Structure(text, variables, products, declared, any(s.op == "~" for s in statements))


def _ancestry(study: Study, model: Model) -> list[Model]:
    return [*(_ancestry(study, study.model(model.extends)) if model.extends else []), model]


def _codes(study: Study) -> list[str]:
    return [
        *(dimension.code for dimension in study.dimensions),
        *(construct.code for construct in study.constructs),
        *study.items,
    ]
