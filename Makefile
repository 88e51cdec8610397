# Every path here is relative, so that the checkout may lie in a folder of any name.
.DEFAULT_GOAL := help

# Which Python builds .venv; empty means the first on PATH that is new enough.
PYTHON ?=
# Passed on to pytest, the benchmarks or the demo, as in: make test ARGS="-k 街道"
ARGS ?=

export PYTHON
# Chinese output and Chinese folder names, whatever the locale.
export PYTHONUTF8 := 1

RUN := .venv/bin/python
# What runs, or also what tests, stands in .venv; where it already does, no index is asked.
INSTALL = @found=$$(sh launcher/find-python "$(PYTHON)") && "$$found" launcher/install.py
LOCK = uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-emit-index-url \
	--custom-compile-command "make lock" $(ARGS)

.PHONY: help setup demo demo-reset test test-slow check fix bench lock

help: ## 列出可用的命令
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' Makefile

setup: ## 只安装：按 requirements/ 里的锁建好 .venv，连同测试所需；已装好则不联网
	$(INSTALL) test

demo: ## 启动演示：安装运行所需、数据库、建表、网页，并打印地址；按 Ctrl-C 全部停止
	$(INSTALL) run
	@$(RUN) -m launcher.demo $(ARGS)

demo-reset: ## 清空演示数据库，重新开始演示
	$(INSTALL) run
	@$(RUN) -m launcher.demo --reset $(ARGS)

test: setup ## 在真正的 PostgreSQL 上运行全部测试；有 Chromium 时包括浏览器旅程
	@$(RUN) -m pytest -n 2 --dist loadgroup -m "not slow" $(ARGS)

test-slow: setup ## 运行时间较长的测试
	@$(RUN) -m pytest -n 2 --dist loadgroup -m slow $(ARGS)

check: setup ## 检查格式、类型、引用方向、迁移、模板和政策包
	$(RUN) -m ruff format --check .
	$(RUN) -m ruff check .
	$(RUN) -m mypy
	.venv/bin/lint-imports
	$(RUN) manage.py makemigrations --check --dry-run
	$(RUN) -m djlint --lint --quiet src
	.venv/bin/yihu policy check

fix: setup ## 自动修正格式和能自动修正的问题
	$(RUN) -m ruff check --fix .
	$(RUN) -m ruff format .

bench: setup ## 运行性能对比
	@$(RUN) -m bench $(ARGS)

lock: ## 按 requirements/*.in 重写锁，版本不动；要升级：make lock ARGS=--upgrade（需要 uv）
	$(LOCK) requirements/run.in -o requirements/run.lock
	$(LOCK) -c requirements/run.lock requirements/test.in -o requirements/test.lock
