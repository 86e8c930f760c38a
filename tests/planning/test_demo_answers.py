"""The demo answers are what their provenance says: drawn, labelled, and of the present study."""

from __future__ import annotations

import hashlib
import json
import shlex
from pathlib import Path

import pandas as pd
import pytest

from analysis.cli import main
from analysis.planning.provenance import provenance_path
from questionnaire.loading import load_study

ROOT = Path(__file__).parents[2]
DEMO = sorted((ROOT / "data/demo").glob("*.csv"))


@pytest.fixture(params=DEMO, ids=lambda path: path.stem)
def demo(request: pytest.FixtureRequest) -> Path:
    return request.param


def test_there_are_demo_answers() -> None:
    assert DEMO


def test_demo_answers_can_be_drawn_again(
    demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """After a change to the study or its population, run the command in the provenance file once more."""
    record = json.loads(provenance_path(demo).read_text(encoding="utf-8"))
    monkeypatch.chdir(ROOT)
    command = shlex.split(record["command"])
    command[command.index("--out") + 1] = str(tmp_path / demo.name)
    assert main(command[1:]) == 0
    assert (tmp_path / demo.name).read_bytes() == demo.read_bytes(), f"draw it again: {record['command']}"


def test_demo_answers_are_labelled_synthetic(demo: Path) -> None:
    record = json.loads(provenance_path(demo).read_text(encoding="utf-8"))
    assert record["synthetic"] is True
    assert record["sha256"] == hashlib.sha256(demo.read_bytes()).hexdigest()
    assert (pd.read_csv(demo)["synthetic"] == 1).all()
    study = load_study(ROOT / f"data/studies/{demo.stem}.yaml")
    assert record["study"]["content_hash"] == study.content_hash


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--n", "0"], "--n"),
        (["--seed", "-1"], "--seed"),
        (["--scenario", "sinergy"], "no scenario 'sinergy'"),
        (["--careless", "2"], "careless is 2.0"),
        (["--form", "tiny"], "no form 'tiny'"),
    ],
)
def test_a_draw_that_cannot_be_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], message: str
) -> None:
    study = str(ROOT / "data/studies/tea_breaks.yaml")
    base = {"--n": "5", "--seed": "1", "--out": str(tmp_path / "x.csv")}
    base[options[0]] = options[1]
    arguments = [part for pair in base.items() for part in pair]
    assert main(["simulate", study, *arguments]) == 1
    assert message in capsys.readouterr().err
