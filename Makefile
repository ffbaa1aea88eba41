# Every target does its own set-up; `make help` lists them. All state is in .cache (or $COMMERCE_CACHE).
SCENARIO ?= default
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

.PHONY: help
help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | while IFS="$$(printf '\t')" read -r name text; do printf '  make %-22s %s\n' "$$name" "$$text"; done

.PHONY: setup
setup: tools image chromium ## everything that the other targets need

.PHONY: tools
tools: ## Debian packages, the virtual environment, the collection's place
	@tools/setup tools

.PHONY: image
image: ## the image of the store containers
	@tools/setup containers

.PHONY: chromium
chromium: tools ## the browser that the HTML report is looked at with
	@tools/setup browser

.PHONY: demo
demo: tools image ## the main job on a small fleet: a table of before and after
	@tools/demo

.PHONY: test
test: ## what CI runs: checks, unit, package and contract tests, the core scenarios
	@tools/test

.PHONY: test-all
test-all: ## every check, every test, every scenario
	@tools/test --all

.PHONY: lint
lint: tools ## ruff, yamllint, shellcheck, ansible-lint, antsibull
	@tools/lint

.PHONY: format
format: tools ## lay out the Python files as lint wants them
	@tools/run ruff check --quiet --fix
	@tools/run ruff format --quiet

.PHONY: sanity
sanity: tools ## ansible-test sanity on a copy of the files that git knows
	@tools/sanity

.PHONY: unit
unit: tools ## unit tests
	@tools/run pytest tests/unit

.PHONY: browser
browser: tools chromium ## the HTML report in a headless browser
	@tools/run pytest tests/browser

.PHONY: package
package: tools ## the built tarball, installed and used without this checkout
	@tools/run pytest tests/package

.PHONY: engines
engines: tools ## the engines beyond one machine: execution environment, sliced jobs by ansible-runner, ansible-pull
	@tools/run pytest tests/engines

.PHONY: awx
awx: tools ## what extensions/awx makes in AWX, with its real modules against a stand-in for its API
	@tools/setup awx
	@tools/run pytest tests/awx

.PHONY: execution-environment
execution-environment: tools ## the context that the image of an execution environment is built from
	@tools/execution-environment

.PHONY: contract
contract: tools image ## the test Commerce against what the real one does
	@tools/run pytest tests/contract

.PHONY: molecule
molecule: tools image ## one scenario: make molecule SCENARIO=rollback
	@tools/molecule test --no-command-borders --scenario-name $(SCENARIO)

.PHONY: bench
bench: tools image chromium ## what an audit costs beside a ping, and a fleet of 1,000 stores, and a report of 5,000
	@tools/bench
	@tools/bench-scale
	@tools/bench-report

.PHONY: bench-scale
bench-scale: tools ## what a store costs in a fleet of 100 and of 1,000, files only
	@tools/bench-scale

.PHONY: bench-report
bench-report: tools chromium ## what the report of 5,000 stores takes to write and to use
	@tools/bench-report

.PHONY: bench-staged
bench-staged: tools image ## how long each step of a staged repair takes on a large store
	@tools/bench-staged

.PHONY: clean
clean: ## remove .cache and every container, network and image of this checkout
	@tools/clean
