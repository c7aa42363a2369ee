# Everything a newcomer needs is Python 3.11 with venv, and make. `make help` lists what there is.
PYTHON ?= $(or $(firstword $(foreach p,python3.11 python3.12 python3.13 python3,$(if $(shell command -v $(p)),$(p)))),$(error \
  需要 Python 3.11–3.13 和它的 venv（Debian：apt install python3-venv）· Python 3.11 to 3.13 with venv is needed))
VENV := .venv
BIN := $(VENV)/bin
# Where it is set, each of the many processes a run starts compiles the whole house anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup run demo check test bench study soak spark fonts lock clean

help: ## 这份清单 · this list
	@$(PYTHON) -c 'import re; [print(f"  make {t:<8} {w}") for t, w in re.findall(r"^(\w+):.*?## (.*)$$", open("Makefile").read(), re.M)]'

setup: $(VENV)/run.ok ## 安装运行所需的软件包 · install what the platform needs (about a minute the first time)

run: $(VENV)/run.ok ## 装好、建好样例城市、打开门户 · set up, make the sample city, open the portal (PORT, XINQIAO_HOME)
	@$(BIN)/python -m xinqiao.cli.main run

demo: $(VENV)/run.ok ## 同上，做完即结束，输出 JSON 摘要 · the same without staying open; ends with a JSON summary
	@$(BIN)/python -m xinqiao.cli.main demo

check: $(VENV)/dev.ok ## 检查代码与清单 · format, lint, types, the house's layers, the catalogue, migrations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m xinqiao.cli.main catalogue check
	$(BIN)/python -m xinqiao.cli.main migrations check

test: $(VENV)/dev.ok ## 运行测试 · the tests (browser tests need Debian's chromium and skip loudly without it)
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder

bench: $(VENV)/dev.ok ## 测量速度 · speed, as ratios within one run
	$(BIN)/python -m xinqiao.cli.main bench

study: $(VENV)/dev.ok ## 用真实数据拟合、验证评分卡 · fit and validate scorecards on real outcomes (XINQIAO_REAL_DATA names their folder)
	$(BIN)/python -m xinqiao.cli.main study

soak: $(VENV)/dev.ok ## 长时间的破坏试验 · the long campaigns: 200 edits behind the log's back, 50 kills of intake, 100,000 answers raced by revocations, 400,000 firms on a cluster after make spark (SEED=n for others)
	@XINQIAO_SOAK=1 $(BIN)/python -m pytest -n 0 -s -m soak tests

spark: $(VENV)/spark.ok ## 装上 Spark（需要 Java 17）· Spark for `evaluate --engine spark` (needs Java 17; a download of 320 MB)

$(VENV)/spark.ok: $(VENV)/run.ok requirements/build.lock

$(VENV)/%.ok: requirements/%.lock $(VENV)/bin/python
	@$(PYTHON) requirements/install.py $(VENV) $*

# Made with the packages; where it is missing, or its Python is gone, they are installed anew.
$(VENV)/bin/python: ;

fonts: ## 系统没有中文字体时，取来生成 PDF 用的字体 · fonts for PDF reports where the system has none (needs npm)
	@$(PYTHON) requirements/fonts.py

lock: ## （开发者）更新依赖锁 · (developers) renew requirements/*.lock; needs uv on the path (pip install uv)
	uv pip compile pyproject.toml --extra embedded --universal -p 3.11 --generate-hashes --no-emit-index-url --no-header -q -o requirements/run.lock
	uv pip compile pyproject.toml --extra embedded --extra fitting --group dev --universal -p 3.11 --generate-hashes --no-emit-index-url --no-header -q -c requirements/run.lock -o requirements/dev.lock
	printf 'setuptools\nwheel\n' | uv pip compile - --universal -p 3.11 --generate-hashes --no-emit-index-url --no-header -q -c requirements/dev.lock -o requirements/build.lock
	printf 'pyspark>=3.5.9,<3.6\n' | uv pip compile - --universal -p 3.11 --generate-hashes --no-emit-index-url --no-header -q -o requirements/spark.lock

clean: ## 删除环境和缓存，数据保留 · remove the environment and caches; the data stay
	@$(PYTHON) -c 'import glob, shutil; [shutil.rmtree(p, ignore_errors=True) for p in ("$(VENV)", "build", ".mypy_cache", ".ruff_cache", \
	  ".import_linter_cache", ".hypothesis", *glob.glob("*.egg-info"), *glob.glob("*/**/__pycache__", recursive=True))]'
