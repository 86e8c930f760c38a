"""Who may import whom: the layering of the design, kept by the imports themselves."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted(
    [ROOT / "app.py", *(ROOT / "questionnaire").rglob("*.py"), *(ROOT / "analysis").rglob("*.py")]
)


def imported(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def importers_of(package):
    for path in SOURCES:
        if any(name == package or name.startswith(f"{package}.") for name in imported(path)):
            yield path.relative_to(ROOT).as_posix()


def outside(package, allowed):
    return [path for path in importers_of(package) if not any(path.startswith(start) for start in allowed)]


@pytest.mark.parametrize(
    ("package", "allowed"),
    [
        ("streamlit", ["app.py", "questionnaire/pages/", "analysis/pages/"]),
        ("semopy", ["analysis/sem/"]),
        ("sqlalchemy", ["questionnaire/storage/", "questionnaire/access/store.py"]),
        ("pickle", []),
        ("analysis", ["app.py", "analysis/"]),
    ],
)
def test_only_these_may_import(package, allowed):
    assert outside(package, allowed) == []


def test_the_rules_see_an_import_when_there_is_one():
    assert "app.py" in list(importers_of("streamlit"))
    assert any(path.startswith("questionnaire/storage/") for path in importers_of("sqlalchemy"))


HEAVY = ("scipy", "semopy", "pingouin", "factor_analyzer", "sklearn", "numba", "matplotlib")


@pytest.mark.parametrize(
    ("module", "kept_out"),
    [
        # pandas and numpy come with the page framework itself, but not with the journey and the store.
        ("questionnaire.service", ("numpy", "pandas", "streamlit", *HEAVY)),
        ("questionnaire.pages.respond", HEAVY),
        ("app", HEAVY),
        # Whoever opens the workbench waits for its first page, not for the libraries of all others.
        ("analysis.pages.workbench", (*HEAVY, "altair")),
        ("analysis.pages.data", (*HEAVY, "altair")),
        ("analysis.cli", ("numpy", "pandas", "streamlit", *HEAVY)),
    ],
)
def test_a_quick_start_loads_no_statistics(module, kept_out):
    script = f"import sys, importlib; importlib.import_module({module!r}); print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    loaded = {name.split(".")[0] for name in done.stdout.split()}
    assert sorted(loaded & set(kept_out)) == []
