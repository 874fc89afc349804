# The two commands a newcomer needs: `make demo` and `make test`.

PYTHON ?= python3
PORT ?= 8069
SCALE ?= 1
RUN = SETUP_PYTHON=$(PYTHON) .env/venv/bin/python

.PHONY: help setup demo test test-core test-oca mutants lint bench rights i18n shell clean

help:
	@echo "make demo       a demo company on http://localhost:$(PORT) (PORT= changes it)"
	@echo "make test       every test: addons, browser tours, black box"
	@echo "make test-core  Odoo's own tests of sale and its neighbours, with our addons installed"
	@echo "make test-oca   OCA's tests of addons that hold orders too, with ours installed"
	@echo "make mutants    do the tests notice? mistakes put in one by one (MUTANTS= SEED= FEATURE=)"
	@echo "make lint       style and translations"
	@echo "make bench      timings in ratio to Odoo without the addons (SCALE= changes the size)"
	@echo "make rights     write docs/rights.md, the table of who may what, from the test that tries it"
	@echo "make i18n       bring the translation files up to date"
	@echo "make shell      a Python shell in the demo company"
	@echo "make clean      remove the environment, demo company included"

setup:
	@$(PYTHON) dev/setup.py

demo: setup
	@PORT=$(PORT) $(RUN) dev/demo.py

test: setup
	@$(RUN) dev/run_tests.py

test-core: setup
	@$(RUN) dev/run_tests.py core

test-oca: setup
	@$(RUN) dev/run_tests.py oca

mutants: setup
	@$(RUN) dev/mutants.py

lint: setup
	@$(RUN) dev/lint.py

bench: setup
	@SCALE=$(SCALE) $(RUN) dev/bench.py

rights: setup
	@RIGHTS_TABLE=write $(RUN) dev/run_tests.py rights

i18n: setup
	@$(RUN) dev/i18n.py

shell: setup
	@$(RUN) dev/odoo_cli.py shell -d sales_dept_demo

clean:
	rm -rf .env
