# Two commands do everything: `make play` and `make test`.

PYTHON ?= python3
BIN := .venv/bin
GAME ?=
# Hundreds of tests start a process, and each would compile all modules anew without it.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: play test check local more-games chaos secrets transcripts portraits lock bench clean

play: .venv/installed
	@$(BIN)/python bot.py play $(GAME)

test: .venv/installed-dev .venv/installed-games .venv/installed-local
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

check: .venv/installed-dev .venv/installed-games .venv/installed-local
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

local: .venv/installed-local  ## models that run on this machine

more-games: .venv/installed-games  ## chess, and the games of TextArena and PettingZoo

transcripts: .venv/installed-dev  ## write the golden transcripts anew; read the diff, it is a change of rules
	$(BIN)/python -m tests.games.transcripts

portraits: .venv/installed-dev  ## draw the PNG of each portrait in characters/portraits anew from its SVG
	$(BIN)/python -m tests.characters.portraits

chaos: .venv/installed-dev .venv/installed-local  ## kills: 1,000 of the store, 1,000 of the bot, 200 of a local model, 50 of a town; 10,000 forgeries; hours
	$(BIN)/python -m tests.chaos --kills 1000
	$(BIN)/python -m tests.chaos --kills 1000 --discord
	$(BIN)/python -m tests.chaos --kills 200 --worker
	$(BIN)/python -m tests.chaos --kills 50 --town
	FORGED=10000 $(BIN)/python -m pytest tests/bot/cogs/test_forgery.py

secrets: .venv/installed-dev .venv/installed-games  ## 1,000 random plays of each game with secrets, in which nobody may read one; minutes
	PLAYS=1000 $(BIN)/python -m pytest --numprocesses auto tests/games/test_secrets.py

lock:  ## pin the newest versions that pyproject.toml allows
	$(PYTHON) -m venv .venv-lock && .venv-lock/bin/pip install --quiet uv
	.venv-lock/bin/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" --output-file requirements.lock
	.venv-lock/bin/uv pip compile pyproject.toml --extra dev --constraint requirements.lock --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" --output-file requirements-dev.lock
	.venv-lock/bin/uv pip compile pyproject.toml --extra local --constraint requirements.lock --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" --output-file requirements-local.lock
	.venv-lock/bin/uv pip compile pyproject.toml --extra chess --extra pettingzoo --extra textarena --constraint requirements-dev.lock --constraint requirements-local.lock --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" --output-file requirements-games.lock
	rm -rf .venv-lock

.venv/installed: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Parlour needs Python 3.11 or newer; say which: make $(MAKECMDGOALS) PYTHON=python3.12")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Setting up Parlour, once; this takes about half a minute."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

.venv/installed-dev: requirements-dev.lock .venv/installed
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

.venv/installed-games: requirements-games.lock .venv/installed
	@echo "Setting up chess, TextArena and PettingZoo; about 150 MB."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-games.lock
	@touch $@

.venv/installed-local: requirements-local.lock .venv/installed
	@echo "Setting up local models; the first time, llama.cpp is compiled, which takes minutes."
	@CMAKE_ARGS="$${CMAKE_ARGS--DLLAVA_BUILD=OFF}" $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-local.lock
	@touch $@

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
