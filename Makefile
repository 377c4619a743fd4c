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

.PHONY: help archive serve test lint types unit clean gate

help: ## Say what each command does
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 18
	@echo '  Live crawl:     make archive SOURCES="mst baochinhphu"'

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

# The update names each source that needs attention, and goes on with the others.
archive: $(VENV)/.installed ## Install, crawl the sources (the recorded sample unless SOURCES= names others) and make archive.db
	@ARCHIVE=$(ARCHIVE) $(BIN)/scrapy update --verbose $(SOURCES) || { echo; echo "error: not all is well (see the messages above)"; exit 1; }
	@echo; echo "$(ARCHIVE) is ready. Next: make serve   (opens it on http://127.0.0.1:$(PORT))"

# Datasette takes descriptions and queries for a database named "archive", so a file of another name is linked to that name.
serve: $(VENV)/.installed ## Open archive.db (or ARCHIVE=other.db) in Datasette on http://127.0.0.1:8001
	@test -f "$(ARCHIVE)" || { echo "error: there is no $(ARCHIVE) yet; run: make archive"; exit 2; }
	@folder=$(VENV)/serve-$(PORT); mkdir -p $$folder; ln -sfn "$$(realpath "$(ARCHIVE)")" $$folder/archive.db; \
	ln -sf "$(CURDIR)/metadata.yml" "$(CURDIR)/settings.json" $$folder/; \
	echo "Datasette with $(ARCHIVE) on http://127.0.0.1:$(PORT) (stop with Ctrl-C)"; \
	exec $(BIN)/datasette $$folder --host 127.0.0.1 --port $(PORT)

test: lint types unit ## Run lint, type checks and tests
	@echo; echo "All well. Next: make archive, then make serve"

lint: $(VENV)/.installed-test ## Check the style of the code and the words of its texts
	@echo "Lint ..."
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet . || { echo "error: some files are not formatted; run: $(BIN)/ruff format ."; exit 1; }
	@$(BIN)/python tools/vocabulary.py || { echo "error: these words must be decoded by a reader; tools/vocabulary.toml has better ones"; exit 1; }

types: $(VENV)/.installed-test ## Check the types of the code
	@echo "Types ..."
	@$(BIN)/mypy

# One worker more than there are cores, because some tests wait: for the pauses of a polite crawl, or for a server to start.
unit: $(VENV)/.installed-test ## Run the tests
	@echo "Tests ..."
	@$(BIN)/python -m pytest -n $$(( $$(nproc) + 1 )) --dist worksteal

gate: $(VENV)/.installed-test ## Run the checks that are too slow for the tests: longer tests, generated pages in 2,000 shapes, two nights and a year of 20 sites
	@$(BIN)/python -m pytest -n auto --dist worksteal -m gate
	@$(BIN)/python -m benchmarks.generated_pages --pages 2000 --gate
	@$(BIN)/python -m benchmarks.nightly --sites 20 --slowest 120 --gate
	@$(BIN)/python -m benchmarks.year --days 365 --gate

# Captures cannot be fetched again once a site is gone: nothing here removes them, or an archive.
clean: ## Remove caches and the virtual environment; archives and captures stay
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -not -path './captures/*' -exec rm -rf {} +
