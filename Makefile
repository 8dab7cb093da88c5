# make demo    set up what is missing and run the workflow on its simulated data set
# make test    set up what is missing, check the style and run all tests

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help demo test faults cluster lint bench setup setup-test clean

VENV ?= .venv
CORES ?= $(shell cores=$$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2); echo $$((cores < 8 ? cores : 8)))
DEMO := results/demo
SHORT := config/short.yaml
SITE := $(DEMO)/report/index.html
REPORT := $(DEMO)/report/report.html
# What is measured: the human set where the development data are, else the demo.
BENCHED := $(if $(wildcard ../shared/data/human),human,demo)
BENCHED_CONFIG := $(if $(filter human,$(BENCHED)),--configfile tests/real/human.yaml)

# The tools of the virtual environment come first; TensorFlow prints no banner.
RUN := export PATH="$(abspath $(VENV))/bin:$$PATH" TF_CPP_MIN_LOG_LEVEL=2;

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

demo: setup ## run the workflow on its simulated data set (CORES=N for N cores)
	@$(RUN) snakemake --cores $(CORES) --configfile $(SHORT)
	@$(RUN) if [ ! -f $(REPORT) ] || [ -n "$$(find $(DEMO) -newer $(REPORT) -type f -print -quit)" ]; then \
		mkdir -p $(dir $(REPORT)); \
		snakemake --configfile $(SHORT) --report $(REPORT); \
	fi
	@echo
	@echo "The demo is done. Look at"
	@echo "  $(SITE)    the pages to open first, in a browser"
	@echo "  $(REPORT)   Snakemake's own report: figures, jobs and code"
	@echo "  $(DEMO)/figures/                the figures, PDF and PNG"
	@echo "  $(DEMO)/formula/                the formula and its held-out performance"
	@echo "  $(DEMO)/truth/recovery.tsv      what was planted, and what was found of it"

# Long files first, so that both processes end at about the same time.
test: setup-test lint ## check the style and run all tests
	@$(RUN) python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not faults and not cluster" tests/workflow tests/unit

faults: setup-test ## kill a run thirty times and compare it with one that nothing happens to (a quarter of an hour)
	@$(RUN) python -m pytest -m faults -s

cluster: setup-test ## run the demo through a Slurm of one node and compare it with a local run (twenty minutes)
	@$(RUN) python -m pytest -m cluster -s tests/workflow/test_slurm.py

lint: setup-test ## check the style of Python and Snakemake files
	@$(RUN) ruff check .
	@$(RUN) ruff format --check .
	@$(RUN) snakefmt --check Snakefile workflow
	@$(RUN) snakemake --lint

bench: setup ## measure where a run's time goes, and what it costs beside the notebook's way and with larger input
	@$(RUN) if [ ! -f results/$(BENCHED)/report/index.html ]; then \
		snakemake --cores $(CORES) $(BENCHED_CONFIG); \
	fi
	@$(RUN) python benchmarks/stages.py results/$(BENCHED)
	@$(RUN) python benchmarks/notebook_way.py results/$(BENCHED)
	@$(RUN) python benchmarks/scaling.py

setup: ## install what the workflow needs into .venv
	@VENV="$(VENV)" bash envs/setup.sh workflow

setup-test: ## install what the tests need as well
	@VENV="$(VENV)" bash envs/setup.sh test

clean: ## remove the results of the demo and the caches of the tests
	rm -rf $(DEMO) .pytest_cache .ruff_cache
	find workflow tests -name __pycache__ -type d -prune -exec rm -rf {} +
