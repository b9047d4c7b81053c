# make demo | make test | make stop | make clean | make help
# What is set on the command line, such as HISTORY=file.csv, the scripts get as environment.
.DEFAULT_GOAL := help
.PHONY: demo test lint bench pages quality stop clean help

demo: ## A running Odoo with a year of orders and recommendations (HISTORY=file.csv, ODOO_DEB=file, ODOO_HOME=folder)
	@scripts/demo.sh

test: ## Everything that is checked: lint, types, unit tests, Odoo and browser tests
	@scripts/test.sh

lint: ## Lint and types only
	@scripts/lint.sh

bench: ## Speed and quality on Online Retail II, held against bench/baseline.json (BENCH="--store")
	@bench/run.sh $(BENCH)

pages: ## What it takes to open each page, beside Odoo's own, with 20 and 50 salespeople (PAGES="--salespeople 20")
	@bench/pages.sh $(PAGES)

quality: ## Our lists beside the peers on the same splits, with tables and plots (QUALITY="--short": in minutes)
	@bench/quality.sh $(QUALITY)

stop: ## Stops Odoo and PostgreSQL
	@scripts/stop.sh

clean: stop ## Removes everything that the other commands made
	@scripts/clean.sh

help: ## This list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 10
