# Everything a developer types. `make help` lists it; CI calls the same targets.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
ARGS ?=
# A file of tests is run by one worker, with the servers that it starts.
WORKERS := -n auto --maxprocesses 8 --dist loadfile
PEERS := tests/bench/node_modules/.ready
TESTERS := tests/generators/node_modules/specmatic/specmatic.jar
CLIENTS := tests/rpc/node/node_modules/.ready
FRONTEND := tests/frontend/node_modules/.ready
OASDIFF := tests/review/bin/oasdiff
SPRING := tests/rpc/java/lib/.ready

.DEFAULT_GOAL := help
.PHONY: help setup serve clients browser generators test proofs mutants check parity oasdiff diff-peers equal-sides fuzz soak tinydb bench league tools dist generate pictures proto format clean

help: ## Show the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY) ## Make .venv with everything that is needed

$(READY): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --editable . --group dev
	@touch $@

serve: $(READY) ## Serve all four systems on http://127.0.0.1:7070 (more flags: ARGS="--port 0")
	@exec $(BIN)/watchword serve $(ARGS)

test: $(READY) ## Run the tests, a bounded fuzzing among them, and the proofs of what has changed (SINCE=REV: since then); skipped ones are named (ARGS=--no-skips: they fail)
	$(BIN)/python -m pytest $(WORKERS) $(ARGS)
	$(BIN)/python -m pytest -p tests.proofs --proofs --proofs-changed $(if $(SINCE),--proofs-since=$(SINCE)) $(ARGS)

clients: $(CLIENTS) $(FRONTEND) $(SPRING) ## Install the clients from npm and Maven Central that the tests call with; without them those tests are skipped

$(CLIENTS): tests/rpc/node/package-lock.json
	@command -v npm >/dev/null || { apt-get update -q && apt-get install -q -y nodejs npm; }
	npm ci --prefix tests/rpc/node --ignore-scripts --no-audit --no-fund --silent
	@touch $@

# Playwright drives the browser of `make browser`, never one that it downloads.
$(FRONTEND): tests/frontend/package-lock.json
	@command -v npm >/dev/null || { apt-get update -q && apt-get install -q -y nodejs npm; }
	PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --prefix tests/frontend --ignore-scripts --no-audit --no-fund --silent
	@touch $@

$(SPRING): tests/rpc/java/pom.xml
	-@command -v javac >/dev/null && command -v mvn >/dev/null || { apt-get update -q && apt-get install -q -y default-jdk-headless maven; }
	-mvn -q -B -f $< dependency:copy-dependencies -DoutputDirectory=lib && touch $@

browser: ## Install the browser that tests drive; without it those tests are skipped
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || { apt-get update -q && apt-get install -q -y chromium; }

generators: $(READY) ## Give the document to linters, generators and testers of others; their clients call the server (QUICK=1: as CI does)
	-@command -v npm >/dev/null || { apt-get update -q && apt-get install -q -y nodejs npm; }
	$(if $(QUICK),,-@command -v javac >/dev/null && command -v mvn >/dev/null || { apt-get update -q && apt-get install -q -y default-jdk-headless maven; })
	$(if $(QUICK),,-@command -v go >/dev/null || { apt-get update -q && apt-get install -q -y golang-go; })
	-npm ci --prefix tests/generators --ignore-scripts --no-audit --no-fund --silent $(if $(QUICK),--omit=optional)
	$(BIN)/python -m tests.generators $(if $(QUICK),--quick) $(ARGS)

proofs: $(READY) ## Run every test that proves a rule with that rule switched off: it has to fail
	$(BIN)/python -m pytest -p tests.proofs --proofs $(ARGS) tests

mutants: $(READY) ## Break every rule in every way, and run the tests that prove it: one has to fail (long; ARGS="--mutants-of weavr.nonce")
	$(BIN)/python -m pytest -p tests.proofs -p tests.mutants --mutants $(ARGS) tests

check: $(READY) ## Lint, types, import laws, generated files
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m tests.generate --check
	$(BIN)/python -m tests.generate.protos --check

