"""The table of surfaces that rival balance."""

from __future__ import annotations

from analysis.pipeline.result import AnalysisResult
from analysis.reporting.document import Table
from analysis.reporting.numbers import number, whole
from analysis.reporting.wording import Words
from analysis.synergy.surface_rivals import QUADRATIC, SurfaceRivals
from analysis.unavailable import Unavailable


def balance_rivals(result: AnalysisResult, words: Words) -> list[Table]:
    """One table a hypothesis of balance; where there is nothing to compare, the reason is its one row."""
    return [_table(entry.hypothesis, entry.found, words) for entry in result.balance_rivals]


def _table(hypothesis: str, found: SurfaceRivals | Unavailable, words: Words) -> Table:
    key, caption = f"balance_rivals_{hypothesis}", words("balance_rivals", hypothesis=hypothesis)
    if isinstance(found, Unavailable):
        return Table(key, caption, (words("reason"),), ((words.told(found.reason),),), (False,))
    rows = tuple(
        (
            words(f"shape_{row.shape}"),
            whole(row.parameters),
            number(row.r2),
            number(row.r2_predicted),
            number(row.bic, 1),
            *(
                ("", "")
                if row.shape == QUADRATIC
                else (number(row.difference, 4), number(row.difference_se, 4))
            ),
        )
        for row in found.rows.itertuples()
    )
    headings = ("shape", "parameters_n", "r2", "r2_predicted", "bic", "loss", "se")
    columns = tuple(words(heading) for heading in headings)
    note = words("balance_rivals_note", n=found.n, outcome=found.outcome)
    return Table(key, caption, columns, rows, (False, *[True] * (len(columns) - 1)), note)
