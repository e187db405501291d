# make serve: the site, both languages, live.   make test: every check.   Windows or no make: see README.md.
PYTHON ?= python3
BIN := .venv/bin
export OMP_NUM_THREADS ?= 1
export NO_MKDOCS_2_WARNING ?= 1

.PHONY: serve build zensical test clean
.DEFAULT_GOAL := serve

serve: .venv/.site
	$(BIN)/python -m mkdocs serve

build: .venv/.site
	$(BIN)/python -m mkdocs build --strict

zensical: .venv/.test
	$(BIN)/python -m yansuan.site.zensical

test: .venv/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@mkdir -p build
	$(BIN)/mypy & types=$$!; $(BIN)/python -m yansuan.runs & runs=$$!; \
	  $(BIN)/python -m pytest -n 2; tests=$$?; wait $$types && wait $$runs && exit $$tests
	$(BIN)/python -m pytest -n 2 --dist worksteal -p no:cacheprovider tests/whole >build/whole.txt 2>&1 & whole=$$!; \
	  $(BIN)/python -m mkdocs build --strict && $(BIN)/python -m pytest -n 2 --dist worksteal tests/site; \
	  site=$$?; wait $$whole; whole=$$?; cat build/whole.txt; exit $$((site + whole))

.venv/.python:
	@echo "== creating .venv"
	$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Yansuan needs Python 3.11 or newer, this is " + sys.version)'
	$(PYTHON) -m venv .venv
	@touch $@

.venv/.site: pyproject.toml .ci/site.lock | .venv/.python
	@echo "== installing what the site needs (no torch)"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .ci/site.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

.venv/.test: .venv/.site
	@echo "== installing what the tests need (torch: a few minutes the first time)"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	@touch $@

clean:
	rm -rf site build .cache
