"""What the documents name is there: modules, files, commands and their options."""

import argparse
import re
from pathlib import Path

import pytest

from analysis import cli

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
MAP = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


def packages(folder):
    return {path.parent.name for path in (ROOT / folder).glob("*/*.py")}


def named(package):
    """The modules and packages on the map, in lines such as ``questionnaire.route, journey``."""
    lines = re.findall(rf"{package}\.(\w+(?:, [\w.]+)*)", MAP)
    return {name.split(".")[0] for line in lines for name in line.split(", ")}


@pytest.mark.parametrize("package", ["questionnaire", "analysis"])
def test_every_package_is_on_the_map_and_the_map_names_nothing_else(package):
    assert packages(package) <= named(package)
    there = packages(package) | {path.stem for path in (ROOT / package).glob("*.py")}
    assert named(package) <= there


def test_the_table_of_the_engine_is_its_packages():
    rows = re.findall(r"^\| `(\w+)` \|", MAP, flags=re.MULTILINE)
    assert set(rows) == packages("analysis/sem")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_every_file_it_links_to_or_names_exists(path):
    text = path.read_text(encoding="utf-8")
    links = [link.split("#")[0] for link in re.findall(r"\]\(((?!https?:|#)[^)]+)\)", text)]
    assert [link for link in links if not (path.parent / link).exists()] == []
    files = re.findall(r"`((?:tests|data|docs|analysis|questionnaire|benchmarks)/[\w./-]+)`", text)
    assert [file for file in files if not (ROOT / file).exists()] == []


def test_every_document_is_linked_from_the_readme():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    documents = [path.name for path in (ROOT / "docs").glob("*.md")]
    assert [name for name in documents if f"docs/{name})" not in readme] == []


def parsers():
    (commands,) = (a for a in cli.build_parser()._actions if isinstance(a, argparse._SubParsersAction))
    return commands.choices


def options(parser):
    """Every option of a command and of its own subcommands."""
    found = set(parser._option_string_actions)
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            found |= set().union(*map(options, action.choices.values()))
    return found


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_every_command_and_option_it_writes_is_known(path):
    known = parsers()
    text = re.sub(r"\\\n", " ", path.read_text(encoding="utf-8"))
    written = re.findall(r"(?:`|^)synergy ([a-z]+)([^`\n]*(?:\n {4}[^`\n]*)*)", text, flags=re.MULTILINE)
    assert len(written) > 10 or path.name != "README.md"
    for command, rest in written:
        given = set(re.findall(r"(?<![\w-])--[a-z][\w-]*", rest))
        assert command in known, command
        # What follows a benchmark's name is its own: tests/house/test_benchmarks.py.
        assert given <= options(known[command]) or command == "bench", (command, rest)
