# The two commands: `make demo` and `make test`. Each does all its own set-up.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
RUN    := $(BIN)/python -m
PACKAGES := sender mock_qualtrics contracts loadtests

# Many tests start processes, and a package that is compiled once is imported in half the time.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo serve test test-lowest check reference screenshots conformance-matrix format lint types bench torture simulate plants mutants soak clean

demo: $(READY)  ## the main job, start to finish, on sample profiles
	$(BIN)/mock-qualtrics demo

serve: $(READY)  ## leave the mock running
	$(BIN)/mock-qualtrics serve

test: $(READY)  ## every test; one that hangs is shown, and fails, after faulthandler_timeout
	$(RUN) pytest -n 3 --dist worksteal -o faulthandler_exit_on_timeout=true

LOWEST := .venv-lowest

# The gate measures what runs in the tests' own processes: there it costs least (docs/decisions.md).
test-lowest: $(READY)  ## the lowest versions that pyproject.toml admits, and the coverage gate
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(LOWEST)
	VIRTUAL_ENV=$(LOWEST) $(BIN)/uv pip install --quiet --resolution lowest-direct --editable '.[dev,bench]'
	$(LOWEST)/bin/coverage erase
	$(LOWEST)/bin/coverage run -m pytest -q -n 3 --dist worksteal tests/unit tests/component
	$(LOWEST)/bin/coverage combine --quiet
	$(LOWEST)/bin/coverage report
	$(LOWEST)/bin/python -m pytest -q -n 3 --dist worksteal tests/contract

check: SEEDS = 301-2000
check: format lint types test test-lowest simulate  ## the checks of .ci/run: a test compares the two

reference: $(READY)  ## write the pages of docs/reference/ anew
	$(RUN) docs.make_reference

screenshots: $(READY)  ## take the README's screenshots anew (needs chromium and chromium-driver)
	$(RUN) docs.make_screenshots

CONNECTORS ?=

conformance-matrix: $(READY)  ## run every connector of tests/conformance in every scenario: who convicts whom (10 minutes)
	PYTHONPATH=tests $(RUN) support.conformance_matrix $(CONNECTORS)

format: $(READY)
	$(BIN)/ruff format --check .

lint: $(READY)
	$(BIN)/ruff check .

types: $(READY)
	$(BIN)/mypy

clean:  ## remove what make made
	rm -rf $(VENV) $(LOWEST) build dist mutants mutants.log .simulation .soak .coverage* .hypothesis .mypy_cache .pytest_cache .ruff_cache

$(READY): pyproject.toml constraints.txt
	@echo "Setting up $(VENV): this takes a minute or two, once"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $@

BENCH := .bench/node_modules/.bin/mb

bench: $(READY) $(BENCH)  ## ratios against the peers (needs wrk, nghttp2-client, nginx, npm and java)
	$(BIN)/python -m loadtests.benchmarks mock
	$(BIN)/python -m loadtests.benchmarks sender
	$(BIN)/python -m loadtests.benchmarks pacing
	$(BIN)/python -m loadtests.benchmarks fixture

$(BENCH):
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[bench]'
	npm install --no-audit --no-fund --prefix .bench @mbtest/mountebank@2.9.2 wiremock@3.13.2

MINUTES ?= 10

# Bounded: that long, and a minute or two for the last retries and runs.
soak: $(READY)  ## load a mock under mixed faults (MINUTES=10): does it stay flat, and is nothing lost? (docs/load.md)
	$(RUN) loadtests.soak --minutes $(MINUTES)

TORTURE ?= 100

torture: $(READY)  ## kill an export so many times (TORTURE=100), and count
	SENDER_KILLS=$(TORTURE) $(BIN)/python -m pytest -q tests/end_to_end/sender/test_kill.py

SEEDS ?= 300
JOBS ?= 2

# make simulate SEED=17 HAPPENINGS=3,5 PROFILES=4 replays one seed, or a part of it: docs/simulation.md.
simulate: $(READY)  ## run so many seeds of the simulated world of both sides (SEEDS=2000, or 301-600; JOBS=2)
	@PYTHONPATH=tests $(RUN) simulation.run $(if $(SEED),--seed $(SEED) --trace \
	  $(HAPPENINGS:%=--keep-happenings %) $(PROFILES:%=--keep-profiles %),--seeds $(SEEDS) --jobs $(JOBS))

# make plants PLANTS="retry-a-400 lease-after-sending" tries these alone: tests/simulation/plants/plants.toml.
plants: $(READY)  ## plant each bug in turn in a copy, and count the seeds of the simulation that find it (SEEDS, JOBS)
	@PYTHONPATH=tests $(RUN) simulation.plants --seeds $(SEEDS) --jobs $(JOBS) $(PLANTS)

MUTANT_SECONDS ?= 2400

# make mutants AREA=gate runs one area: gate, activation, mapping, delivery-decision or compatibility.
mutants: $(READY)  ## change the code in small ways, and count how many some test notices (AREA=gate: one area)
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[mutants]'
	PYTHONPATH=tests $(BIN)/python -m mutation.run --seconds $(MUTANT_SECONDS) $(AREA:%=--area %)
