# Every target sets itself up: on a fresh machine `make serve` or `make test` is the only command needed.
PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8501

.PHONY: help setup serve test check format bench audit lock clean

help:            ## list the targets
	@grep -E '^[a-z]+: *.*##' Makefile | sed -E 's/:[^#]*##/\t/'

.venv/.done: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("synergy needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make setup PYTHON=python3.12") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

setup: .venv/.done  ## make .venv from the lock file

serve: setup     ## the survey and the workbench on SQLite, with synthetic demo answers
	$(BIN)/synergy serve --port $(PORT) --demo

# What a file's tests share (an analysis, a server, a browser) is made once: they stay with one worker.
test: setup      ## the whole test suite; says loudly what it skips and how to get it
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

check: setup     ## lint, format and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: setup    ## put the code into the house format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup     ## the benchmarks behind the figures in docs/ that take minutes (synergy bench --list)
	$(BIN)/synergy bench

audit: setup     ## known vulnerabilities of what the lock file pins (asks a public database)
	@$(BIN)/pip-audit --strict --require-hashes --disable-pip -r requirements.lock || { echo "make audit: no clean result. Where vulnerabilities are listed above, update those pins (make lock). Where the database could not be asked, nothing at all is known: run this where the network reaches it." >&2; exit 1; }

lock:            ## resolve requirements.lock anew (needs uv)
	uv pip compile pyproject.toml --group dev --universal --generate-hashes --no-emit-index-url --no-annotate --no-header --python-version 3.11 --output-file requirements.lock

clean:           ## remove what can be made again
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache
