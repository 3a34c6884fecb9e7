# What there is to do here. `make` alone lists it.
PYTHON ?= python3
BIN := .venv/bin
INNER := seraf/*,state_machines/*,dialogs/*
.DEFAULT_GOAL := help
.PHONY: help chat test check format lint types architecture docs docs-write coverage prove mutate bench phone audit clean

help: ## List what there is to do
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## */\1\t/' | expand -t 16

chat: .venv/ready ## Set everything up and start a SERAF in the terminal
	@$(BIN)/seraf-bot chat

test: .venv/ready-test ## Run all tests
	@$(BIN)/python -m pytest -n 2 --dist worksteal

check: lint types architecture docs test ## All that CI runs: format, lint, types, architecture, docs, tests

format: .venv/ready-dev ## Put the code in order
	@$(BIN)/ruff format -q . && $(BIN)/ruff check -q --fix .

lint: .venv/ready-dev ## Format and lint, changing nothing
	@$(BIN)/ruff format --check -q . && $(BIN)/ruff check -q .

types: .venv/ready-dev ## Types
	@$(BIN)/mypy --no-error-summary

architecture: .venv/ready-dev ## Which package may import which
	@$(BIN)/lint-imports --no-logo >.imports.txt || { cat .imports.txt; rm .imports.txt; exit 1; }
	@rm -f .imports.txt

docs: .venv/ready-dev ## Generated documents are up to date
	@$(BIN)/python -m docs.generate --check

docs-write: .venv/ready-dev ## Write the generated documents again
	@$(BIN)/python -m docs.generate

coverage: .venv/ready-dev ## Run all tests, and see what they reach: 100 % of the inner packages, 95 % of the rest
	@$(BIN)/python -m pytest -q -n 2 --dist worksteal --cov --cov-report=
	@$(BIN)/coverage report --include='$(INNER)' --fail-under=100 --show-missing --skip-covered
	@$(BIN)/coverage report --include='bot/*' --fail-under=95 --show-missing --skip-covered

prove: .venv/ready-dev ## Every promise with its full counts (long), and a table of what was reached
	@SERAF_PROVE=full $(BIN)/python -m pytest -m prove

mutate: .venv/ready-dev ## Change the domain in thousands of small ways, and see whether the tests notice
	@$(BIN)/mutmut run && $(BIN)/mutmut results

bench: .venv/ready-dev ## CPU and wall time a tap beside a bare bot, memory, time to ready
	@$(BIN)/python -m bench.tap

phone: .venv/ready-dev ## Draw a walk as a phone shows it: WALK=tests/walks/17-quick.walk OPTIONS="--cards 2-5 --strip 4"
	@$(BIN)/python -m docs.phone $(or $(WALK),tests/walks/03-both-columns.walk) $(or $(OUT),build/phone) $(OPTIONS)

audit: .venv/ready-dev ## Known faults in the pinned libraries
	@$(BIN)/pip-audit --requirement requirements/constraints.txt --no-deps --disable-pip

clean: ## Remove what was built
	@rm -rf .venv build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage* htmlcov mutants

.venv/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/ready: .venv/python pyproject.toml requirements/constraints.txt
	@echo "Setting up (once)…" >&2
	@$(BIN)/python -m pip install -q --disable-pip-version-check -c requirements/constraints.txt -e . >&2 </dev/null
	@touch $@

.venv/ready-dev: .venv/ready
	@$(BIN)/python -m pip install -q --disable-pip-version-check -c requirements/constraints.txt -e '.[dev]' >&2 </dev/null
	@touch .venv/ready-test $@

.venv/ready-test: .venv/ready
	@$(BIN)/python -m pip install -q --disable-pip-version-check -c requirements/constraints.txt -e '.[test]' >&2 </dev/null
	@touch $@
