"""Synthetic respondents: from a population's variables to the answers table, every row marked synthetic."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.planning.background import draw_background
from analysis.planning.check_answers import check_answers
from analysis.planning.item_answers import careless_answers, draw_kinds, item_answers
from analysis.planning.latents import draw_variables
from analysis.planning.population import Population, PopulationError, Truth, truth
from analysis.planning.population_file import population_of
from analysis.planning.visits import block_starts, draw_stops, keep, visit_columns
from questionnaire.instrument import Form
from questionnaire.route import default_form
from questionnaire.study import Study

# One stream of random numbers for each part, so that asking for careless respondents or missing answers
# changes nothing about what the others would have answered.
_LATENT, _ITEMS, _CARELESS, _CHECKS, _MISSING, _DROPOUT, _BACKGROUND, _VISITS, _LANGUAGE = range(9)


def simulate(
    study: Study,
    n: int,
    seed: int,
    scenario: str | None = None,
    *,
    careless: float = 0.0,
    item_missing: float = 0.0,
    dropout: float = 0.0,
    form: str | None = None,
    population: Population | None = None,
) -> pd.DataFrame:
    """``n`` respondents in the columns of the answers table, with ``synthetic`` 1 in every row.

    ``scenario`` is one of the population's, the first by default. ``careless`` is the share of inattentive
    respondents, ``item_missing`` the share of statements left out completely at random, ``dropout`` the
    share that stops midway. Raises PopulationError for a scenario or share that cannot be.
    """
    for name, share in (("careless", careless), ("item_missing", item_missing), ("dropout", dropout)):
        if not 0 <= share < 1:
            raise PopulationError(f"{name} is {share}; it must be at least 0 and below 1")
    population = population or population_of(study)
    population = population.under(scenario or population.scenarios[0].code)
    asked = study.form(form) if form else default_form(study)

    def stream(part: int) -> np.random.Generator:
        return np.random.default_rng((seed, part))

    moments = truth(population)
    variables = draw_variables(population, moments, n, stream(_LATENT))
    answers = item_answers(study, population, variables, moments, stream(_ITEMS))
    kinds = draw_kinds(population.careless, careless, n, rng := stream(_CARELESS))
    answers = careless_answers(_points(study), answers, kinds, rng)
    background = draw_background(study, population, n, stream(_BACKGROUND))
    on_form = _on_form(study, asked)
    place = background.places.get(population.dropout.question)
    stops = draw_stops(on_form, dropout, place, population.dropout, stream(_DROPOUT), n)
    missing = stream(_MISSING).random(answers.shape) < item_missing
    missing |= (np.arange(len(on_form)) >= stops.column[:, None]) | ~on_form

    starts = block_starts(study, on_form)
    columns = _fixed(study, population, asked, n, stops.finished, stream(_LANGUAGE))
    visits = visit_columns(
        study, asked, population, kinds, stops, starts, background.consent, stream(_VISITS)
    )
    columns |= {name: visits.pop(name) for name in ("started_at", "finished_at", "seconds_total")}
    columns["consent_level"] = background.consent
    for k, code in enumerate(study.items):
        columns[code] = pd.arrays.IntegerArray(answers[:, k].astype(np.int64), missing[:, k])
    reached = {
        element: ~stops.lost(starts[block.code]) for block in study.blocks for element in block.elements
    }
    for code, given in check_answers(study, population.careless, kinds, stream(_CHECKS)).items():
        columns[code] = pd.arrays.IntegerArray(given.astype(np.int64), ~reached[code])
    for code, told in background.answers.items():
        columns[code] = keep(told, reached[code])
    columns |= visits
    return pd.DataFrame(columns | {"synthetic": np.ones(n, dtype=np.int64)})


def simulate_items(
    study: Study,
    n: int,
    seed: int,
    *,
    population: Population,
    moments: Truth,
    careless: float = 0.0,
    item_missing: float = 0.0,
    form: str | None = None,
) -> pd.DataFrame:
    """The item columns of `simulate` alone, NaN where not answered, for respondents who all finish.

    ``population`` is a scenario's and ``moments`` its `truth`, which many calls share. The draws are those of
    ``simulate``, at a fraction of its cost.
    """

    def stream(part: int) -> np.random.Generator:
        return np.random.default_rng((seed, part))

    variables = draw_variables(population, moments, n, stream(_LATENT))
    answers = item_answers(study, population, variables, moments, stream(_ITEMS))
    if careless:
        kinds = draw_kinds(population.careless, careless, n, rng := stream(_CARELESS))
        answers = careless_answers(_points(study), answers, kinds, rng)
    values = answers.astype(float)
    values[:, ~_on_form(study, study.form(form) if form else default_form(study))] = np.nan
    if item_missing:
        values[stream(_MISSING).random(values.shape) < item_missing] = np.nan
    return pd.DataFrame(values, columns=list(study.items))


def _points(study: Study) -> np.ndarray:
    return np.array([study.scale(item.scale).points for item in study.items.values()])


def _on_form(study: Study, form: Form) -> np.ndarray:
    """Which item columns the form asks: (p,) booleans."""
    return np.array(
        [
            item.construct not in form.omit and (item.short or not form.short_only)
            for item in study.items.values()
        ]
    )


def _fixed(
    study: Study,
    population: Population,
    form: Form,
    n: int,
    finished: np.ndarray,
    rng: np.random.Generator,
) -> dict[str, object]:
    """The columns that identify a row."""
    shares = np.array([population.languages.get(code, 0.0) for code in study.languages])
    shares = shares if shares.sum() else np.ones(len(shares))
    width = len(str(n))
    return {
        "respondent": [f"synthetic-{k:0{width}d}" for k in range(1, n + 1)],
        "wave": study.waves[0].code,
        "language": rng.choice(list(study.languages), n, p=shares / shares.sum()),
        "form": form.code,
        "version": f"{study.version}+{study.content_hash[:12]}",
        "status": np.where(finished, "finished", "asking"),
    }
