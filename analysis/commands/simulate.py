"""``synergy simulate``: synthetic respondents from a known population."""

from __future__ import annotations

import argparse
from pathlib import Path

HELP = "draw synthetic respondents from the study's population"


def add(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("study", metavar="STUDY", type=Path)
    parser.add_argument("--n", type=int, required=True, help="respondents")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--out", metavar="FILE", type=Path, required=True, help="ends in .csv or .parquet")
    parser.add_argument("--scenario", default=None, help="a scenario of the population file")
    parser.add_argument("--careless", type=float, default=0.0, help="share of careless respondents")
    parser.add_argument("--missing", type=float, default=0.0, help="share of items left out at random")
    parser.add_argument("--dropout", type=float, default=0.0, help="share that stops midway")
    parser.add_argument("--form", default=None, help="the form they answer (default: the study's first)")


def run(arguments: argparse.Namespace) -> int:
    """Write the answers table, every row marked synthetic, and beside it where it comes from."""
    from analysis.commands.errors import UnusableInputError
    from analysis.planning.population import PopulationError
    from analysis.planning.population_file import population_of
    from analysis.planning.provenance import provenance, provenance_path, write_provenance
    from analysis.planning.simulate import simulate
    from questionnaire.loading import load_study

    if arguments.n < 1:
        raise UnusableInputError("--n: at least 1 respondent")
    if arguments.seed < 0:
        raise UnusableInputError("--seed: a whole number from 0 on")
    if arguments.out.suffix not in (".csv", ".parquet"):
        raise UnusableInputError(f"{arguments.out}: the file must end in .csv or .parquet")
    study = load_study(arguments.study)
    if arguments.form and arguments.form not in {form.code for form in study.forms}:
        known = ", ".join(form.code for form in study.forms)
        raise UnusableInputError(f"--form: the study has no form {arguments.form!r}; its forms: {known}")
    population = population_of(study)
    options = {
        "scenario": arguments.scenario or population.scenarios[0].code,
        "careless": arguments.careless,
        "item_missing": arguments.missing,
        "dropout": arguments.dropout,
        "form": arguments.form or study.forms[0].code,
    }
    try:
        table = simulate(study, arguments.n, arguments.seed, population=population, **options)
    except PopulationError as error:
        raise UnusableInputError(str(error)) from error
    if arguments.out.suffix == ".csv":
        table.to_csv(arguments.out, index=False, encoding="utf-8")
    else:
        table.to_parquet(arguments.out, index=False)
    drawn = {"n": arguments.n, "seed": arguments.seed, **options}
    write_provenance(arguments.out, provenance(study, population, drawn, _command(arguments), arguments.out))
    print(f"{arguments.out}: {len(table)} synthetic respondents, seed {arguments.seed}")
    print(f"{provenance_path(arguments.out)}: where they come from and what is true of them")
    return 0


def _command(arguments: argparse.Namespace) -> str:
    """The command that draws the same table again."""
    parts = ["synergy simulate", arguments.study.as_posix(), f"--n {arguments.n}", f"--seed {arguments.seed}"]
    for name in ("scenario", "careless", "missing", "dropout", "form"):
        value = getattr(arguments, name)
        if value:
            parts.append(f"--{name} {value}")
    return " ".join([*parts, "--out", arguments.out.as_posix()])
