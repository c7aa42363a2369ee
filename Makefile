# Everything a newcomer needs is Python 3.11 with venv, and make. `make help` lists what there is.
PYTHON ?= $(firstword $(foreach p,python3.11 python3.12 python3.13 python3,$(if $(shell command -v $(p)),$(p))))
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --disable-pip-version-check --no-input --require-hashes --only-binary :all:

.DEFAULT_GOAL := help
.PHONY: help setup run demo check test bench soak lock clean

help: ## this list
	@$(PYTHON) -c 'import re; [print(f"  make {t:<8} {w}") for t, w in re.findall(r"^(\w+):.*?## (.*)$$", open("Makefile").read(), re.M)]'

setup: $(VENV)/run.ok ## install what the platform needs (about a minute the first time)

run: $(VENV)/run.ok ## set everything up, make the sample city, open the portal (PORT, XINQIAO_HOME)
	@$(BIN)/python -m xinqiao.cli.main run

demo: $(VENV)/run.ok ## the same without staying open; ends with a JSON summary
	@$(BIN)/python -m xinqiao.cli.main demo

check: $(VENV)/dev.ok ## format, lint, types, the house's layers, the catalogue, migrations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m xinqiao.cli.main catalogue check
	$(BIN)/python -m xinqiao.cli.main migrations check

test: $(VENV)/dev.ok ## the tests (browser tests need Debian's chromium and skip loudly without it)
	$(BIN)/python -m pytest -n 2

bench: $(VENV)/dev.ok ## speed, as ratios within one run
	$(BIN)/python -m xinqiao.cli.main bench

soak: $(VENV)/dev.ok ## the long campaigns: 200 edits behind the log's back, 50 kills of intake (SEED=n for others)
	@XINQIAO_SOAK=1 $(BIN)/python -m pytest -n 0 -s -m soak tests/soak

# Plain pip with hashes: one moving part fewer than anything faster.
$(VENV)/bin/python:
	@echo "建立 Python 环境 · making the Python environment ($(VENV))"
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "需要 Python 3.11–3.13 和它的 venv（Debian：python3-venv）· Python 3.11 to 3.13 with venv is needed"; exit 1; }

$(VENV)/run.ok: requirements/run.lock | $(VENV)/bin/python
	@echo "安装运行所需的软件包，首次约 1 分钟 · installing packages, about a minute the first time"
	@$(PIP) -r requirements/run.lock
	@$(BIN)/python requirements/link.py
	@echo done > $@

$(VENV)/dev.ok: requirements/dev.lock | $(VENV)/bin/python
	@echo "安装开发与测试所需的软件包 · installing packages for development and tests"
	@$(PIP) -r requirements/dev.lock
	@$(BIN)/python requirements/link.py
	@echo done > $@
	@echo done > $(VENV)/run.ok

lock: ## (developers) renew requirements/*.lock; needs uv on the path
	uv pip compile pyproject.toml --extra embedded --universal -p 3.11 --generate-hashes --no-emit-index-url --no-header -q -o requirements/run.lock
	uv pip compile pyproject.toml --extra embedded --group dev --universal -p 3.11 --generate-hashes --no-emit-index-url --no-header -q -c requirements/run.lock -o requirements/dev.lock

clean: ## remove the environment and caches; the data stay
	$(PYTHON) -c 'import shutil; [shutil.rmtree(p, ignore_errors=True) for p in ("$(VENV)", ".mypy_cache", ".ruff_cache", ".import_linter_cache")]'
