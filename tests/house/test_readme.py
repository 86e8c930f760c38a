"""What the README tells a newcomer to type works as written."""

import re
import shlex
from pathlib import Path

import pytest

from analysis import cli

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```sh\n(.*?)```", README, flags=re.DOTALL)
LINES = [line for block in BLOCKS for line in block.splitlines() if line.strip()]
TEA = str(ROOT / "data/studies/tea_breaks.yaml")
SYNERGY = [shlex.split(line)[1:] for line in LINES if line.startswith("synergy ")]


def test_every_make_target_it_names_exists():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"`?make ([a-z]+)", README))
    assert named >= {"serve", "test", "setup"}
    for target in named:
        assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE), target


def test_every_file_it_links_to_exists():
    links = re.findall(r"\]\(((?!https?:)[^)]+)\)", README)
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_subcommand_is_named():
    assert {words[0] for words in SYNERGY} | {"serve", "bench"} == set(cli.COMMANDS)


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    """A folder of its own with the project's data in reach, shared by the commands in their order."""
    folder = tmp_path_factory.mktemp("readme")
    (folder / "data").symlink_to(ROOT / "data")
    return folder


def test_the_commands_run_in_order(here, monkeypatch, capsys):
    monkeypatch.chdir(here)
    for words in SYNERGY:
        assert cli.main(words) == 0, capsys.readouterr()
    assert {"answers.csv", "answers.parquet", "fit.json"} <= {path.name for path in here.iterdir()}
    written = {path.name for path in (here / "report").iterdir()}
    tables = {"verdicts.csv", "paths.csv", "fit.csv", "measurement.csv", "flags.csv"}
    assert written >= {"report.html", "report.docx", "manifest.json"} | tables


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["check", "missing.yaml"], 1, "missing.yaml"),
        (["fit", "missing.lavaan", "missing.csv"], 1, "missing.lavaan"),
        (["export", TEA, "--to", "x.doc"], 1, ".csv"),
        (["export", TEA, "--to", "x.csv", "--db", "mysql://a/b"], 1, "mysql"),
        (["bench", "nothing"], 1, "nothing"),
    ],
)
def test_unusable_input_is_a_message_and_code_1(words, code, said, here, monkeypatch, capsys):
    monkeypatch.chdir(here)
    assert cli.main(words) == code
    assert said in capsys.readouterr().err


def test_wrong_usage_is_code_2(capsys):
    with pytest.raises(SystemExit) as stopped:
        cli.main(["fit", "--nonsense"])
    assert stopped.value.code == 2
    assert "usage" in capsys.readouterr().err
