"""``synergy power``: Monte Carlo power, precision, bias and coverage, and the N a hypothesis needs."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Hashable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from analysis.planning.power_needed import NeededN
    from analysis.planning.power_plan import PowerPlan
    from analysis.planning.power_run import Progress

HELP = "simulate a study many times: power, precision, bias, and the N a hypothesis needs"
EVERY_SECONDS = 5.0
SHOWN = ("power", "estimate", "sd", "mean_se", "ci_width", "bias", "coverage", "failed", "inadmissible")


def add(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("study", metavar="STUDY", type=Path)
    parser.add_argument("--hypothesis", metavar="CODE", nargs="+", required=True, help="from the study file")
    parser.add_argument("--n", type=int, nargs="+", required=True, help="numbers of respondents")
    parser.add_argument("--reps", type=int, required=True, help="replications for each N")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--scenario", default=None, help="a scenario of the population file (default: first)")
    parser.add_argument("--careless", type=float, default=0.0, help="share of careless respondents")
    parser.add_argument("--missing", type=float, default=0.0, help="share of items left out at random")
    parser.add_argument("--dropout", type=float, default=0.0, help="share that stops midway")
    parser.add_argument("--form", default=None, help="the form they answer (default: the study's first)")
    parser.add_argument(
        "--screening", default="none", help="level of screening before the tests: none, attention, rule, any"
    )
    parser.add_argument(
        "--bootstrap", type=int, default=0, help="draws for indirect effects (default 0: delta method)"
    )
    parser.add_argument("--target", type=float, default=0.80, help="the power whose N is sought")
    parser.add_argument("--workers", type=int, default=None, help="local processes (default: every core)")
    parser.add_argument("--dask", metavar="ADDRESS", default=None, help="scheduler of a Dask cluster")
    parser.add_argument(
        "--out",
        metavar="FILE",
        type=Path,
        default=None,
        help="write the table as CSV, and each replication to FILE.replications.jsonl, from which an "
        "interrupted run goes on",
    )


def run(arguments: argparse.Namespace) -> int:
    """Run what is not in the replications file yet, then print the table and the N for the target."""
    from analysis.commands.errors import UnusableInputError
    from analysis.planning.power_plan import PowerError, plan_power
    from analysis.planning.power_run import cores, run_power
    from analysis.planning.power_summary import needed, summarise
    from questionnaire.loading import load_study

    if not 0 < arguments.target < 1:
        raise UnusableInputError("--target: a power between 0 and 1, such as .80")
    out: Path | None = arguments.out
    try:
        plan = plan_power(
            load_study(arguments.study),
            arguments.hypothesis,
            arguments.n,
            replications=arguments.reps,
            seed=arguments.seed,
            scenario=arguments.scenario,
            careless=arguments.careless,
            item_missing=arguments.missing,
            dropout=arguments.dropout,
            form=arguments.form,
            screening=arguments.screening,
            bootstrap=arguments.bootstrap,
        )
        found = run_power(
            plan,
            workers=cores() if arguments.workers is None else arguments.workers,
            dask=arguments.dask,
            checkpoint=out.with_name(out.name + ".replications.jsonl") if out else None,
            progress=_progress(),
        )
    except PowerError as error:
        raise UnusableInputError(str(error)) from error
    summary = summarise(plan, found.outcomes)
    _print(plan, summary, needed(plan, summary, arguments.target))
    if out:
        summary.to_csv(out, index=False, encoding="utf-8")
        print(
            f"\n{out}: this table with every figure; {out}.replications.jsonl: {len(found.outcomes)} outcomes"
        )
    return 0


def _progress() -> Progress:
    """A line on the error stream every few seconds, with the time left."""
    start = last = time.monotonic()
    first = 0

    def say(done: int, of: int) -> None:
        nonlocal last, first
        now = time.monotonic()
        if done and now - start < 0.01:
            first = done
            print(f"{done} of {of} replications were there already", file=sys.stderr)
        elif now - last >= EVERY_SECONDS and done > first:
            left = (now - start) / (done - first) * (of - done)
            print(f"{done} of {of} replications, about {left:.0f} s left", file=sys.stderr)
            last = now

    return say


def _print(plan: PowerPlan, summary: pd.DataFrame, needs: dict[str, NeededN]) -> None:
    print(
        f"{plan.study.code}, scenario {plan.scenario}, seed {plan.seed}, screening {plan.screening}; "
        "Monte Carlo standard errors in brackets"
    )
    for row in summary.to_dict("records"):
        print(f"\n{row['hypothesis']}, N = {row['n']}, {row['replications']} replications")
        if row["truth"] == row["truth"]:
            print(f"  {'truth':<14}{row['truth']:.4f}")
        for name in SHOWN:
            if row[name] == row[name]:
                print(f"  {name:<14}{_figure(row, name)}")
        if row["truth_note"]:
            print(f"  truth, bias and coverage are not available: {row['truth_note']}")
        for name in (str(column) for column in summary.columns):
            if name.startswith("share_") and not name.endswith("_mcse") and row[name]:
                print(f"  verdict {name.removeprefix('share_').replace('_', ' ')}: {_figure(row, name)}")
        if row["reasons"]:
            print(f"  failed or inadmissible: {row['reasons']}")
    print()
    for code, need in needs.items():
        print(f"{code}: N for a power of {need.target:g}: {_needed(need, plan.sizes)}")
    for note in _notes(plan):
        print(note)


def _figure(row: dict[Hashable, Any], name: str) -> str:
    return f"{row[name]:.4f} ({row[name + '_mcse']:.4f})"


def _needed(need: NeededN, sizes: tuple[int, ...]) -> str:
    if need.at_most:
        return f"at most {sizes[0]}, the smallest N simulated"
    if need.n is None:
        return f"not reached up to {sizes[-1]}, the largest N simulated"
    lower = f"below {sizes[0]}" if need.lower is None else str(need.lower)
    upper = f"beyond {sizes[-1]}" if need.upper is None else str(need.upper)
    return f"about {need.n} (95% Monte Carlo interval: {lower} to {upper})"


def _notes(plan: PowerPlan) -> list[str]:
    """What the verdicts of this run leave out beside those of an analysis."""
    notes = ["The measurement gate is taken as passed; N counts respondents before screening."]
    asked = plan.study.hypotheses
    if plan.bootstrap == 0 and any(hypothesis.kind == "mediation" for hypothesis in asked):
        notes.append("Indirect effects by the delta method; --bootstrap 500 gives them bootstrap intervals.")
    families = ", ".join(dict.fromkeys(hypothesis.family for hypothesis in asked))
    notes.append(
        f"P values are adjusted ({plan.study.rules.adjustment}) and families gated only among the hypotheses "
        f"named (families: {families}); name a whole family for the power after adjustment."
    )
    return notes
