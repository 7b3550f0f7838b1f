# Everything that people and CI run. `make help` lists it.
SHELL := /bin/bash
BIN   := $(CURDIR)/.bin
export PATH := $(BIN):$(PATH)
export AFTERCARE_DATA ?= $(abspath $(CURDIR)/../shared/data)
# Tests make repositories of their own, also where git runs them from a hook.
unexport GIT_DIR GIT_INDEX_FILE GIT_WORK_TREE

ACT         := github.com/nektos/act@v0.2.89
ACTIONLINT  := github.com/rhysd/actionlint/cmd/actionlint@v1.7.12
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
AXE         := axe-core@4.14.1

# The programs: those that link DuckDB need a C++ compiler, the others nothing.
DUCKDB := $(patsubst %/main.go,./%,$(wildcard actions/snapshot/main.go actions/demo/main.go))
PLAIN  := $(filter-out $(DUCKDB),$(patsubst %/main.go,./%,$(wildcard actions/*/main.go)))

.DEFAULT_GOAL := all
.PHONY: all help demo reports docs check build test race test-full lint bench quality fuzz update release version clean tools compiler postgres pgbouncer chromium axe dovecot

all: build lint test ## build, lint and test

help: ## what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: compiler ## play three weeks of a beta, offline; HISTORY=issues.jsonl.gz plays a recorded repository, RULES=rules.yaml by your rules, SINCE=2026-01-24 from that day on
	@mkdir -p $(BIN)
	@echo 'Building the demo. It links DuckDB: the first time this takes a minute or more.'
	@GOGC=400 CGO_ENABLED=1 go build -trimpath -ldflags='-s -w' -o $(BIN)/demo ./actions/demo # a compiler need not save memory
	@$(BIN)/demo $(if $(HISTORY),-history '$(HISTORY)') $(if $(RULES),-rules '$(RULES)') $(if $(SINCE),-since '$(SINCE)')

reports: demo ## write reports/example anew, from the demo
	@rm -rf reports/example && cp -r .demo/reports reports/example

build: compiler ## build each program into .bin/
	@mkdir -p $(BIN)
	CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o $(BIN)/ $(filter-out ./actions/init,$(PLAIN))
	CGO_ENABLED=0 go build -trimpath -buildvcs=auto -ldflags='-s -w' -o $(BIN)/ ./actions/init # it pins the commit that it is of
	$(if $(DUCKDB),CGO_ENABLED=1 go build -trimpath -ldflags='-s -w' -o $(BIN)/ $(DUCKDB))

# Short mode bounds what repeats the same code many thousand times, and leaves out
# what takes minutes; `make test-full` bounds nothing.
test: compiler tools ## run every test, the repeated ones in part
	ACT=$(BIN)/act GOGC=400 go test -short -shuffle=on -timeout 20m ./actions/internal/app/... ./actions/demo ./... # the long ones first

race: compiler tools ## run the tests under the race detector, but for those that only compute or run whole workflows
	GOGC=400 go test -race -short -shuffle=on -timeout 40m ./...

test-full: compiler tools ## run every test whole
	ACT=$(BIN)/act go test -shuffle=on -timeout 60m ./...

lint: $(BIN)/actionlint $(BIN)/staticcheck ## check the code, its form and the workflows
	@test -z "$$(gofmt -l actions)" || { echo 'not formatted (run gofmt -w actions):'; gofmt -l actions; exit 1; }
	go vet ./...
	staticcheck ./...
	actionlint

bench: compiler ## measure speed and memory beside the commit before, or BASE=commit, into .bin/bench.md
	@mkdir -p $(BIN)
	@actions/bench.sh run $(BASE) | tee $(BIN)/bench.md

check: ## find the mistakes in rules.yaml; with GITHUB_TOKEN and REPOSITORY=owner/name try it on past issues
	@if grep -qw sql: rules.yaml; then $(MAKE) --no-print-directory $(BIN)/snapshot; fi # tries the SQL of own metrics
	AFTERCARE_SNAPSHOT=$$(ls $(BIN)/snapshot 2>/dev/null) go run ./actions/check $(if $(REPOSITORY),-repository $(REPOSITORY),-history 0)

QUALITY := $(addprefix ./actions/internal/,label urgent/corpus sentiment duplicates learn)

quality: ## how well labels, moods and near-duplicates are found, on data that people labelled
	AFTERCARE_QUALITY=full go test $(QUALITY) -run Quality -v -count=1
	go test ./actions/internal/sentiment -run '^$$' -bench Score -count=3

fuzz: ## run each fuzz test for 20 seconds
	@for package in $$(go list ./actions/...); do \
	  for target in $$(go test -list '^Fuzz' $$package | grep '^Fuzz'); do \
	    echo "$$package $$target"; go test -run '^$$' -fuzz "^$$target$$" -fuzztime 20s $$package || exit 1; \
	  done; done

docs: ## write the reference in actions/docs and the JSON Schema anew
	go test ./actions/internal/config -run Schema -update
	go test ./actions -run Reference -update

update: ## write the goldens anew
	go test ./actions/... -update

release: version compiler ## build what VERSION=v1.2.3 ships, as far as this machine can, into .bin/release/
	@mkdir -p $(BIN)/release && rm -f $(BIN)/release/*
	actions/release.sh programs $(BIN)/release
	actions/release.sh snapshot $(BIN)/release
	actions/release.sh manifest '$(or $(VERSION),v0.0.0)' $(BIN)/release >$(BIN)/prebuilt.txt
	mv $(BIN)/prebuilt.txt $(BIN)/release/
	actions/release.sh sbom $(BIN)/release

version:
	@actions/release.sh version '$(or $(VERSION),v0.0.0)'

clean: ## remove what was built
	rm -rf $(BIN)

.PHONY: $(BIN)/snapshot
$(BIN)/snapshot: compiler
	@mkdir -p $(BIN)
	@CGO_ENABLED=1 go build -trimpath -ldflags='-s -w' -o $@ ./actions/snapshot

tools: $(BIN)/act postgres pgbouncer chromium axe dovecot

# apt installs a package where apt is and may; a fresh machine has no list of
# packages yet, so it is fetched when the first try finds nothing.
apt = { command -v apt-get >/dev/null && { apt-get install -qq -y $1 || \
  { apt-get update -qq && apt-get install -qq -y $1; }; } >/dev/null 2>&1; }

# The tests that need these skip with a sentence where they are not.
postgres:
	@command -v postgres >/dev/null || ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 \
	  || $(call apt,postgresql) \
	  || echo 'PostgreSQL is not here, so its tests are skipped: install it (Debian: apt-get install postgresql)'

pgbouncer:
	@command -v pgbouncer >/dev/null || test -x /usr/sbin/pgbouncer \
	  || $(call apt,pgbouncer) \
	  || echo 'PgBouncer is not here, so its tests are skipped: install it (Debian: apt-get install pgbouncer)'

chromium:
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null \
	  || $(call apt,chromium) \
	  || echo 'Chromium is not here, so its tests are skipped: install it (Debian: apt-get install chromium)'

# axe-core finds what people with a screen reader or a keyboard cannot use on the
# pages. The test checks the sum of the script.
axe: $(BIN)/axe.min.js
$(BIN)/axe.min.js: actions/internal/report/axe_test.go
	@mkdir -p $(BIN)
	@{ command -v npm >/dev/null && cd $(BIN) && npm pack --silent $(AXE) >/dev/null && \
	  tar -xzOf axe-core-*.tgz package/axe.min.js >axe.min.js && rm axe-core-*.tgz && test -s axe.min.js; } \
	  || { rm -f $(BIN)/axe.min.js; echo 'axe-core is not here, so its test is skipped: it needs npm (Debian: apt-get install npm)'; }

dovecot:
	@command -v dovecot >/dev/null \
	  || $(call apt,dovecot-imapd) \
	  || echo 'Dovecot is not here, so its tests are skipped: install it (Debian: apt-get install dovecot-imapd)'

$(BIN)/act:
	GOBIN=$(BIN) go install $(ACT)

$(BIN)/actionlint:
	GOBIN=$(BIN) go install $(ACTIONLINT)

$(BIN)/staticcheck:
	GOBIN=$(BIN) go install $(STATICCHECK)

# DuckDB is linked into the snapshot program and needs a C++ compiler.
compiler:
	@command -v g++ >/dev/null || $(call apt,g++) \
	  || { echo 'g++ is needed to link DuckDB: install gcc and g++ (Debian: apt-get install g++)'; exit 1; }
