"""What a power study asks, checked before the first replication is drawn."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from analysis.pipeline.sample import score_sample
from analysis.planning.population import Population, PopulationError
from analysis.planning.population_file import population_of
from analysis.planning.simulate import simulate
from analysis.preparation.scoring import Scored
from analysis.screening.levels import LEVELS
from analysis.sem.syntax import parse_model
from analysis.sem.table import build_table
from analysis.synergy.compile import compile_model
from analysis.synergy.compiled import CompiledModel
from analysis.unavailable import Unavailable
from questionnaire.plan import Hypothesis, HypothesisKind, Model
from questionnaire.study import Study

NOT_PLANNED = {
    HypothesisKind.CROSS_LAGGED: "a population draws one wave, and this hypothesis needs several",
    HypothesisKind.GROUP_COMPARISON: "a population has no groups that differ",
    HypothesisKind.NECESSITY: "necessity is described and not tested",
}
FORMAT = 2
"""Raised when replications of the same plan would come out differently."""
TRIAL = 50
"""Respondents drawn to see which constructs the form asks."""


class PowerError(ValueError):
    """A power study that cannot be run; the message says what and how to mend it."""


@dataclass(frozen=True, slots=True)
class PowerPlan:
    """A checked request.

    ``study`` holds only the hypotheses asked for, in its own order, and gates only among them. ``population``
    is the scenario's. ``screening`` is a level of screening that each replication goes through, ``bootstrap``
    the draws behind the interval of an indirect effect (0: its delta-method interval).
    """

    study: Study
    population: Population
    scenario: str
    sizes: tuple[int, ...]
    replications: int
    seed: int
    careless: float = 0.0
    item_missing: float = 0.0
    dropout: float = 0.0
    form: str | None = None
    screening: str = "none"
    bootstrap: int = 0

    @property
    def fingerprint(self) -> str:
        """Identifies everything that decides a replication's outcome besides its N and number."""
        parts = (
            FORMAT,
            self.study.content_hash,
            [hypothesis.code for hypothesis in self.study.hypotheses],
            self.population,
            self.seed,
            (self.careless, self.item_missing, self.dropout, self.form),
            (self.screening, self.bootstrap),
        )
        return hashlib.sha256(repr(parts).encode()).hexdigest()


def plan_power(
    study: Study,
    hypotheses: Sequence[str],
    sizes: Sequence[int],
    *,
    replications: int,
    seed: int,
    scenario: str | None = None,
    population: Population | None = None,
    careless: float = 0.0,
    item_missing: float = 0.0,
    dropout: float = 0.0,
    form: str | None = None,
    screening: str = "none",
    bootstrap: int = 0,
) -> PowerPlan:
    """The checked plan; PowerError for a hypothesis, number or share that cannot be, with the mend."""
    if replications < 2:
        raise PowerError("--reps: at least 2, because every figure comes with its Monte Carlo error")
    if seed < 0:
        raise PowerError("--seed: a whole number from 0 on")
    if screening not in LEVELS:
        raise PowerError(f"--screening: one of {', '.join(LEVELS)}")
    if bootstrap < 0 or bootstrap == 1:
        raise PowerError("--bootstrap: 0 for none, or at least 2 draws")
    if form is not None and form not in {known.code for known in study.forms}:
        known_forms = ", ".join(known.code for known in study.forms)
        raise PowerError(f"--form: the study has no form {form!r}; its forms: {known_forms}")
    source = population or population_of(study)
    scenario = scenario or source.scenarios[0].code
    options = {"careless": careless, "item_missing": item_missing, "dropout": dropout}
    try:
        trial = simulate(study, TRIAL, seed, scenario, population=source, form=form, **options)
        drawn = source.under(scenario)
    except PopulationError as error:
        raise PowerError(str(error)) from error
    asked = _restricted(study, _found(study, hypotheses))
    absent = score_sample(study, trial[list(study.items)], "none", Scored.RAW).absent
    for hypothesis in asked.hypotheses:
        _check_sizes(asked, hypothesis, absent, sizes)
    return PowerPlan(
        study=asked,
        population=drawn,
        scenario=scenario,
        sizes=tuple(sorted(set(sizes))),
        replications=replications,
        seed=seed,
        form=form,
        screening=screening,
        bootstrap=bootstrap,
        **options,
    )


def _found(study: Study, codes: Sequence[str]) -> tuple[Hypothesis, ...]:
    known = {hypothesis.code: hypothesis for hypothesis in study.hypotheses}
    for code in codes:
        if code not in known:
            raise PowerError(f"--hypothesis: the study has no {code!r}; it has {', '.join(known)}")
        if reason := NOT_PLANNED.get(known[code].kind):
            raise PowerError(f"{code}: its power cannot be computed, because {reason}. Leave it out.")
    return tuple(hypothesis for hypothesis in study.hypotheses if hypothesis.code in set(codes))


def _restricted(study: Study, hypotheses: tuple[Hypothesis, ...]) -> Study:
    """The study with these hypotheses only, fitted by the built-in engine; other gates stand open."""
    families = {hypothesis.family for hypothesis in hypotheses}
    opened = tuple(replace(h, after=tuple(name for name in h.after if name in families)) for h in hypotheses)
    return replace(study, hypotheses=opened, measurement=replace(study.measurement, engine="synergy"))


def _check_sizes(study: Study, hypothesis: Hypothesis, absent: tuple[str, ...], sizes: Sequence[int]) -> None:
    model = study.model(hypothesis.model)
    compiled = _compiled(study, model, absent)
    if isinstance(compiled, Unavailable):
        raise PowerError(f"{hypothesis.code}: {compiled.reason}. {compiled.mend or 'Choose another --form.'}")
    wanted = max(build_table(parse_model(compiled.syntax)).n_free, len(compiled.columns) + 1)
    small = [n for n in sizes if n < wanted]
    if small:
        raise PowerError(
            f"{hypothesis.code}: --n {small[0]} is too few for model {model.code}, which has "
            f"{wanted} parameters or variables to estimate. Give at least {wanted}."
        )


def _compiled(study: Study, model: Model, absent: tuple[str, ...]) -> CompiledModel | Unavailable:
    # Only the number of parameters is read off, which no error variance changes.
    unknown = dict.fromkeys(study.measurement.single_indicators, 0.5)
    return compile_model(study, model, error_variances=unknown, absent=absent)