parity: $(READY) ## Replay what real ZITADEL servers answered, and count equal, explained and unexplained (ARGS="--only 'v4.6/rest: auth*'")
	$(BIN)/python -m tests.parity $(ARGS)

oasdiff: $(OASDIFF) ## Install oasdiff from the Go module proxy, to compare with

$(OASDIFF):
	@command -v go >/dev/null || { apt-get update -q && apt-get install -q -y golang-go; }
	GOBIN=$(CURDIR)/$(@D) go install github.com/oasdiff/oasdiff@v1.37.0

diff-peers: $(READY) $(OASDIFF) ## Judge every seeded change of the document beside oasdiff, into docs/diff-peers.md and README
	$(BIN)/python -m tests.review.peers

equal-sides: $(READY) ## Compare the behaviour of two equal sides, in a thousand random walks of each system (ARGS="--walks 50 --random-seed 7")
	$(BIN)/python -m tests.review.equal_sides $(ARGS)

fuzz: $(READY) ## Fuzz the running server with Schemathesis: long, seeds varied (SEED=n repeats one)
	$(BIN)/python -m tests.contract $(if $(SEED),--seed $(SEED)) $(ARGS)

bench: $(READY) $(if $(AGAINST),,$(PEERS)) tools ## Measure speed and memory beside peers, into README and tests/bench/results (QUICK=1: a first look; AGAINST=REV: beside a commit, into reports/bench)
	@exec $(BIN)/python -m tests.bench $(if $(QUICK),--quick) $(if $(AGAINST),--against '$(AGAINST)') $(ARGS)

league: $(READY) $(PEERS) $(TESTERS) ## Let testers find mutants, ours and those of others, into README and tests/league/results: hours, and goes on where it stopped (ALL=1: all for us; ARGS="--only ours")
	-@command -v java >/dev/null || { apt-get update -q && apt-get install -q -y default-jre-headless; }
	$(BIN)/python -m tests.league $(if $(ALL),--all) $(ARGS)

$(TESTERS): tests/generators/package-lock.json
	-npm ci --prefix tests/generators --ignore-scripts --no-audit --no-fund --silent && touch $@

# Without them the bench and the league say which peer was not tried, and why.
$(PEERS): tests/bench/package-lock.json
	-npm ci --prefix tests/bench --ignore-scripts --no-audit --no-fund --silent && touch $@

tools: # What the bench and the README's commands need of the system
	@command -v curl >/dev/null || { apt-get update -q && apt-get install -q -y curl; }
	@command -v wrk >/dev/null || { apt-get update -q && apt-get install -q -y wrk; }
	-@command -v java >/dev/null || { apt-get update -q && apt-get install -q -y default-jre-headless; }

soak: $(READY) ## Kill the server KILLS times under load (500), and compare every acknowledged write
	$(BIN)/python -m tests.soak $(if $(KILLS),--kills $(KILLS)) $(if $(SEED),--seed $(SEED)) $(ARGS)

tinydb: $(READY) ## Run TinyDB's own tests over our tables, in memory and on a disk
	$(BIN)/python -m tests.stock_tinydb

dist: $(READY) ## Build the wheel and prove that it serves from an empty environment
	rm -rf dist build
	$(BIN)/python -m build --outdir dist
	$(BIN)/python -m tests.wheel dist

generate: $(READY) ## Write RULES.md, OUTCOMES.md, docs/pictures, fixtures/README.md, fixtures/hashes.json
	$(BIN)/python -m tests.generate

pictures: $(READY) $(FRONTEND) browser ## Photograph the window for the README
	$(BIN)/python -m tests.frontend.pictures

proto: $(READY) ## Write the Python code of our .proto files
	$(BIN)/python -m tests.generate.protos

format: $(READY) ## Format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean: ## Remove what was built
	rm -rf $(VENV) tests/bench/node_modules tests/rpc/node/node_modules tests/frontend/node_modules tests/rpc/java/lib tests/generators/node_modules build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis reports
