# The two commands to know: `make archive` and `make test`. `make help` lists the others.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= $(firstword $(shell command -v python3.11 python3.12 python3.13 python3))
VENV ?= .venv
BIN := $(VENV)/bin
# What is crawled: the recorded sample that the project ships, or live sources by name.
SAMPLE := sample-mic sample-mst sample-nghe-an sample-ha-noi
SOURCES ?= $(SAMPLE)
ARCHIVE ?= archive.db
PORT ?= 8001

.PHONY: help archive serve test lint types unit clean

help: ## Say what each command does
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 18
	@echo '  Live crawl:     make archive SOURCES="mst nghe-an-ict"'

$(VENV)/.installed: pyproject.toml constraints.txt
	@test -n "$(PYTHON)" && $(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" || { echo "error: Python 3.11 or newer is not there; install it, or name one: make archive PYTHON=/path/to/python3"; exit 2; }
	@echo "Installing into $(VENV) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e . 2> >(grep -v '^WARNING' >&2)
	@touch $@

$(VENV)/.installed-test: $(VENV)/.installed
	@echo "Installing the tools of the tests ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test]' 2> >(grep -v '^WARNING' >&2)
	@touch $@

archive: $(VENV)/.installed ## Install, crawl the sources (the recorded sample unless SOURCES= names others) and make archive.db
	@for source in $(SOURCES); do ARCHIVE=$(ARCHIVE) $(BIN)/scrapy crawl $$source; done
	@echo; echo "$(ARCHIVE) is ready. Next: make serve   (opens it on http://127.0.0.1:$(PORT))"

serve: $(VENV)/.installed ## Open archive.db in Datasette on http://127.0.0.1:8001
	@test -f archive.db || { echo "error: there is no archive.db yet; run: make archive"; exit 2; }
	@echo "Datasette on http://127.0.0.1:$(PORT) (stop with Ctrl-C)"
	@$(BIN)/datasette . --host 127.0.0.1 --port $(PORT)

test: lint types unit ## Run lint, type checks and tests
	@echo; echo "All well. Next: make archive, then make serve"

lint: $(VENV)/.installed-test ## Check the style of the code
	@echo "Lint ..."
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet . || { echo "error: some files are not formatted; run: $(BIN)/ruff format ."; exit 1; }

types: $(VENV)/.installed-test ## Check the types of the code
	@echo "Types ..."
	@$(BIN)/mypy

unit: $(VENV)/.installed-test ## Run the tests
	@echo "Tests ..."
	@$(BIN)/python -m pytest -n auto --dist worksteal

clean: ## Remove archive.db, captures and the virtual environment
	rm -rf archive.db archive.db-wal archive.db-shm captures $(VENV)
