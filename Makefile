.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# A test of a screen waits for a third of its time: two workers a core.
WORKERS = $(shell $(BIN)/python -c 'import os; print(2 * (os.cpu_count() or 1))')
COMPILE := $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header --no-annotate
PIP_INSTALL := $(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "eventbridge-inspector needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.11 ...")'
	@echo "Setting up $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)

# Two stamps: running the inspector needs far less than testing it.
$(VENV)/.run: requirements/run.txt pyproject.toml | $(BIN)/python
	@echo "Installing what the inspector needs ..."
	@$(PIP_INSTALL) --require-hashes -r requirements/run.txt
	@$(PIP_INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.run
	@echo "Installing what the tests need ..."
	@$(PIP_INSTALL) --require-hashes -r requirements/dev.txt
	@touch $@

.PHONY: setup demo test lint types check snapshots screenshots bench lock clean
setup: $(VENV)/.run ## Install the inspector into .venv

demo: $(VENV)/.run ## Open the inspector on sample_configs/ with the bundled endpoint
	@$(BIN)/inspector demo

test: $(VENV)/.dev ## Run the whole test suite
	@PYTEST_XDIST_AUTO_NUM_WORKERS=$(WORKERS) $(BIN)/python -m pytest

lint: $(VENV)/.dev ## Check style and formatting
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(VENV)/.dev ## Check types (mypy, strict)
	@$(BIN)/mypy

check: lint types test ## Everything CI runs

snapshots: $(VENV)/.dev ## Redraw the snapshots of the screens
	@$(BIN)/python -m pytest tests/tui --snapshot-update

screenshots: $(VENV)/.run ## Redraw the pictures of the README
	@$(BIN)/python docs/screenshots.py

bench: $(VENV)/.dev ## Run the benchmarks (ratios against named peers)
	@for b in benchmarks/*/run.py; do $(BIN)/python $$b || exit 1; done

lock: | $(BIN)/python ## Resolve requirements/*.txt anew
	@$(PIP_INSTALL) uv
	@$(COMPILE) --group dev pyproject.toml requirements/build.in -o requirements/dev.txt
	@$(COMPILE) -c requirements/dev.txt pyproject.toml requirements/build.in -o requirements/run.txt

clean: ## Remove .venv and what tests left behind
	@rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache snapshot_report.html
