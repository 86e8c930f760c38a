"""Typed values to plain data, to YAML that reads back the same, and to the hashes that identify them."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import yaml

from questionnaire.study_file.shorthand import gather_shared_keys
from questionnaire.study_file.values import INTEGER, NUMBER

if TYPE_CHECKING:
    from questionnaire.study import Study

UNSTATED = frozenset({"content_hash", "plan_hash"})
"""Fields of a study that are computed from the file and never written in it."""

_PLAN = ("measurement", "models", "hypotheses", "rules", "screening", "groups", "waves")
_WORDS = frozenset({"name", "statement", "caveat"})
"""Wording for readers: translating it changes nothing that is computed or decided."""


def plain(value: Any, skip: frozenset[str] = frozenset()) -> Any:
    """Dataclasses, tuples and enums as mappings, lists and strings; fields at their default are left out."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            f.name: plain(getattr(value, f.name), skip)
            for f in dataclasses.fields(value)
            if f.name not in skip and getattr(value, f.name) != _default(f)
        }
    if isinstance(value, StrEnum):
        return str(value)
    if isinstance(value, Mapping):
        return {key: plain(member, skip) for key, member in value.items()}
    if isinstance(value, tuple | list):
        return [plain(member, skip) for member in value]
    return value


def to_yaml(study: Study) -> str:
    """The study as YAML text."""
    data = plain(study, UNSTATED)
    for construct in data["constructs"]:
        gather_shared_keys(construct)
    # yaml.dump is typed as returning Any because it can also write to a stream.
    return str(yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110))


def content_hash(study: Study) -> str:
    """SHA-256 of everything the file says, whatever its layout, comments and order of keys."""
    return _digest(plain(study, UNSTATED))


def plan_hash(study: Study) -> str:
    """SHA-256 of what will be computed and decided, apart from any wording.

    It covers measurement, models, hypotheses, rules, screening, groups and waves, and of the instrument
    the structure they rest on: dimensions, constructs, item codes with their keying, points of the scales.
    """
    structure = {
        "dimensions": [(d.code, d.facets) for d in study.dimensions],
        "constructs": [
            (c.code, c.role, c.dimension, [(i.code, i.scale, i.reverse) for i in c.items])
            for c in study.constructs
        ],
        "scales": [(s.code, s.points) for s in study.scales],
    }
    return _digest({name: plain(getattr(study, name), _WORDS) for name in _PLAN} | structure)


def _digest(data: object) -> str:
    canonical = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()


def _default(spec: dataclasses.Field[Any]) -> Any:
    if spec.default_factory is not dataclasses.MISSING:
        return spec.default_factory()
    return spec.default


class _Dumper(yaml.SafeDumper):
    """Writes no aliases, quotes text that reads as another type, and keeps line breaks readable."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: _Dumper, value: str) -> yaml.ScalarNode:
    style = None
    if value in ("true", "false") or NUMBER.fullmatch(value) or INTEGER.fullmatch(value):
        style = '"'
    elif "\n" in value:
        style = "|"
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


def _real(dumper: _Dumper, value: float) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:float", repr(value))


_Dumper.add_representer(str, _text)
_Dumper.add_representer(float, _real)
