"""A study's model ready to be fitted: complete lavaan syntax and the data columns it needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class CompiledModel:
    """Complete syntax of one model.

    ``measurement`` and ``structural`` are its two halves; ``columns`` the observed variables. ``items`` and
    ``parcels``: which columns are scored items, and which are a construct's parcel (column → construct).
    ``indicators``: product indicator → the columns multiplied. ``products``: latent product → its components.
    """

    code: str
    measurement: str
    structural: str
    items: tuple[str, ...]
    parcels: Mapping[str, str]
    indicators: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    products: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def syntax(self) -> str:
        """The whole model."""
        return "\n".join(part for part in (self.measurement, self.structural) if part)

    @property
    def columns(self) -> tuple[str, ...]:
        """Observed variables, items first, then parcels, then products."""
        return (*self.items, *self.parcels, *self.indicators)
