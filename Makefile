# Everything runs in .venv, made from this checkout with Python 3.11 and the package index alone.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test explore check lint wheel evaluate clean

$(VENV)/.demo: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --upgrade pip
	$(BIN)/pip install --quiet -e .
	touch $@

$(VENV)/.dev: $(VENV)/.demo
	$(BIN)/pip install --quiet -e '.[dev]'
	touch $@

demo: $(VENV)/.demo
	mkdir -p demo-out
	$(BIN)/ie tag corpus/reports/d1-01.txt -o demo-out/demo.jsonl
	$(BIN)/ie show demo-out/demo.jsonl
	$(BIN)/ie show demo-out/demo.jsonl --html demo-out/demo.html

test: $(VENV)/.dev
	$(BIN)/python -m pytest

# Property tests with new random examples, ten times as many as in the suite.
explore: $(VENV)/.dev
	$(BIN)/python -m pytest -m hypothesis --hypothesis-profile explore

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check: lint test

wheel: $(VENV)/.dev
	$(BIN)/python -m build --wheel

evaluate: $(VENV)/.dev
	$(BIN)/python -m evaluation run
	$(BIN)/python -m evaluation render

clean:
	rm -rf $(VENV) demo-out dist build
