"""The replication bundle: lavaan, given nothing else, finds the same estimates; nobody can be recognised."""

import csv
import json
import shutil
import subprocess
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from system_parts import require

from analysis import cli
from analysis.planning.simulate import simulate
from analysis.reporting.replication import write_bundle, zip_folder
from analysis.reporting.stored_bundle import NoBundleError, stored_bundle
from questionnaire.exchange.intake import take_in
from questionnaire.loading import load_study
from questionnaire.service import Fielding
from questionnaire.storage import connect
from questionnaire.web.jobs import in_own_process

PATH = Path(__file__).parents[2] / "data" / "studies" / "tea_breaks.yaml"
STUDY = load_study(PATH)
AGREEMENT = 0.001
"""Standard errors between two optimisers, each of which stops at its own tolerance."""


@pytest.fixture
def bundle(result, tmp_path):
    write_bundle(result, PATH.read_text(encoding="utf-8"), tmp_path / "replication")
    return tmp_path / "replication"


def run(folder):
    rscript = shutil.which("Rscript")
    require(rscript, "R", "apt-get install r-base-core r-cran-lavaan")
    return subprocess.run(
        [rscript, "--vanilla", "reproduce.R"], cwd=folder, capture_output=True, text=True, timeout=300
    )


def test_lavaan_finds_the_same_estimates(result, bundle):
    done = run(bundle)
    assert done.returncode == 0, done.stdout + done.stderr
    side_by_side = pd.read_csv(bundle / "comparison.csv")
    assert set(side_by_side["model"]) == set(pd.read_csv(bundle / "models.csv")["model"])
    ours = pd.concat(m.estimates for m in result.models)
    assert len(side_by_side) == len(ours)
    assert side_by_side["difference_in_se"].max() < AGREEMENT
    # γ'' and the like are not lavaan's; what is compared must be most of the parameters.
    assert side_by_side["difference_in_se"].notna().mean() > 0.7


def test_the_script_notices_an_estimate_that_is_off(bundle):
    paths = pd.read_csv(bundle / "paths.csv")
    changed = paths.index[paths["op"] == "~"][0]
    paths.loc[changed, "est"] += 0.01 * paths.loc[changed, "se"]
    paths.to_csv(bundle / "paths.csv", index=False)
    done = run(bundle)
    assert done.returncode == 1
    assert "DIFFERS" in done.stdout


def test_the_bundle_holds_what_its_readme_names(bundle, result):
    assert (bundle / "study.yaml").read_text(encoding="utf-8") == PATH.read_text(encoding="utf-8")
    with (bundle / "answers.csv").open(encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    assert header == ["row", *STUDY.items]
    assert len(rows) == result.flow[-1].n
    for name in ("README.md", "README.zh-CN.md"):
        text = (bundle / name).read_text(encoding="utf-8")
        assert STUDY.plan_hash in text
        assert "{" not in text
        assert all((bundle / part).exists() for part in ("models.csv", "not_refitted.csv", "manifest.json"))


def test_the_same_bundle_is_the_same_archive(bundle, tmp_path):
    first, second = tmp_path / "a.zip", tmp_path / "b.zip"
    zip_folder(bundle, first)
    zip_folder(bundle, second)
    assert first.read_bytes() == second.read_bytes()
    assert "replication/reproduce.R" in zipfile.ZipFile(first).namelist()


@pytest.fixture(scope="module")
def fielded(tmp_path_factory):
    """A store with simulated answers brought in as if they were given."""
    database = f"sqlite:///{tmp_path_factory.mktemp('store')}/a.sqlite"
    table = simulate(STUDY, 120, seed=4).drop(columns="synthetic").astype(object)
    rows = [{k: v for k, v in row.items() if pd.notna(v)} for row in table.to_dict("records")]
    rows = [row | {"respondent": f"person-{n}", "consent_level": 0} for n, row in enumerate(rows)]
    store = connect(database)
    fielding = Fielding(STUDY, PATH.read_text(encoding="utf-8"), store)
    fielding.open()
    intake = take_in(STUDY, rows, "2026-01-01T00:00:00.000Z")
    assert intake.problems == ()
    store.bring_in(intake.respondents)
    store.close()
    return database


def test_the_store_gives_the_bundle_by_command_and_in_a_process(fielded, tmp_path, capsys):
    archive = tmp_path / "b.zip"
    assert cli.main(["export", str(PATH), "--db", fielded, "--to", str(archive)]) == 0
    assert "fit the models again" in capsys.readouterr().out
    with zipfile.ZipFile(archive) as bundle:
        names = set(bundle.namelist())
        answers = pd.read_csv(bundle.open("replication/answers.csv"))
        manifest = json.load(bundle.open("replication/manifest.json"))
        everything = b"".join(bundle.read(name) for name in names)
    assert {"replication/reproduce.R", "replication/models.csv", "replication/study.yaml"} <= names
    assert len(answers) <= 120
    assert set(STUDY.items) <= set(answers.columns)
    assert b"person-" not in everything
    assert manifest["seed"] == 1
    # The console asks for the same in a process of its own: the same archive, byte by byte.
    assert in_own_process(stored_bundle, fielded, STUDY.code) == archive.read_bytes()


def test_a_store_without_finished_answers_says_that_there_is_nothing_to_replicate(tmp_path, capsys):
    database = f"sqlite:///{tmp_path}/a.sqlite"
    store = connect(database)
    Fielding(STUDY, PATH.read_text(encoding="utf-8"), store)
    store.close()
    assert cli.main(["export", str(PATH), "--db", database, "--to", str(tmp_path / "b.zip")]) == 1
    assert "nobody has finished" in capsys.readouterr().err
    assert not (tmp_path / "b.zip").exists()
    with pytest.raises(NoBundleError, match="nobody has finished"):
        in_own_process(stored_bundle, database, STUDY.code)
