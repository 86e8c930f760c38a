"""What the workbench's archive holds: tables, reports and a replication bundle that names nobody."""

import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from system_parts import require

from analysis.pages.sources import Uploaded
from analysis.pages.work import analyse_source
from analysis.planning.simulate import simulate
from questionnaire.loading import load_study

PATH = Path(__file__).parents[2] / "data" / "studies" / "tea_breaks.yaml"
STUDY = load_study(PATH)


@pytest.fixture(scope="module")
def archive():
    source = Uploaded(simulate(STUDY, 200, seed=4))
    report = analyse_source(PATH.read_text(encoding="utf-8"), source, 1, lambda share, doing: None)
    return zipfile.ZipFile(io.BytesIO(report.archive))


def test_tables_reports_and_bundle_are_in_it(archive):
    names = set(archive.namelist())
    assert {f"report.{code}.{kind}" for code in ("en", "zh-CN") for kind in ("html", "docx")} <= names
    assert {"verdicts.csv", "replication/study.yaml", "replication/reproduce.R"} <= names
    models = pd.read_csv(io.BytesIO(archive.read("replication/models.csv")))["model"]
    assert len(models)
    for model in models:
        assert {f"replication/models/{model}.lavaan", f"replication/data/{model}.csv"} <= names


def test_the_bundle_has_the_study_as_it_was_read_and_nobodys_code(archive):
    assert archive.read("replication/study.yaml") == PATH.read_bytes()
    answers = pd.read_csv(io.BytesIO(archive.read("replication/answers.csv")))
    assert len(answers)
    assert "respondent" not in answers.columns


def test_the_bundle_from_the_button_agrees_with_lavaan(archive, tmp_path):
    rscript = shutil.which("Rscript")
    require(rscript, "R", "apt-get install r-base-core r-cran-lavaan")
    archive.extractall(tmp_path)
    done = subprocess.run(
        [rscript, "--vanilla", "reproduce.R"],
        cwd=tmp_path / "replication",
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 of 2 models agree" in done.stdout


def test_the_bundle_explains_itself_in_both_languages(archive):
    english, chinese = (archive.read(f"replication/README{code}.md").decode() for code in ("", ".zh-CN"))
    assert "Rscript reproduce.R" in english
    assert "Rscript reproduce.R" in chinese
    assert "not collected after" in english
    assert "not collected after" not in chinese
