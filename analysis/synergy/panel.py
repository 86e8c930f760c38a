"""Models across waves: the random-intercept cross-lagged panel model of a study's lagged model, as text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations_with_replacement

from analysis.sem.syntax import parse_model
from analysis.synergy.structure import inherited_syntax
from analysis.unavailable import Unavailable
from questionnaire.plan import Model
from questionnaire.study import Study

FEWEST = 3
"""With two waves the random intercepts are not identified (Hamaker, Kuiper & Grasman 2015)."""

_BEFORE = "before."
_PATH = re.compile(r"\s*\w+\s*~(?!~)")
_NAMED = re.compile(r"(?<![\w.])([A-Za-z]\w*)(?![\w.]|\s*\*)")


@dataclass(frozen=True, slots=True)
class Lag:
    """``source`` one wave earlier acts on ``target``; ``label`` is the same at every wave."""

    target: str
    source: str
    label: str


@dataclass(frozen=True, slots=True)
class PanelModel:
    """Complete syntax over the columns ``variable_wave`` (``S_1``), waves counted from 1.

    ``within``: whether variables are split into a stable person part and a part within persons.
    """

    code: str
    syntax: str
    variables: tuple[str, ...]
    lags: tuple[Lag, ...]
    n_waves: int
    within: bool

    @property
    def columns(self) -> tuple[str, ...]:
        """The observed variables, wave by wave."""
        return tuple(f"{v}_{t}" for t in range(1, self.n_waves + 1) for v in self.variables)

    def at(self, variable: str, wave: int) -> str:
        """The name of what the lags connect: the within-person part, or the variable itself."""
        return f"W_{variable}_{wave}" if self.within else f"{variable}_{wave}"


def compile_panel(
    study: Study, model: Model, n_waves: int, *, within: bool = True
) -> PanelModel | Unavailable:
    """The model across ``n_waves`` waves with lags equal over time.

    ``within`` gives the random-intercept model of Hamaker, Kuiper & Grasman (2015); without, the plain
    cross-lagged panel model.
    """
    if n_waves < FEWEST:
        return Unavailable(
            f"{model.code} needs {FEWEST} waves, of which there are {n_waves}",
            "Ask the same respondents again.",
        )
    text = inherited_syntax(study, model)
    lags = read_lags(text)
    variables = tuple(dict.fromkeys([lag.target for lag in lags] + [lag.source for lag in lags]))
    draft = PanelModel(model.code, "", variables, lags, n_waves, within)
    lines = [*(_split(draft) if within else ()), *_dynamics(draft)]
    lines += [line for line in text.splitlines() if ":=" in line]
    return replace(draft, syntax="\n".join(lines))


def read_lags(text: str) -> tuple[Lag, ...]:
    """The lags of a lagged model's text, in which ``S ~ ss*S`` says that S depends on S one wave before.

    Raises sem.ModelError for text that is not model syntax.
    """
    # A variable regressed on itself is no model of one wave, so what lies in the past is named apart.
    dated = [
        line.split("~")[0] + "~" + _NAMED.sub(rf"{_BEFORE}\1", line.split("~", 1)[1])
        if _PATH.match(line)
        else line
        for line in text.splitlines()
    ]
    statements = [s for s in parse_model("\n".join(dated)).parameters if s.op == "~"]
    out = []
    for s in statements:
        source = s.rhs.removeprefix(_BEFORE)
        label = str(s.modifiers.label[0]) if s.modifiers.label else f"lag_{s.lhs}_{source}"
        out.append(Lag(s.lhs, source, label))
    return tuple(out)


def _split(m: PanelModel) -> Iterator[str]:
    """Each variable at each wave = random intercept + within-person part, without error."""
    waves = range(1, m.n_waves + 1)
    for v in m.variables:
        yield f"RI_{v} =~ " + " + ".join(f"1*{v}_{t}" for t in waves)
    for v in m.variables:
        for t in waves:
            yield f"W_{v}_{t} =~ 1*{v}_{t}"
            yield f"{v}_{t} ~~ 0*{v}_{t}"
    for a, b in combinations_with_replacement(m.variables, 2):
        yield f"RI_{a} ~~ RI_{b}"
    # The person's part is what does not change, so it is uncorrelated with where the dynamics start.
    for a in m.variables:
        yield f"RI_{a} ~~ " + " + ".join(f"0*W_{b}_1" for b in m.variables)


def _dynamics(m: PanelModel) -> Iterator[str]:
    for t in range(2, m.n_waves + 1):
        for target in dict.fromkeys(lag.target for lag in m.lags):
            terms = (f"{lag.label}*{m.at(lag.source, t - 1)}" for lag in m.lags if lag.target == target)
            yield f"{m.at(target, t)} ~ " + " + ".join(terms)
    for t in range(1, m.n_waves + 1):
        for a, b in combinations_with_replacement(m.variables, 2):
            yield f"{m.at(a, t)} ~~ {m.at(b, t)}"
