# `make demo` shows what Zhunsheng does, `make test` proves that it works, `make check` is the quick subset.
.PHONY: messages run demo test test-site test-browser test-postgresql site-faults check format lint types boundaries lock bench bench-records bench-site spark kill-test audit-quality gallery clean environment fonts
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
bin := .venv/bin

host ?= 127.0.0.1
port ?= 8000

# from the empty machine to the address of the site, with the year of Huadu and one account for each role
run: environment fonts
	@$(bin)/zhunsheng serve --demo --host $(host) --port $(port)

demo: environment fonts
	@$(bin)/zhunsheng demo --out out

test: environment fonts lint types boundaries
	@$(bin)/pytest -q -n 2 --ignore=tests/web --ignore=tests/workflow --ignore=tests/browser

# pages, actions, jobs and the interface for programs
test-site: environment fonts
	@$(bin)/pytest -q -n 2 tests/web tests/workflow

# everything but the documents and the slow tests
check: environment lint boundaries
	@$(bin)/mypy
	@$(bin)/pytest -q -n 2 -m "not slow and not real" --ignore=tests/documents --ignore=tests/web --ignore=tests/workflow --ignore=tests/browser

# a real browser before a real site: the year from end to end, keyboard, accessibility, weight
test-browser: environment fonts
	@scripts/setup.sh site
	@ZHUNSHENG_NEEDS_BROWSER=1 $(bin)/pytest -q -n 0 tests/browser

# the site's tests once more, on a PostgreSQL that is started for them and thrown away
test-postgresql: environment fonts
	@scripts/setup.sh site
	@scripts/with-postgresql.sh $(bin)/pytest -q -n 2 tests/web tests/workflow tests/store/database
	@ZHUNSHENG_NEEDS_BROWSER=1 scripts/with-postgresql.sh $(bin)/pytest -q -n 0 tests/browser/test_year_1_plan.py tests/browser/test_year_2_records.py tests/browser/test_year_3_evaluation.py tests/browser/test_year_4_report.py tests/browser/test_year_5_public.py

environment:
	@scripts/setup.sh environment

fonts:
	@scripts/setup.sh fonts

format: environment
	@$(bin)/ruff format .
	@$(bin)/ruff check --fix-only --quiet .

lint: environment
	@$(bin)/ruff format --check --quiet . || { echo "格式不一致：运行 make format"; exit 1; }
	@$(bin)/ruff check --quiet .

types: environment
	@$(bin)/mypy

boundaries: environment
	@$(bin)/lint-imports --no-cache 2>&1 | tail -n 12

bench: environment
	@$(bin)/python benchmarks/run.py

# the engine and the import against named baselines, on a generated city of full size; the engine's part is
# written to docs/performance.md
bench-records: environment
	@$(bin)/python benchmarks/engine/run.py
	@$(bin)/python benchmarks/intake/run.py

# the site at the size of a city: pages under load, first paint, people who all save at once on both databases; the world
# is made once and kept under var/bench-site; written to docs/performance.md
bench-site: environment
	@scripts/setup.sh site
	@$(bin)/python benchmarks/site/run.py

# the same answers from a real cluster: a master and two workers on this machine (needs Java 17)
spark: environment
	@scripts/setup.sh spark
	@$(bin)/pytest -q -n 0 tests/cluster

# 200 kill -9 at random moments of imports and compactions
kill-test: environment
	@$(bin)/python benchmarks/faults/kill.py

# kill -9 of the site's processes at random moments under load, on both databases
site-faults: environment
	@scripts/setup.sh site
	@$(bin)/python benchmarks/faults/site_killing.py --kills 60
	@scripts/with-postgresql.sh sh -c 'ZHUNSHENG_DATABASE="$$ZHUNSHENG_TEST_DATABASE" $(bin)/python benchmarks/faults/site_killing.py --kills 60'

# recall, precision, coverage and cost of the audit, written to docs/audit-quality.md
audit-quality: environment fonts
	@$(bin)/python benchmarks/audit/run.py
	@$(bin)/python benchmarks/audit/formats.py

# pictures of every page at two widths, into docs/gallery (under 3 MB)
gallery: environment fonts
	@$(bin)/python scripts/gallery.py

# the English catalogue of the site, brought up to what its pages say; fails while something has no English
messages: environment
	@$(bin)/python scripts/messages.py

lock: environment
	@$(bin)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url requirements.in -o requirements.lock --quiet
	@for extra in spark benchmark postgresql; do $(bin)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url requirements-$$extra.in -o requirements-$$extra.lock --quiet; done

clean:
	@rm -rf out .venv var .mypy_cache .ruff_cache .pytest_cache .hypothesis
