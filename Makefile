# Two commands: make chat, make test. Both set up what they need; a second run reuses it.

PYTHON ?= $(shell for name in python3.13 python3.12 python3.11 python3 python; do \
	command -v $$name >/dev/null && $$name -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo $$name; break; }; done)
BIN := .venv/bin
INDEX ?= .removals-qa
PORT ?= 7860
REPORT ?= build/accuracy-$(shell date +%Y%m%d-%H%M%S)

.PHONY: chat test lint accuracy benchmarks clean

chat: .venv/.installed
	$(BIN)/removals-qa ingest documents/library --index $(INDEX) --prune
	$(BIN)/removals-qa chat --index $(INDEX) --port $(PORT)

# Two processes, each with one thread: two threads in both would wait for one another.
test: .venv/.test-installed browser tesseract libreoffice lint
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 --dist loadfile

lint: .venv/.test-installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Writes the README's table, too; nothing of it where a set is missing.
accuracy: .venv/.installed
	$(BIN)/python -m benchmarks.accuracy --report $(REPORT) --readme

benchmarks: .venv/.installed
	$(BIN)/python -m benchmarks.ingest
	$(BIN)/python -m benchmarks.query
	$(BIN)/python -m benchmarks.answers

# Chromium and its driver for the browser tests; without apt-get those tests say what is missing and are skipped.
.PHONY: browser
browser:
	@if ! command -v chromium >/dev/null || ! command -v chromedriver >/dev/null; then \
		if command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
			apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium chromium-driver >/dev/null; \
		else echo "Chromium and chromedriver are not installed: the browser tests will be skipped."; fi; fi

# Tesseract for the tests that read scans; without apt-get those tests say what is missing and are skipped.
.PHONY: tesseract
tesseract:
	@if ! command -v tesseract >/dev/null; then \
		if command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
			apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq tesseract-ocr tesseract-ocr-fra >/dev/null; \
		else echo "Tesseract is not installed: the tests that read scans will be skipped."; fi; fi

# LibreOffice for the tests of round trips; without apt-get those tests say what is missing and are skipped.
.PHONY: libreoffice
libreoffice:
	@if ! command -v soffice >/dev/null; then \
		if command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
			apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
				libreoffice-writer-nogui libreoffice-calc-nogui >/dev/null; \
		else echo "LibreOffice is not installed: the tests of round trips through it will be skipped."; fi; fi

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later with venv is needed; none was found."; exit 1; }
	$(PYTHON) -m venv .venv

.venv/.installed: .venv/bin/python constraints.txt pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[ocr]'
	@touch $@

.venv/.test-installed: .venv/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[test]'
	@touch $@

clean:
	rm -rf .venv .removals-qa build *.egg-info
