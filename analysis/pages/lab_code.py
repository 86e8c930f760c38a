"""What makes a fit of the lab again: Python, the command, and R with lavaan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from analysis.pages.lab_columns import GROUP
from analysis.pages.lab_trial import Settings

LARGE = 12
"""Modification indices that R prints."""


def python(models: Mapping[str, str], settings: Settings, ordered: Sequence[str] = ()) -> str:
    """Fits of models by their names; several are compared."""
    lines = ["import pandas as pd", "from analysis import sem", "", 'data = pd.read_csv("data.csv")']
    options = [f"estimator={settings.estimator!r}", f"missing={settings.missing!r}"]
    options += [f"ordered={list(ordered)!r}"] if ordered else []
    options += [f'group="{GROUP}"', f"group_equal={settings.equal!r}"] if settings.group else []
    for name, syntax in models.items():
        lines += ["", f'model_{name} = """', syntax, '"""']
        lines.append(f"{name} = sem.fit(model_{name}, data, {', '.join(options)})")
        if settings.bootstrap:
            lines.append(f"{name}.bootstrap(draws={settings.bootstrap}, seed={settings.seed})")
    if len(models) > 1:
        lines += ["", f"sem.compare({', '.join(models)}, names={list(models)!r})"]
    return "\n".join(lines) + "\n"


def command(settings: Settings, ordered: Sequence[str] = ()) -> str:
    """``synergy fit`` for one model."""
    words = ["synergy fit model.lavaan data.csv", f"--estimator {settings.estimator}"]
    words += [f"--missing {settings.missing}"]
    words += [f"--ordered {' '.join(ordered)}"] if ordered else []
    words += [f"--group {GROUP}"] if settings.group else []
    words += [f"--group-equal {' '.join(settings.equal)}"] if settings.group and settings.equal else []
    words += [f"--bootstrap {settings.bootstrap} --seed {settings.seed}"] if settings.bootstrap else []
    return " ".join(words)


def lavaan(models: Mapping[str, str], settings: Settings, ordered: Sequence[str] = ()) -> str:
    """The same in R; draws of its bootstrap are other ones."""
    options = [f'estimator = "{settings.estimator}"', f'missing = "{settings.missing}"']
    options += [f"ordered = {_vector(ordered)}"] if ordered else []
    options += [f'group = "{GROUP}"'] if settings.group else []
    options += [f"group.equal = {_vector(settings.equal)}"] if settings.group and settings.equal else []
    lines = ["library(lavaan)", 'data <- read.csv("data.csv")']
    for name, syntax in models.items():
        lines += ["", f"model_{name} <- '", syntax, "'"]
        lines += [f"{name} <- sem(model_{name}, data = data, {', '.join(options)})"]
        lines += [f"summary({name}, fit.measures = TRUE, standardized = TRUE, rsquare = TRUE)"]
        lines += [f"print(modindices({name}, sort. = TRUE, maximum.number = {LARGE}))"]
        if settings.bootstrap:
            lines += [f"set.seed({settings.seed})"]
            lines += [f'draws_{name} <- bootstrapLavaan({name}, R = {settings.bootstrap}, FUN = "coef")']
    if len(models) > 1:
        lines += ["", f"print(lavTestLRT({', '.join(models)}))"]
        lines += ["print(sapply(list(" + ", ".join(f"{n} = {n}" for n in models) + "), AIC))"]
    return "\n".join(lines) + "\n"


def _vector(names: Sequence[str]) -> str:
    return "c(" + ", ".join(f'"{name}"' for name in names) + ")"
