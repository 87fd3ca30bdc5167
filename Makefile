# Everything is installed below this folder; nothing outside it is touched.
SHELL := /bin/sh
PY ?= $(shell command -v python3.11 || command -v python3)
V := .venv/bin
export UV_PYTHON_DOWNLOADS := never
export UV_CACHE_DIR ?= $(CURDIR)/var/cache/uv
export UV_LINK_MODE ?= hardlink
export UV_SYSTEM_CERTS := 1
export PYTHONDONTWRITEBYTECODE ?=
READY := .venv/.ready

.PHONY: help run demo test check bench lock clean contracts

help:
	@echo "make run      start the whole house and say where to look   启动整套系统"
	@echo "make demo     one real matter, told step by step            演示一件真实的事"
	@echo "make test     every check                                    全部检查"
	@echo "make check    format, types, walls, quick examples           快速检查"
	@echo "make bench    speed, as ratios against the raw limit         性能对比"

$(READY): requirements.lock pyproject.toml shared/pyproject.toml $(wildcard services/*/pyproject.toml)
	@test -n "$(PY)" || { echo "Python 3.11 or newer is needed: install python3.11 and try again."; exit 1; }
	@$(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; $(PY) is `$(PY) -V`. Set PY=/path/to/python3.11."; exit 1; }
	@$(PY) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python's venv is needed: install the package python3-venv and try again."; exit 1; }
	@echo "setting up 正在安装 (once 仅一次)"
	@test -x $(V)/python || $(PY) -m venv .venv
	@test -x $(V)/uv || $(V)/python -m pip install -q --no-cache-dir --disable-pip-version-check "$$(sed -n 's/^uv==\([^ ]*\).*/uv==\1/p' requirements.lock)"
	@$(V)/uv pip sync -q --python $(V)/python requirements.lock
	@touch $@

run: $(READY)
	@$(V)/chancery up

demo: $(READY)
	@$(V)/chancery demo $(if $(TEXT),--text $(TEXT))

check: $(READY)
	@$(V)/ruff format --check -q .
	@$(V)/ruff check -q .
	@$(V)/basedpyright --warnings
	@$(V)/lint-imports --no-cache
	@$(V)/python -m chancery.contracts check
	@$(V)/pytest -n 2 --dist loadfile -m "not crash and not journey"

test: check
	@$(V)/pytest -m "crash or journey"

bench: $(READY)
	@$(V)/python -m chancery.bench

contracts: $(READY)
	@$(V)/python -m chancery.contracts write

lock: $(READY)
	@$(V)/uv lock -q --upgrade
	@$(MAKE) -s requirements

requirements:
	@$(V)/uv export -q --all-packages --format requirements.txt -o requirements.lock
	@sed -i '/^#/d' requirements.lock

clean:
	rm -rf .venv var
