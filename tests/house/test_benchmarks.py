"""Every benchmark has one shape, is listed, and takes the words that are written about it; none is run."""

import re
import shlex
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from analysis import cli
from analysis.commands import bench
from benchmarks.tools.benchmark import Benchmark
from benchmarks.tools.parts import Part

ROOT = Path(__file__).parents[2]
NAMES = bench.known()
BY_NAME = {"kill_test", "model_pvalue", "recovery"}


@pytest.mark.parametrize("name", NAMES)
def test_every_benchmark_has_one_shape(name):
    benchmark = bench.load(name)
    module = sys.modules[f"benchmarks.{name}"]
    source = Path(module.__file__).read_text(encoding="utf-8")
    assert isinstance(benchmark, Benchmark)
    assert 20 < len(benchmark.summary) <= 110
    assert module.main == benchmark.main
    assert source.endswith('if __name__ == "__main__":\n    sys.exit(main())\n')
    assert "sys.argv" not in source


def test_the_list_names_each_with_what_it_measures_and_when_it_runs(capsys):
    assert cli.main(["bench", "--list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[::2]] == NAMES
    for name, first, second in zip(NAMES, lines[::2], lines[1::2], strict=True):
        assert first.endswith(f" {bench.load(name).summary}")
        assert ("[by name: " if name in BY_NAME else "[default") in second


TAKEN = [
    ("load 20", {"seconds": 20.0}),
    ("load", {"seconds": 25.0}),
    ("first_page 5", {"rounds": 5}),
    ("load_memory 75", {"seconds": 75.0}),
    ("full_analysis", {"n": 1000, "careless": 0.1, "missing": 0.03}),
    ("full_analysis 300 0.2", {"n": 300, "careless": 0.2, "missing": 0.03}),
    ("recovery 200", {"reps": 200, "seconds": 7200.0}),
    ("model_pvalue 9 50 2", {"reps": 9, "seconds": 50.0, "only": 2}),
    ("model_pvalue", {"reps": 200, "seconds": 900.0, "only": None}),
    ("workbench 500", {"n": 500}),
    ("kill_test --db sqlite:///x --kills 3", {"db": "sqlite:///x", "kills": 3, "people": 20, "seed": 1}),
    ("fabrication --runs 9", {"runs": 9, "seed": 1}),
    ("cost_vs_n", {}),
]


@pytest.fixture
def asked(monkeypatch):
    """What benchmarks are run with, in turn, without running them."""
    seen, load = [], bench.load
    monkeypatch.setattr(
        bench,
        "load",
        lambda name: replace(
            load(name), needs=None, beside=None, run=lambda **options: seen.append((name, options))
        ),
    )
    return seen


@pytest.mark.parametrize(("words", "options"), TAKEN)
def test_options_follow_the_name(words, options, asked):
    assert cli.main(["bench", *words.split()]) == 0
    assert asked == [(words.split()[0], options)]


def written():
    for path in sorted([*(ROOT / "docs").rglob("*.md"), *(ROOT / "benchmarks").glob("*.py")]):
        text = path.read_text(encoding="utf-8")
        for words in re.findall(r"python -m benchmarks\.([a-z]\w*(?: [\w./:-]+)*)(?=`|\n| \[)", text):
            yield pytest.param(words, id=f"{path.stem}: {words}")


@pytest.mark.parametrize("words", list(written()))
def test_what_is_written_is_understood(words, asked):
    assert cli.main(["bench", *shlex.split(words)]) == 0
    assert len(asked) == 1


def test_without_a_name_all_but_the_long_ones_run(asked):
    assert cli.main(["bench"]) == 0
    assert {name for name, _ in asked} == set(NAMES) - BY_NAME


PRESENT = Part("Something", "get something", lambda: "/bin/something")
ABSENT = Part("Something", "get something", lambda: None)
LINE = "Something is not on this machine; to get it: get something"


@pytest.mark.parametrize(
    ("parts", "code", "runs", "said"),
    [
        ({"needs": PRESENT, "beside": PRESENT}, 0, True, ""),
        ({"needs": ABSENT}, 1, False, f"*** SKIPPED: {LINE}\n"),
        ({"beside": ABSENT}, 1, True, f"*** SKIPPED the other side: {LINE}\n"),
    ],
)
def test_a_missing_part_is_one_line_and_the_code_tells(parts, code, runs, said, capsys):
    ran = []
    assert Benchmark("It measures.", lambda: ran.append(1), **parts).main([]) == code
    assert bool(ran) == runs
    assert capsys.readouterr().out == said


def test_the_rest_goes_on_and_what_is_wanting_is_named(monkeypatch, capsys):
    ran = []
    cases = {
        "first": Benchmark("It measures.", lambda: ran.append("first"), needs=ABSENT),
        "second": Benchmark("It measures.", lambda: ran.append("second")),
        "third": Benchmark("It finds a broken bound.", lambda: 1),
    }
    monkeypatch.setattr(bench, "known", lambda: list(cases))
    monkeypatch.setattr(bench, "load", cases.get)
    assert cli.main(["bench"]) == 1
    assert ran == ["second"]
    assert capsys.readouterr().err.endswith("first, third\n")
