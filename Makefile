# The commands of this house. `make run` and `make test` need nothing but a Python 3.12 or newer and a network.
.DEFAULT_GOAL := help
.PHONY: help run test check package verify evidence peers gpboost compare gallery picture docs texts reference pins machine-code clean
export PYTHON

bin := .venv/bin
ready := .venv/.ready

help:  ## list these commands
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

run: $(ready)  ## analyse the built-in example country into example-results/
	$(bin)/bayesmodel example --out example-results --force

test: check  ## checks and tests (minutes)
	$(bin)/python -m pytest -n auto --maxprocesses 4 --dist worksteal

check: $(ready)  ## lint, format, types, layers, spelling, dead code
	$(bin)/ruff check
	$(bin)/ruff format --check
	$(bin)/mypy
	$(bin)/lint-imports --no-cache
	$(bin)/codespell
	$(bin)/vulture

package: $(ready)  ## build sdist and wheel, and run the example from them in a bare environment (a minute)
	$(bin)/python .ci/package.py

verify: $(ready)  ## the slow statistical proofs (recovery, calibration)
	$(bin)/python -m pytest -m slow

evidence: $(ready)  ## recompute the figures of docs/evidence/ (needs ../shared/data)
	$(bin)/python -m benchmarks.evidence study-2017
	$(bin)/python -m benchmarks.evidence kwb-2021
	$(bin)/python -m benchmarks.evidence hands
	$(bin)/python -m benchmarks.evidence compare
	$(bin)/python -m benchmarks.evidence sense
	$(bin)/python -m benchmarks.evidence house
	$(bin)/python -m benchmarks.evidence truth
	$(bin)/python -m benchmarks.evidence sources
	$(bin)/python -m benchmarks.evidence report

gallery: $(ready)  ## draw the pictures of docs/pictures.md (the invented country, about a minute)
	$(bin)/python -m benchmarks.gallery

picture: $(ready)  ## draw the first picture of README and documentation again (about a minute)
	$(bin)/python -m benchmarks.first_picture

docs: $(ready)  ## make the site in docs/_build/html, notebooks included; a warning is a failure (minutes)
	$(bin)/sphinx-build -W --keep-going --quiet docs docs/_build/html

texts: $(ready)  ## collect the messages of the program and compile their translations
	$(bin)/python .ci/texts.py

reference: $(ready)  ## write docs/reference/study-file.md from the parts of a study
	$(bin)/python .ci/study_file.py

peers: $(ready)  ## the environment of bambi, for `make compare` (R and its packages come from the system)
	$(bin)/python -m venv .venv/peers
	.venv/peers/bin/pip install --quiet --disable-pip-version-check -r benchmarks/requirements.txt

gpboost: $(ready)  ## the environment of GPBoost, a peer in C++ (an optimum, no draws)
	$(bin)/python -m venv .venv/gpboost
	.venv/gpboost/bin/pip install --quiet --disable-pip-version-check gpboost==1.8.0 pandas==3.1.1

compare: $(ready)  ## this package and its peers side by side, into docs/benchmarks.md (hours)
	$(bin)/python -m benchmarks.compare

pins: $(ready)  ## renew requirements.txt from what `pip install .[development]` gives today
	rm -rf .venv/pins
	$(bin)/python -m venv .venv/pins
	.venv/pins/bin/pip install --quiet '.[development]'
	.venv/pins/bin/pip freeze --exclude bayesmodel-sae > requirements.txt.new
	@! grep -v '^[A-Za-z0-9._-]*==[A-Za-z0-9.]*$$' requirements.txt.new
	mv requirements.txt.new requirements.txt
	rm -rf .venv/pins

machine-code:  ## forget what was compiled, of these sources and of earlier ones
	find bayesmodel -name '*.nb[ic]' -delete

clean: machine-code  ## remove the environment and caches
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis docs/_build docs/reference/generated notebooks/results

# Installed again only when the pins or the project file change.
$(ready): requirements.txt pyproject.toml
	@python=$$(.ci/python) && echo "Setting up .venv with $$python (first time: a few minutes)" && $$python -m venv .venv
	$(bin)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	$(bin)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@echo "Compiling, so that the first command need not (a minute)"
	@$(bin)/python -W ignore .ci/machine_code.py || echo "That failed; the first fit will compile instead."
	@touch $@
