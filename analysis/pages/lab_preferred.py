"""Which of the lab's models to prefer and why, in words, then the table behind it."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from analysis.pages import lab_code
from analysis.pages.bench import Bench, note
from analysis.pages.figures import tabulate
from analysis.pages.lab_boxes import mended
from analysis.pages.lab_compare import PLAIN, Compared, Step, lowest, steps
from analysis.pages.lab_trial import Settings, Trial, Tried
from analysis.pages.words import Words
from analysis.reporting.numbers import number, pvalue
from analysis.unavailable import Unavailable

TIED = 0.05
"""A difference of a criterion that prints as nothing."""


def compared(bench: Bench, trial: Trial, models: Mapping[str, str], settings: Settings) -> None:
    """Why there is no comparison, or its sentences and its table."""
    say, found = bench.say, trial.comparison
    st.subheader(say("lab_compare"))
    if isinstance(found, Unavailable):
        st.warning(mended(say("lab_not_identical", reason=found.reason.rstrip(".")), found.mend, say))
        return
    assert isinstance(found, Compared)
    for line in said(found, say):
        st.markdown(line)
    if found.test not in ("", PLAIN):
        note(say("lab_unscaled"))
    code = lab_code.python(models, settings, _ordered(trial))
    tabulate(bench, "comparison", say("lab_compare"), found.table, code)


def said(found: Compared, say: Words) -> list[str]:
    """Which model to prefer and why, a sentence a test or criterion."""
    if found.test:
        return [_step(step, found.test, say) for step in steps(found)]
    lines = [say("lab_no_test", reason=found.reason.rstrip("."))]
    for criterion in ("aic", "bic"):
        best = lowest(found, criterion)
        if best is None:
            return [*lines, say("lab_no_likelihood")]
        if best[1] < TIED:
            lines.append(say("lab_tie", name=criterion.upper()))
            continue
        lines.append(say("lab_lowest", name=criterion.upper(), model=best[0], by=number(best[1], 1)))
    return lines


def _step(step: Step, test: str, say: Words) -> str:
    if step.pvalue is None:
        return say("lab_step_none", larger=step.larger, smaller=step.smaller)
    p = pvalue(step.pvalue)
    verdict = say("lab_worse" if step.worse else "lab_as_good", larger=step.larger, smaller=step.smaller)
    return say(
        "lab_step",
        larger=step.larger,
        smaller=step.smaller,
        test=say(f"lab_test_{test}"),
        chisq=number(step.chisq, 2),
        df=step.df,
        p=p if p.startswith("<") else f"= {p}",
        verdict=verdict,
    )


def _ordered(trial: Trial) -> tuple[str, ...]:
    return next((one.ordered for one in trial.models.values() if isinstance(one, Tried)), ())
