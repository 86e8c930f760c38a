"""The replication bundle: what someone without this software needs to fit the same models again."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pandas as pd

from analysis.pipeline.result import AnalysisResult, FailedModel, FittedModel
from analysis.pipeline.tables import fit_frame, path_frame, verdict_frame
from analysis.reporting.names import choice
from analysis.reporting.wording import languages, words
from questionnaire.piping import say

_FOLDER = Path(__file__).parent / "bundle"
STAMP = (1980, 1, 1, 0, 0, 0)
"""The same bundle is the same archive, byte by byte, whenever it was written."""


def write_bundle(result: AnalysisResult, study_text: str, folder: Path) -> None:
    """Write the bundle into ``folder``, made where it is not there; raises OSError when that fails.

    ``study_text`` is the study file as it was read. Respondents' codes, background answers and free text
    stay out: what is left can be passed on where consent allows.
    """
    for name in ("models", "data", "moments"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "study.yaml").write_text(study_text, encoding="utf-8")
    answers = result.analysed.reset_index(drop=True)
    answers.insert(0, "row", range(1, len(answers) + 1))
    # Codes are whole numbers; missing ones stay empty.
    _write(answers.convert_dtypes(), folder / "answers.csv")
    refitted = [m for m in result.models if isinstance(m, FittedModel) and m.converged]
    for model in refitted:
        (folder / "models" / f"{model.model}.lavaan").write_text(model.syntax + "\n", encoding="utf-8")
        _write(model.data, folder / "data" / f"{model.model}.csv")
        _write(_moments(model.data), folder / "moments" / f"{model.model}.csv")
    _write(_models(refitted), folder / "models.csv")
    _write(_left_out(result), folder / "not_refitted.csv")
    tables = {
        "paths": path_frame(result),
        "fit": fit_frame(result),
        "verdicts": verdict_frame(result),
        "measurement": result.measurement.constructs,
        "items": result.measurement.items,
    }
    for name, frame in tables.items():
        _write(frame, folder / f"{name}.csv")
    manifest = json.dumps(result.manifest, indent=2, ensure_ascii=False) + "\n"
    (folder / "manifest.json").write_text(manifest, encoding="utf-8")
    (folder / "reproduce.R").write_text(
        (_FOLDER / "reproduce.R").read_text(encoding="utf-8"), encoding="utf-8"
    )
    for language in languages():
        name = "README.md" if language == "en" else f"README.{language}.md"
        (folder / name).write_text(_readme(result, language), encoding="utf-8")


def zip_folder(folder: Path, path: Path) -> None:
    """Everything below ``folder`` in one archive, under the folder's own name."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in sorted(p for p in folder.rglob("*") if p.is_file()):
            entry = zipfile.ZipInfo(f"{folder.name}/{member.relative_to(folder).as_posix()}", STAMP)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, member.read_bytes(), zipfile.ZIP_DEFLATED)


def _write(frame: pd.DataFrame, path: Path) -> None:
    frame.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")


def _moments(data: pd.DataFrame) -> pd.DataFrame:
    """Means in the first row, then the covariance matrix of the complete rows, divided by n − 1."""
    complete = data.dropna()
    means = complete.mean().to_frame().T.assign(variable="mean")
    covariances = complete.cov().rename_axis("variable").reset_index()
    return pd.concat([means, covariances], ignore_index=True)[["variable", *data.columns]]


def _models(models: list[FittedModel]) -> pd.DataFrame:
    columns = ["model", "part", "estimator", "missing", "n_obs"]
    rows = [(m.model, m.part.value, m.estimator, m.missing, m.n_obs) for m in models]
    return pd.DataFrame(rows, columns=columns)


def _left_out(result: AnalysisResult) -> pd.DataFrame:
    rows = [
        (m.model, m.reason if isinstance(m, FailedModel) else "did not converge")
        for m in result.models
        if isinstance(m, FailedModel) or not m.converged
    ]
    return pd.DataFrame(rows, columns=["model", "reason"])


def _readme(result: AnalysisResult, language: str) -> str:
    study, own = result.study, words(language)
    text = (_FOLDER / f"README.{language}.md").read_text(encoding="utf-8")
    return text.format(
        title=say(study.title, language, study.languages[0]),
        stamp=f"\n**{own('synthetic')}**\n" if result.synthetic else "",
        code=study.code,
        version=study.version,
        plan_hash=study.plan_hash,
        plan=own(f"plan_{result.plan.value}_short"),
        plan_note=own.told(result.plan_note),
        seed=result.seed,
        n=len(result.analysed),
        screening=choice("screening", result.screening, own),
        scoring=choice("scoring", result.scoring, own),
        draws=result.manifest["bootstrap_draws"],
    )
