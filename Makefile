# Thin on purpose: the work is in config/*.sh and config/*.py.
# PYTHON= names the interpreter for a new environment, PORT= the port of `make run`,
# ARGS= goes to pytest in `make test`.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup run test check bench

PORT ?= 8000
PYTHON ?=
export PYTHON
VENV_PYTHON := .venv/bin/python

help:
	@echo "make run     serve with demonstration data on 127.0.0.1:$(PORT) (PORT= changes it)"
	@echo "make test    every test: SQLite, then PostgreSQL and Redis where installed"
	@echo "make check   format, lint, types, import contract, migrations, translations, known vulnerabilities, then the tests"
	@echo "make bench   the benchmark table"
	@echo "make setup   only set up what is missing"

setup:
	@bash config/setup.sh

run: setup
	@exec $(VENV_PYTHON) -m config.embedded --port $(PORT) --stop-with-parent

test: setup
	@exec $(VENV_PYTHON) -m config.testrun $(ARGS)

check: setup
	@exec bash config/check.sh $(ARGS)

bench: setup
	@exec $(VENV_PYTHON) -m tests.bench
