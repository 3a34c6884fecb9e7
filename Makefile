# What there is to do here. `make` alone lists it.
PYTHON ?= python3
BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install -q --disable-pip-version-check
INNER := seraf/*,state_machines/*,dialogs/*
.DEFAULT_GOAL := help
# What was compiled is kept, for the other workers and for every process that a test begins.
unexport PYTHONDONTWRITEBYTECODE
.PHONY: help chat room test check format lint types architecture docs docs-write coverage prove prove-write mutate bench measures phone browser-pictures pins audit bill release clean

help: ## List what there is to do
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## */\1\t/' | expand -t 16

chat: .venv/ready ## Set everything up and start a SERAF in the terminal
	@$(BIN)/seraf-bot chat

room: .venv/ready ## Set everything up and open a rehearsal for a group on this machine; one case at once: CASE=ada
	@$(BIN)/seraf-bot rehearse room $(CASE)

# Four at a time on two cores: many tests wait for loopback or a clock of their own.
test: .venv/ready-test ## Run all tests
	@$(BIN)/python -m pytest -n 4 --dist worksteal

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

prove: .venv/ready-dev ## Every promise with its full count, going on where it stopped; one alone: P=P1
	@$(BIN)/python -m tests.support.proving $(P)

prove-write: .venv/ready-dev ## Write what was proven into docs/promises.md
	@$(BIN)/python -m tests.support.proving --write

mutate: .venv/ready-dev ## Change the domain, and calls between modules of bot/ and dialogs/, and see whether tests notice; one part: ONLY='seraf.score.*', ONLY=bot/access
ifeq ($(filter bot% dialogs%,$(ONLY)),)
	@$(BIN)/mutmut run $(foreach each,$(ONLY),'$(each)') && $(BIN)/mutmut results
endif
ifeq ($(filter seraf%,$(ONLY)),)
	@$(BIN)/python -m bench.mutants $(ONLY) $(OPTIONS)
endif

bench: .venv/ready-dev ## What a tap costs beside other bots, a turn, a start: written to docs/speed.md, in less than ten minutes
	@$(BIN)/python -m bench.speed

measures: .venv/ready-dev ## How much there is, and how little of it one tap goes through
	@$(BIN)/python -m bench.measures 2>/dev/null

phone: .venv/ready-dev ## Draw a walk as a phone shows it: WALK=tests/walks/17-quick.walk OPTIONS="--cards 2-5 --strip 4"
	@$(BIN)/python -m docs.phone $(or $(WALK),tests/walks/03-both-columns.walk) $(or $(OUT),build/phone) $(OPTIONS)

browser-pictures: .venv/ready-dev ## Pictures of pages in a real Chromium, for the documents
	@$(BIN)/python -m docs.browser_pictures

pins: .venv/ready-dev ## Write requirements/ again from pyproject.toml; OPTIONS=--upgrade takes newer versions
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m release.pins $(OPTIONS)

audit: .venv/ready-dev ## Known faults in the pinned libraries; fails where one could not be looked up
	@$(BIN)/python -m release.audit

bill: .venv/ready-dev ## Bill of materials (CycloneDX) and licences of what the bot runs on, into build/release
	@$(BIN)/python -m release.bill

release: .venv/ready-dev ## Tag this commit with its version, after checking that version, CHANGELOG and commit belong together
	@$(BIN)/python -m release.number --tag

clean: ## Remove what was built
	@rm -rf .venv build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage* htmlcov mutants

.venv/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/ready: .venv/python pyproject.toml requirements/build.txt requirements/run.txt
	@echo "Setting up (once)…" >&2
	@$(INSTALL) --require-hashes -r requirements/build.txt -r requirements/run.txt >&2 </dev/null
	@$(INSTALL) --no-deps --no-build-isolation -e . >&2 </dev/null
	@touch $@

.venv/ready-dev: .venv/ready requirements/dev.txt
	@$(INSTALL) --require-hashes -r requirements/dev.txt >&2 </dev/null
	@touch .venv/ready-test $@

.venv/ready-test: .venv/ready requirements/test.txt
	@$(INSTALL) --require-hashes -r requirements/test.txt >&2 </dev/null
	@touch $@
