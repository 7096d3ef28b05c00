# Needs Python >= 3.11 and make, nothing else; every target does its own set-up, once, in .venv.
# uv is used when it is there, because it is faster; where packages come from is the business of uv's and pip's own settings.

PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
BIN := .venv/bin
READY := .venv/.ready
ARGS ?=
EXTRAS ?= test

.DEFAULT_GOAL := help
.PHONY: help venv demo test check format bench interop openapi constraints

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /make \1\t/' | expand -t 20

venv: $(READY) ## set up .venv (again when pyproject.toml or constraints.txt change)

$(READY): pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; name it with make PYTHON=/path/to/python3" >&2; exit 1; }
	@echo "Setting up .venv ..."
	@if command -v uv >/dev/null && uv venv --quiet --clear --python "$(PYTHON)" .venv \
		&& uv pip install --quiet --python $(BIN)/python --constraint constraints.txt --editable '.[$(EXTRAS)]'; then :; else \
		$(PYTHON) -m venv --clear .venv \
		&& $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[$(EXTRAS)]'; fi
	@touch $@

demo: $(READY) ## load the demonstration organisation and serve it on http://127.0.0.1:8000
	$(BIN)/resonance demo $(ARGS)

test: $(READY) ## all tests, on SQLite and on a real PostgreSQL; ARGS="-k chain" for some of them
	$(BIN)/pytest -n 2 --dist loadgroup $(ARGS)

check: $(READY) ## lint, format, types and layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(READY) ## put the code into its one format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(READY) ## measure beside the peers; writes bench/RESULTS.md
	$(BIN)/python -m bench $(ARGS)

interop: ## have the programs that exports are made for read them; installs those too, half a gigabyte
	rm -f $(READY)
	$(MAKE) venv EXTRAS=test,interop
	$(BIN)/pytest tests/api/exports $(ARGS)

openapi: $(READY) ## write the description of the HTTP interface anew
	$(BIN)/flask --app api.app openapi write --format=json docs/openapi.json

constraints: ## take newer versions of the dependencies (needs uv)
	uv pip compile --quiet --upgrade --universal --python-version 3.11 --extra test --strip-extras \
		--no-emit-index-url --no-emit-find-links --no-annotate --no-header --output-file constraints.txt pyproject.toml
