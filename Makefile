# The two commands of the README are `make run` and `make test`; `make help` lists the rest.
# Works with GNU make 3.81 and newer (macOS has 3.81).

PORT ?=
CRM := .venv/bin/crm-maturity
PYTEST := .venv/bin/pytest
# browser tests wait more than they compute: one process more than there are processors
PROCESSES ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
# a file stays in one process, which makes what its tests share once; tests/conftest.py puts the longest files first
BY_FILE := --dist loadfile --no-loadscope-reorder

# some images forbid Python to keep what it compiled; hundreds of processes of one run would compile everything anew
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup run test check lint-content lock audit nightly bench clean

help: ## Show this list
	@echo "Variables: PORT (of make run), PROCESSES (of the tests), PYTHON (interpreter of .venv), CHROMIUM (browser of the tests)"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Install what is missing: system packages and the virtual environment (.venv/bin/crm-maturity)
	@tools/setup run

run: setup ## Set up, load the demo engagement, serve (PORT=9000 for another port) and print address and first sign-in
	@$(CRM) setup $(if $(PORT),--port $(PORT))
	@$(CRM) serve $(if $(PORT),--port $(PORT))

test: setup-test check ## Set up (with Chromium and poppler), check, and run every test but the nightly ones
	@$(PYTEST) -m "not nightly" --numprocesses $(PROCESSES) $(BY_FILE)

.PHONY: setup-test
setup-test:
	@tools/setup test

check: setup-test ## Look without running: ruff, mypy, import contracts, content
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports --no-cache
	@$(CRM) lint

lint-content: setup ## Check frameworks, questionnaires, weights, benchmarks and cases
	@$(CRM) lint

lock: ## Solve the dependencies again and write both lock files (UPGRADE=1 takes newer releases)
	@tools/lock

audit: ## List what ships (build/sbom.json, CycloneDX) and ask which of it has known holes (pip-audit)
	@tools/audit

nightly: ## Set up (with LibreOffice besides), run the tests that take long and try every law on more examples
	@tools/setup nightly
	@$(PYTEST) -m "nightly or hypothesis" --hypothesis-profile nightly --numprocesses $(PROCESSES) --dist worksteal

bench: setup ## Measure how long the main jobs take (prints figures, judges nothing)
	@.venv/bin/python -m tests.benchmarks.measure
	@.venv/bin/python -m tests.benchmarks.saving
	@.venv/bin/python -m tests.benchmarks.backing_up
	@.venv/bin/python -m tests.benchmarks.crashing

clean: ## Remove what can be made again: environment, caches, build output (var/ with the data stays)
	@rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage* htmlcov
	@find app tests -name __pycache__ -type d -prune -exec rm -rf {} +
	@echo "clean: done; var/ was left alone"
