# Needs GNU make and Python 3.11 or newer; everything else goes into .venv.

VERSIONS := 3.11 3.12 3.13
# These get a process of their own, in which no other test has left anything behind.
ALONE := tests/test_threads.py tests/test_privacy.py
# What depends on the Python beneath: what is made with pydantic and experta, read, written, packed and
# installed. What is computed is the same on each: a record that one Python writes another replays.
ON_EACH := tests/case tests/inference tests/knowledge tests/pack tests/report tests/cli/test_cli.py \
  tests/interview/test_session_file.py tests/serving/test_guard.py \
  tests/rest/test_diagnosis.py tests/test_determinism.py tests/test_embedding.py \
  tests/test_hostile.py tests/test_imports.py tests/test_packaging.py
PYTEST := pytest -n 2 --dist loadgroup
APART := pytest -n 2 --dist loadfile

# The first of some interpreters that runs (a pyenv shim may not), can make a venv and is new enough.
first = $(shell for python in $(1); do "$$python" -c \
  'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
  && command -v "$$python" && break; done)
# One version of Python, by its name or from pyenv.
version = $(call first,python$(1) $(wildcard $(HOME)/.pyenv/versions/$(1).*/bin/python3))
PYTHON ?= $(call first,python3.13 python3.12 python3.11 python3 \
  $(wildcard $(HOME)/.pyenv/versions/3.1[1-3].*/bin/python3))

.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:
.PHONY: help demo schema prove record test test-others test-spark test-all $(VERSIONS:%=test-%) fuzz fix bench \
  mutate mutate-code lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

demo: .venv/ready ## diagnose one example
	.venv/bin/diagnoser diagnose facts/examples/storage-is-full.json

test: .venv/ready ## every check: style, types, import contracts, tests
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports --no-logo
	.venv/bin/$(PYTEST) $(ALONE:%=--ignore %)
	.venv/bin/$(APART) $(ALONE)

test-others: $(VERSIONS:%=test-%) ## what depends on the Python, on the other ones found here

test-spark: ## diagnose_arrow in a real Spark: needs Java 17, and loads 450 MB once
	@if command -v java >/dev/null; then $(MAKE) --no-print-directory .venv-spark/ready \
	  && .venv-spark/bin/pytest tests/fleet/test_spark.py; else echo "Java: not found, Spark is skipped"; fi

test-all: test test-others test-spark ## test, test-others and test-spark

$(VERSIONS:%=test-%): test-%:
	@if [ -e .venv/bin/python$* ]; then echo "Python $*: is what make test uses"; \
	elif [ -z "$(call version,$*)" ]; then echo "Python $*: not found, skipped"; \
	else $(MAKE) --no-print-directory .venv-$*/ready .venv/ready \
	  && HYPOTHESIS_PROFILE=quick .venv-$*/bin/$(PYTEST) $(ON_EACH) && .venv-$*/bin/$(APART) $(ALONE) \
	  && rm -f .venv-$*/record && .venv/bin/diagnoser diagnose facts/examples/several-causes.json \
	    --record .venv-$*/record >/dev/null && .venv-$*/bin/diagnoser replay .venv-$*/record; fi

fuzz: .venv/ready ## ten thousand requests to the HTTP interface, allowed by its document or nearly
	FUZZ_CALLS=11000 .venv/bin/pytest tests/rest/test_fuzz.py

fix: .venv/ready ## repair style where a tool can
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

schema: .venv/ready ## renew facts/schema.json
	.venv/bin/diagnoser schema > facts/schema.json

prove: .venv/ready ## prove what is claimed of the knowledge, and renew rules/certificate.json
	.venv/bin/diagnoser check --prove --certificate rules/certificate.json

record: .venv/ready ## renew what the scenarios conclude, tests/scenarios/concluded.txt
	.venv/bin/python -m tests.mutation.concluded

mutate: .venv/ready ## the mutation score of the knowledge, some minutes; MUTATE=--all lists all that survive
	.venv/bin/python -m tests.mutation $(MUTATE)

# mutmut has needs of its own, so it has an environment of its own. What it makes is in .mutants/.
mutate-code: .venv-mutate/ready ## the same for the code that weighs, plans and chooses; CODE=belief for some of it
	.venv-mutate/bin/python -m tests.mutation.code $(CODE)

bench: .venv-bench/ready ## figures, other engines, simulated phones; BENCH=--quick for a short run
	.venv-bench/bin/python -m pip install --quiet --compile --no-deps --no-build-isolation --force-reinstall .
	.venv-bench/bin/python -m tests.benchmarks $(BENCH)

lock: .venv/ready ## renew tests/requirements.txt from pyproject.toml
	.venv/bin/python -m pip install --quiet uv
	.venv/bin/uv pip compile pyproject.toml --all-extras --group dev --universal --python-version 3.11 \
	  --generate-hashes --no-annotate --no-emit-index-url --no-emit-find-links --no-config --quiet \
	  --custom-compile-command "make lock" --output-file tests/requirements.txt

clean: ## remove what the targets above made
	rm -rf .venv .venv-3.* .venv-bench .venv-spark .venv-mutate .mutants .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

define install
@test -n "$(1)" || { echo "No Python 3.11 or newer with venv found." \
  "Debian: apt-get install python3-venv. Elsewhere: make PYTHON=path/to/python" >&2; exit 1; }
"$(1)" -m venv --clear $(@D)
$(@D)/bin/python -m pip install --quiet --no-compile --use-pep517 --require-hashes \
  --requirement tests/requirements.txt
$(@D)/bin/python -m pip install --quiet --no-deps --no-build-isolation --editable .
@touch $@
endef

.venv/ready: pyproject.toml tests/requirements.txt
	$(call install,$(PYTHON))

# What cannot be installed here is left out of the comparison, which says so. All is compiled, as it
# is for somebody who installs it.
.venv-bench/ready: pyproject.toml tests/requirements.txt tests/benchmarks/requirements.txt
	$(call install,$(PYTHON))
	@grep -v '^#' tests/benchmarks/requirements.txt | while read -r peer; do \
	  $(@D)/bin/python -m pip install --quiet "$$peer" || echo "$$peer: not installed" >&2; done
	$(@D)/bin/python -m compileall -q $(@D)/lib || true

.venv-spark/ready: pyproject.toml tests/requirements.txt tests/fleet/spark-requirements.txt
	$(call install,$(PYTHON))
	$(@D)/bin/python -m pip install --quiet --requirement tests/fleet/spark-requirements.txt

.venv-mutate/ready: pyproject.toml tests/requirements.txt
	$(call install,$(PYTHON))
	$(@D)/bin/python -m pip install --quiet mutmut==3.8.1
	$(@D)/bin/python -m pip uninstall --quiet --yes diagnoser  # so that its mutants are imported
	@touch $@

.venv-%/ready: pyproject.toml tests/requirements.txt
	$(call install,$(call version,$*))
