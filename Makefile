# Two commands: `make demo` and `make test`. Both start from a fresh machine; nothing is done twice.
#
#   make demo                                   set up, play the story, serve on 127.0.0.1
#   make demo DEMO='--no-serve --out demo-out'  the same without serving; the results are in demo-out
#   make test                                   checks and all tests, also those in a browser

SHELL := /bin/bash
.DELETE_ON_ERROR:

DEMO ?=
TESTS ?=
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

RUNTIME := $(VENV)/.runtime
INSTALLED := $(VENV)/.installed
TOOLS := $(VENV)/.tools
CHECKERS := .venv-tools/.installed
FRONTEND := hatch_build.py vendor.toml package.json package-lock.json \
	$(wildcard ethiek/static/css/*.css) $(wildcard ethiek/translations/*/LC_MESSAGES/*.po)

.PHONY: help demo test check format bench clean preflight-demo preflight-test

help:
	@sed -n 's/^#   //p' Makefile

demo: preflight-demo $(INSTALLED)
	$(BIN)/ethiek demo $(DEMO)

# What measures time or kills processes has the machine to itself; all other tests run side by side.
test: preflight-test check $(CHECKERS)
	$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 -m "not faults and not browser" $(TESTS)
	$(BIN)/python -m pytest -m "faults or browser" $(TESTS)

check: preflight-demo $(INSTALLED) $(TOOLS)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet ethiek/templates

format: $(TOOLS)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: preflight-test $(INSTALLED) $(TOOLS)
	$(BIN)/python -m benchmarks

clean:
	rm -rf $(VENV) .venv-tools node_modules ethiek/static/vendor demo-out test-output build dist *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

preflight-demo preflight-test:
	@tools/preflight.sh $(@:preflight-%=%)

$(BIN)/python:
	@tools/preflight.sh demo
	"$$(tools/preflight.sh python)" -m venv $(VENV)

$(RUNTIME): requirements/runtime.lock | $(BIN)/python
	$(PIP) --require-hashes -r requirements/runtime.lock
	@touch $@

$(INSTALLED): $(RUNTIME) pyproject.toml $(FRONTEND)
	$(PIP) --no-deps --editable .
	@touch $@

$(TOOLS): requirements/test.lock $(RUNTIME)
	$(PIP) --require-hashes -r requirements/test.lock
	@touch $@

# A checker of documents that somebody else wrote, in an environment of its own: its libraries are not ours.
$(CHECKERS): requirements/checkers.lock
	"$$(tools/preflight.sh python)" -m venv .venv-tools
	.venv-tools/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@
