# What each target needs is set up by the target itself: a Debian machine with Python 3.11 is enough.

PYTHON ?= python3.11
DATA ?= ../shared/data
BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: help setup demo test fuzz check evaluate bench train screenshots atlas topics words clean

help: ## Show the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: .venv/runtime ## Make .venv, with the gazetteer command in it

demo: .venv/runtime ## Read the pages in examples/, keep them, and say where to look
	@mkdir -p build
	@echo "Two of the pages are no articles, and are refused:"
	@$(BIN)/gazetteer digest examples --tags examples/tags.toml --html build/demo.html || test $$? -eq 1
	@$(BIN)/gazetteer add examples --tags examples/tags.toml --archive build/demo.sqlite 2>build/demo.log || test $$? -eq 1
	@echo
	@echo "All digests as one page:        file://$(CURDIR)/build/demo.html"
	@echo "The same as a site, to search:  $(BIN)/gazetteer serve --archive build/demo.sqlite --tags examples/tags.toml"

test: .venv/dev .venv/ray .venv/chromium .venv/postgresql ## Run the tests, browser and gate included
	$(PYTEST)

fuzz: .venv/dev .venv/ray .venv/chromium .venv/postgresql ## Run the tests with other examples each time (FUZZ_FLAGS)
	$(PYTEST) --hypothesis-profile=fuzz $(FUZZ_FLAGS)

check: .venv/dev ## Check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

evaluate: .venv/dev .venv/evaluation ## Measure everything on $(DATA), hold it to the floors, write evaluation/report.json
	$(BIN)/python -m evaluation --data $(DATA)

bench: .venv/dev .venv/evaluation ## Compare speed and memory with peers, in one run
	$(BIN)/python -m evaluation.bench --data $(DATA)

TRAIN = MALLOC_MMAP_THRESHOLD_=4294967296 MALLOC_TRIM_THRESHOLD_=17179869184 $(BIN)/python -m training.train \
	--data $(DATA) --start $(START) $(TRAIN_FLAGS)
MADE := build/training

train: .venv/dev .venv/evaluation .venv/training ## Train the model anew (START, TEACHER: model.safetensors of all-MiniLM-L6-v2, all-mpnet-base-v2; TRAIN_FLAGS)
	@test -n "$(START)" -a -n "$(TEACHER)" || { echo "Say where the starting weights are: make train START=…/model.safetensors TEACHER=…/model.safetensors" >&2; exit 2; }
	$(TRAIN) --out $(MADE)/teacher --begin $(TEACHER) --passes 2 --peak 1e-4
	$(TRAIN) --out $(MADE)/reader --teachers $(MADE)/teacher/reader.pt --passes 7 --hide 0.04
	$(BIN)/python -m training.calibrate --weights $(MADE)/reader/reader.pt --data $(DATA) \
		--tokenizer $(dir $(START))tokenizer.json --out $(MADE)/calibrated.pt
	mkdir -p $(MADE)/model
	cp src/gazetteer/model/topics.npz src/gazetteer/model/words.npz $(MADE)/model
	$(BIN)/python -m training.export --weights $(MADE)/calibrated.pt --tokenizer $(dir $(START))tokenizer.json \
		--out $(MADE)/model --version new
	$(BIN)/python -m training.words --data $(DATA) --model $(MADE)/model
	$(BIN)/python -m training.topics --data $(DATA) --model $(MADE)/model
	@echo "The model is in $(MADE)/model: python -m evaluation.mentions --model $(MADE)/model measures it."

screenshots: .venv/dev .venv/chromium ## Take the pictures of the documentation anew
	$(BIN)/python -m tools.screenshots

atlas: .venv/dev .venv/atlas ## Make the table of places anew, from GeoNames and ISO 3166 as packaged
	$(BIN)/python -m training.atlas

topics: .venv/dev ## Make the table of Media Topics anew, from IPTC's and the labelled articles
	$(BIN)/python -m training.topics --data $(DATA)

words: .venv/dev .venv/evaluation ## Make the table of rated words anew, and fit what they count
	$(BIN)/python -m training.words --data $(DATA)

.venv/made:
	@sh tools/need-venv $(PYTHON)
	$(PYTHON) -m venv .venv
	@touch $@

.venv/runtime: .venv/made requirements/runtime.txt pyproject.toml
	$(PIP) install --no-deps --require-hashes -r requirements/runtime.txt
	$(PIP) install --no-deps --require-hashes -r requirements/build.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

.venv/dev: .venv/runtime requirements/dev.txt
	$(PIP) install --no-deps --require-hashes -r requirements/dev.txt
	@touch $@

.venv/ray: .venv/runtime requirements/ray.txt
	$(PIP) install --no-deps --require-hashes -r requirements/ray.txt
	@touch $@

.venv/evaluation: .venv/runtime requirements/evaluation.txt
	$(PIP) install --no-deps --require-hashes -r requirements/evaluation.txt
	@touch $@

# PyTorch is not pinned by hash: which build is right (CPU, CUDA) is the machine's to say.
.venv/training: .venv/runtime requirements/training.txt
	$(PIP) install torch==2.13.0
	$(PIP) install --require-hashes -r requirements/training.txt
	@touch $@

.venv/atlas: .venv/runtime requirements/atlas.txt
	$(PIP) install --require-hashes -r requirements/atlas.txt
	@touch $@

.venv/chromium: .venv/made
	@sh tools/need-chromium
	@touch $@

.venv/postgresql: .venv/made
	@sh tools/need-postgresql
	@touch $@

clean: ## Remove all that the targets made
	rm -rf .venv build .mypy_cache .ruff_cache .pytest_cache .hypothesis
