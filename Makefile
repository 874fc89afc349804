# The two commands a newcomer needs: `make demo` and `make test`.

PYTHON ?= python3
PORT ?= 8069
SCALE ?= 1
ONLY ?=
UPGRADE ?=
MODULES ?=
RUN = SETUP_PYTHON=$(PYTHON) .env/venv/bin/python

.PHONY: help setup demo test test-core test-oca test-upgrade mutants lint bench rights i18n lock shell clean

help:
	@echo "make demo       a demo company on http://localhost:$(PORT) (PORT= changes it)"
	@echo "make test       every test: addons, browser tours, black box"
	@echo "make test-core  Odoo's own tests of sale and its neighbours, with ours installed (MODULES= some of them)"
	@echo "make test-oca   OCA's tests of addons that hold orders too, with ours installed"
	@echo "make test-upgrade  a database of the oldest version in use, brought up to date with this one"
	@echo "make mutants    do the tests notice? mistakes put in one by one (MUTANTS= SEED= FEATURE=)"
	@echo "make lint       style and translations"
	@echo "make bench      timings in ratio to Odoo without the addons (SCALE= size, ONLY= subjects)"
	@echo "make rights     write docs/rights.md, the table of who may what, from the test that tries it"
	@echo "make i18n       bring the translation files up to date"
	@echo "make lock       pin what dev/requirements.in asks for (UPGRADE=--upgrade takes newer versions)"
	@echo "make shell      a Python shell in the demo company"
	@echo "make clean      remove the environment, demo company included"

setup:
	@$(PYTHON) dev/setup.py

demo: setup
	@PORT=$(PORT) $(RUN) dev/demo.py

test: setup
	@$(RUN) dev/run_tests.py

test-core: setup
	@MODULES="$(MODULES)" $(RUN) dev/run_tests.py core

test-oca: setup
	@$(RUN) dev/run_tests.py oca

test-upgrade: setup
	@$(RUN) dev/upgrade.py

mutants: setup
	@$(RUN) dev/mutants.py

lint: setup
	@$(RUN) dev/lint.py

bench: setup
	@SCALE=$(SCALE) ONLY=$(ONLY) PYTHONPATH=dev $(RUN) -m bench

rights: setup
	@RIGHTS_TABLE=write $(RUN) dev/run_tests.py rights

i18n: setup
	@$(RUN) dev/i18n.py

# Each version, for every Python that Odoo 19 runs on.
lock:
	@$(PYTHON) -m venv .env/lock
	@.env/lock/bin/pip install --quiet uv==0.13.9
	@.env/lock/bin/uv pip compile --universal --python-version 3.10 --annotation-style line --quiet $(UPGRADE) \
		--custom-compile-command "make lock" --output-file dev/requirements.txt dev/requirements.in

shell: setup
	@$(RUN) dev/odoo_cli.py shell -d sales_dept_demo

clean:
	rm -rf .env
