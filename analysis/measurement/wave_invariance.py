"""Measurement invariance across waves: the same people's answers side by side in one model."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from analysis import sem
from analysis.measurement.invariance_ladder import LEVELS, USUAL, Criteria, MeasurementInvariance, climb
from analysis.measurement.invariance_release import in_deviations
from analysis.sem.fit import Fit
from analysis.sem.inference.release_table import release_tests
from analysis.unavailable import Unavailable

__all__ = ["wave_invariance", "wave_syntax"]

_PLACE = re.compile(r"_\d+$")


def wave_invariance(
    blocks: Mapping[str, Sequence[str]],
    data: pd.DataFrame,
    waves: Sequence[str],
    *,
    n_min: int,
    criteria: Criteria = USUAL,
    estimator: str = "MLR",
    missing: str = "fiml",
) -> MeasurementInvariance | Unavailable:
    """The ladder of invariance across waves, climbed as `climb` says.

    - blocks: factor → its indicators; data: (n, …) one row a respondent, columns ``indicator_k`` for the kth
      of ``waves``, missing where a respondent did not take part
    - n_min: fewest respondents of a wave, and of two waves together; waves with fewer are left out and named

    Unavailable where fewer than two waves are left, or the respondents do not outnumber the parameters.
    """
    names = [indicator for block in blocks.values() for indicator in block]
    there = {
        wave: data[[f"{name}_{k}" for name in names]].notna().any(axis=1) for k, wave in enumerate(waves, 1)
    }
    counts = {wave: int(present.sum()) for wave, present in there.items()}
    kept: list[str] = []
    for wave in waves:
        if all(int((there[wave] & there[other]).sum()) >= n_min for other in (*kept, wave)):
            kept.append(wave)
    small = {wave: n for wave, n in counts.items() if wave not in kept}
    if len(kept) < 2:
        found = ", ".join(f"{wave} {n}" for wave, n in counts.items()) or "no wave has any"
        return Unavailable(
            f"fewer than two waves share {n_min} respondents ({found})", "Invite the same respondents again."
        )
    places = {wave: k for k, wave in enumerate(waves, 1)}
    columns = {f"{name}_{places[wave]}": f"{name}_{k}" for k, wave in enumerate(kept, 1) for name in names}
    wide = data[list(columns)].set_axis(list(columns.values()), axis=1).dropna(how="all")
    wide = wide.dropna() if missing == "listwise" else wide
    for column in wide.columns:
        name, wave = _PLACE.sub("", column), kept[int(column.rsplit("_", 1)[1]) - 1]
        if wide[column].isna().all():
            return Unavailable(f"nobody answered {name} in wave {wave}")
        if wide[column].nunique() < 2:
            return Unavailable(f"everyone has the same value on {name} in wave {wave}")
    model = _Waves(blocks, len(kept), wide.reset_index(drop=True), estimator, missing)
    if len(wide) <= model.size:
        return Unavailable(f"{len(wide)} respondents are too few for the model's {model.size} parameters")
    syntax = wave_syntax(blocks, len(kept), "strict", ())
    return climb(model, syntax, {wave: counts[wave] for wave in kept}, small, criteria)


def wave_syntax(blocks: Mapping[str, Sequence[str]], n_waves: int, level: str, freed: Collection[str]) -> str:
    """The model of a level over ``indicator_k`` and ``factor_k``, in lavaan's language.

    Residuals of an indicator covary between all waves. Factors have variance 1 and mean 0; after the first
    wave the variance is free once loadings are equal, and the mean once intercepts are (Widaman, Ferrer &
    Conger 2010), as semTools' ``measEq.syntax(longFacNames=, ID.fac="std.lv", auto="all")`` has it. What is
    freed (``f=~x``, ``x~1``, ``x~~x``) differs at every wave.
    """
    step = LEVELS.index(level)
    lines = []
    for k in range(1, n_waves + 1):
        for factor, indicators in blocks.items():
            latent = f"{factor}_{k}"
            tied = {
                (name, x): f"{name}.{factor}.{x}*" if step >= place and entry not in freed else ""
                for x in indicators
                for place, (name, entry) in enumerate(
                    (("loading", f"{factor}=~{x}"), ("intercept", f"{x}~1"), ("residual", f"{x}~~{x}")), 1
                )
            }
            lines.append(f"{latent} =~ " + " + ".join(f"{tied['loading', x]}{x}_{k}" for x in indicators))
            lines += [f"{x}_{k} ~ {tied['intercept', x]}1" for x in indicators]
            lines += [f"{x}_{k} ~~ {tied['residual', x]}{x}_{k}" for x in indicators]
            first = "NA*" if step >= 1 and k > 1 else "1*"
            lines.append(f"{latent} ~~ {first}{latent}")
            lines.append(f"{latent} ~ {'NA*' if step >= 2 and k > 1 else '0*'}1")
    for x in dict.fromkeys(x for block in blocks.values() for x in block):
        lines += [f"{x}_{a} ~~ {x}_{b}" for a, b in combinations(range(1, n_waves + 1), 2)]
    return "\n".join(lines)


@dataclass(frozen=True, slots=True, eq=False)
class _Waves:
    """One model of all waves, tied by labels."""

    blocks: Mapping[str, Sequence[str]]
    n_waves: int
    data: pd.DataFrame
    estimator: str
    missing: str

    @property
    def size(self) -> int:
        """Parameters of the configural model."""
        p, f = sum(map(len, self.blocks.values())), len(self.blocks) * self.n_waves
        return 3 * p * self.n_waves + p * (self.n_waves * (self.n_waves - 1) // 2) + f * (f - 1) // 2

    def fit(self, level: str, freed: Collection[str]) -> Fit:
        holes = bool(self.data.isna().any(axis=None))
        fit: Fit = sem.fit(
            wave_syntax(self.blocks, self.n_waves, level, freed),
            self.data,
            estimator=self.estimator,
            missing=self.missing if holes else "listwise",
            std_lv=True,
            meanstructure=True,
        )
        return fit

    def ties(self, fit: Fit) -> pd.DataFrame:
        tests = release_tests(fit)
        left, right = (tests[side].str.replace(_PLACE, "", regex=True) for side in ("lhs", "rhs"))
        tests["entry"] = left + tests["op"] + right
        variances = self.data.var()
        return in_deviations(
            tests, np.sqrt(variances.groupby(variances.index.str.replace(_PLACE, "", regex=True)).mean())
        )

    def factors(self, fit: Fit) -> Mapping[str, Sequence[str]]:
        return self.blocks
