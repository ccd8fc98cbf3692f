# Everything a person does with this project. Any target sets up what it needs first, once; PYTHON=... names the Python to use.

MAKEFLAGS += --no-print-directory
SHELL := /bin/sh
PY := .venv/bin/python
SET_UP = python=$$(PYTHON='$(PYTHON)' scripts/find-python) && PYTHON='$(PYTHON)' "$$python" scripts/set_up.py

.DEFAULT_GOAL := help
.PHONY: help demo run test check format bench chaos week requirements set-up-run set-up-dev set-up-train clean clean-all

help:
	@echo 'make demo          try the bot in a browser: no token, no account, no settings'
	@echo 'make run           run the bot with the settings in .env'
	@echo 'make test          all tests; ARGS="-k words" chooses some'
	@echo 'make check         style, types, floors, texts, documents'
	@echo 'make format        put the code into the project'"'"'s format'
	@echo 'make bench         what it costs and how fast it is, beside its peers: a quarter of an hour'
	@echo 'make chaos         kill and freeze the bot, restart the database, again and again; SEED=1 repeats a run'
	@echo 'make week          a simulated week of a town at work, checked in the end; SEED=1 repeats one'
	@echo 'make requirements  resolve requirements/*.in and the npm lock again; UPGRADE=1 takes newer versions'
	@echo 'make clean         remove caches; clean-all also removes what was installed'
	@echo
	@echo 'Needed: Python 3.12 or 3.13 (PYTHON=/path/to/python names one) and a package registry. The rest is installed here.'

demo: set-up-run
	@$(PY) -m bot demo $(ARGS)

run: set-up-run
	@$(PY) -m bot run $(ARGS)

# On all cores; ARGS="-n 0" plays one test after the other.
test: set-up-dev
	@$(PY) -m pytest -n auto --dist loadgroup $(ARGS)

check: set-up-dev
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	$(PY) -m mypy
	$(PY) -c 'from importlinter.cli import lint_imports_command as lint; lint()'
	$(PY) -m pytest -q tests/project

format: set-up-dev
	$(PY) -m ruff check --fix
	$(PY) -m ruff format

# The peers have an environment of their own; without it (no registry) the bench says what it leaves out.
bench: set-up-dev
	@$(SET_UP) peers || true
	@$(PY) -m benchmarks $(ARGS)

chaos: set-up-dev
	@CHAOS=long $(PY) -m pytest tests/chaos $(ARGS)

week: set-up-dev
	@WEEK=long $(PY) -m pytest -n 0 tests/week $(ARGS)

# --universal: one file for every platform and both Pythons. dev and train take their common versions from run.txt.
UV_COMPILE = uv pip compile --quiet --universal --python-version 3.12 --generate-hashes --no-header --no-annotate \
	$(if $(UPGRADE),--upgrade)

requirements:
	@command -v uv > /dev/null || { echo 'make requirements needs uv: pip install uv' >&2; exit 2; }
	cd requirements && $(UV_COMPILE) run.in -o run.txt
	cd requirements && $(UV_COMPILE) -c run.txt dev.in -o dev.txt
	cd requirements && $(UV_COMPILE) -c run.txt train.in -o train.txt
	cd requirements && $(UV_COMPILE) node.in -o node.txt
	cd requirements && $(UV_COMPILE) peers.in -o peers.txt
	npm $(if $(UPGRADE),update,install) --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved

set-up-run:
	@$(SET_UP) run front-end

set-up-dev:
	@$(SET_UP) dev front-end

set-up-train:
	@$(SET_UP) train

clean:
	rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	rm -rf $$(find . -name __pycache__ -not -path './.venv*' -not -path './node_modules/*' 2> /dev/null)

clean-all: clean
	rm -rf .venv .venv-peers .venv-train node_modules
