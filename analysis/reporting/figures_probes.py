"""The report's figures of interactions: every pair of a model as a panel of one figure."""

from __future__ import annotations

from itertools import chain

from analysis.pipeline.result import AnalysisResult
from analysis.reporting.charts_probes import Titles, slope_lines, slope_regions, surface_map
from analysis.reporting.document import Figure
from analysis.reporting.drawing import Drawing, drawn, side_by_side
from analysis.reporting.wording import Words
from analysis.synergy.probe import Probe
from analysis.unavailable import Unavailable

PANEL, LOW = 160, 132
"""Pixels across a panel, and from top to bottom where two rows and a figure before share one page."""
COLUMNS = 3


def probe_figures(result: AnalysisResult, words: Words) -> tuple[Figure, ...]:
    """Slopes and regions of every model with products, and the surface where squares are in the model."""
    probes = (probe for probe in result.probes if isinstance(probe, Probe) and len(probe.predicted))
    return tuple(chain.from_iterable(_figures(probe, words) for probe in probes))


def _figures(probe: Probe, words: Words) -> list[Figure]:
    outcome = words("predicted_sd", outcome=probe.outcome)
    ordered = Titles(words("predictor_sd"), words("moderator_sd"), outcome)
    pairs = list(dict.fromkeys(zip(probe.predicted["first"], probe.predicted["second"], strict=True)))
    known = {pair: probe.predicted_of(*pair) for pair in pairs}
    lines = {f"{a} | {b}": slope_lines(known[a, b], ordered, words) for a, b in pairs}
    found = [_figure("slopes", probe, lines, words, LOW)]
    moderated = zip(probe.regions["predictor"], probe.regions["moderator"], strict=True)
    regions = {
        f"{a} | {b}": slope_regions(probe.slopes_of(a, b), probe.region_of(a, b), ordered, words)
        for a, b in moderated
    }
    found += [_figure("regions", probe, regions, words, LOW)]
    if not isinstance(probe.congruence, Unavailable):
        equals = Titles(words("first_sd"), words("second_sd"), outcome)
        maps = {f"{a} × {b}": surface_map(known[a, b], equals) for a, b in pairs}
        found += [_figure("surface", probe, maps, words, PANEL)]
    return found


def _figure(kind: str, probe: Probe, panels: dict[str, Drawing], words: Words, height: int) -> Figure:
    spec = side_by_side(panels, COLUMNS, PANEL, height)
    return drawn(f"{kind}_figure", words, spec, f"{probe.model}_{probe.outcome}", model=probe.model)
