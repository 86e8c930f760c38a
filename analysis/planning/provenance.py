"""Where a synthetic table comes from: enough to draw it again and to know its truth."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

from analysis.planning.population import Population, standardised_effects
from questionnaire.instrument import Role
from questionnaire.study import Study
from questionnaire.study_file.writing import plain

NOTE = "Synthetic answers drawn by a program from a known population. No person gave them."


def provenance(
    study: Study, population: Population, drawn: Mapping[str, object], command: str, path: Path
) -> dict[str, object]:
    """What to write beside the table in ``path``.

    ``drawn`` holds the arguments of the draw (scenario, n, seed, shares). ``true_effects`` are the
    standardised effects on every outcome in that scenario, by term.
    """
    truth = population.under(str(drawn["scenario"]))
    outcomes = {c.dimension or c.code for c in study.constructs if c.role is Role.OUTCOME}
    return {
        "synthetic": True,
        "note": NOTE,
        "command": command,
        "study": {"code": study.code, "version": study.version, "content_hash": study.content_hash},
        "population_sha256": hashlib.sha256(_canonical(plain(population)).encode()).hexdigest(),
        "drawn": dict(drawn),
        "true_effects": {
            v.code: {term: round(value, 6) for term, value in standardised_effects(truth, v.code).items()}
            for v in truth.variables
            if v.code in outcomes
        },
        "software": {name: version(name) for name in ("synergy", "numpy", "pandas")},
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
    }


def provenance_path(path: Path) -> Path:
    """The file beside a synthetic table that says where it comes from."""
    return path.with_suffix(".provenance.json")


def write_provenance(path: Path, record: Mapping[str, object]) -> None:
    """Write the record beside the table in ``path``."""
    text = json.dumps(record, ensure_ascii=False, indent=2)
    provenance_path(path).write_text(text + "\n", encoding="utf-8")


def _canonical(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, sort_keys=True)
