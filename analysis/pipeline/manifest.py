"""What is needed to run the same analysis again: versions, seeds, hashes and counts at each stage."""

from __future__ import annotations

import hashlib
import platform
import re
from importlib.metadata import PackageNotFoundError, version

import numpy as np

from analysis.pipeline.intake import Intake
from analysis.pipeline.result import AnalysisResult, FittedModel

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
PACKAGES = ("synergy", "numpy", "scipy", "pandas", "semopy", "pingouin", "factor_analyzer", "scikit-learn")


def manifest(result: AnalysisResult, intake: Intake, bootstrap: int) -> dict[str, object]:
    """A mapping that can be written as JSON."""
    study = result.study
    return {
        "study": {
            "code": study.code,
            "version": study.version,
            "content_hash": study.content_hash,
            "plan_hash": study.plan_hash,
        },
        "plan": {"status": result.plan.value, "note": result.plan_note},
        "synthetic": result.synthetic,
        "answers_hash": _answers_hash(intake),
        "seed": result.seed,
        "bootstrap_draws": bootstrap,
        "model_test_draws": min(bootstrap, study.rules.model_test_draws),
        "primary": {"screening": result.screening, "scoring": result.scoring},
        "estimator": {
            "name": study.measurement.estimator,
            "missing": study.measurement.missing,
            "engine": study.measurement.engine,
        },
        "counts": [
            {"stage": step.stage, "n": step.n, "removed": step.removed, "note": step.note}
            for step in result.flow
        ],
        "screening_levels": {count.level: count.kept for count in result.levels},
        "models": {
            outcome.model: "converged"
            if isinstance(outcome, FittedModel) and outcome.converged
            else "did not converge"
            if isinstance(outcome, FittedModel)
            else "not fitted"
            for outcome in result.models
        },
        "dates": _dates(intake),
        "unknown_columns": list(result.unknown_columns),
        "versions": {"python": platform.python_version(), **_versions()},
    }


def _answers_hash(intake: Intake) -> str:
    """SHA-256 over item codes and answers, the same however the table was stored."""
    items = intake.answers.items
    digest = hashlib.sha256(",".join(map(str, items.columns)).encode())
    digest.update(np.nan_to_num(items.to_numpy(dtype=float), nan=-1.0).astype("<i2").tobytes())
    return digest.hexdigest()


def _dates(intake: Intake) -> dict[str, str]:
    """The first and last day on which answers were begun or finished; empty where the table does not say."""
    context = intake.answers.context
    columns = [context[c] for c in ("started_at", "finished_at") if c in context]
    # ISO 8601 sorts as text; anything else is no date here.
    days = sorted({str(v)[:10] for column in columns for v in column.dropna() if DAY.match(str(v))})
    return {"first": days[0], "last": days[-1]} if days else {}


def _versions() -> dict[str, str]:
    found: dict[str, str] = {}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
