"""Local models as an operator meets them: typed commands, budgets."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.administration import Payer
from bot.models.budget import Budgeted, Spending
from bot.store.sql_store import SqlStore

ROOT = Path(__file__).parents[4]


@pytest.fixture
def typed(parlour, settings, models):
    """Return a function that runs a command where tiny and talking are set up."""

    def run(*arguments, **environment):
        return parlour(*arguments, PARLOUR_MODELS_FOLDER=str(models), **environment)

    return run


def test_a_local_model_plays_in_the_terminal(typed):
    done = typed("play", "tic-tac-toe", "--seat", "Ann=house:hard", "--seat", "Bob=model:tiny")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Bob is the model tiny." in done.stdout
    assert "Result: " in done.stdout
    assert "did not answer" not in done.stdout


def test_a_trial_and_the_doctor_ask_local_models_too(typed, settings):
    tried = typed("models", "test", "talking")
    assert (tried.returncode, tried.stderr) == (0, "")
    assert "talking: talking.gguf at this machine" in tried.stdout
    assert "JSON: by schema" in tried.stdout
    settings.models.write_text('[tiny]\nfile = "tiny.gguf"\n[gone]\nfile = "gone.gguf"\n')
    examined = typed("doctor")
    assert examined.returncode == 1
    assert "ok    Model tiny at this machine answered in" in examined.stdout
    assert "FAIL  There is no file 'gone.gguf' in" in examined.stdout


def test_a_bench_has_a_line_for_each_number_of_conversations(typed):
    done = typed("models", "bench", "tiny", "--tokens", "4")
    assert (done.returncode, done.stderr) == (0, "")
    _, head, *lines = done.stdout.splitlines()
    assert "tokens/s" in head
    assert [int(line.split()[0]) for line in lines] == [1, 4, 8, 16, 32]
    assert [int(line.split()[8]) for line in lines] == [4, 16, 32, 64, 128]


def test_serve_answers_until_it_is_told_to_stop(settings, models, tmp_path):
    command = [sys.executable, str(ROOT / "bot.py"), "models", "serve", "talking", "--port", "0"]
    given = {**os.environ, "PARLOUR_MODELS_FOLDER": str(models)}
    with subprocess.Popen(
        command, cwd=tmp_path, env=given, stdout=subprocess.PIPE, text=True
    ) as served:
        address = next(word for word in served.stdout.readline().split() if "http" in word)
        with urllib.request.urlopen(f"{address}/models", timeout=10) as answer:
            assert json.load(answer)["data"][0]["id"] == "talking"
        served.send_signal(signal.SIGTERM)
        assert served.wait(10) == 0


@pytest.mark.parametrize("command", ["serve", "bench"])
def test_a_model_behind_a_server_is_neither_served_nor_measured(typed, settings, command):
    with settings.models.open("a") as file:
        file.write('[far]\nbase_url = "http://127.0.0.1:9/v1"\nmodel = "m"\n')
    done = typed("models", command, "far")
    assert done.returncode == 1
    assert done.stderr == (
        "The model far is behind a server already; this is for files of this machine.\n"
    )


async def test_budgets_count_the_tokens_of_local_models_and_no_money(local, tmp_path):
    store = await SqlStore.open(tmp_path / "parlour.db")
    try:
        payer = Payer(1, 88)
        paid = Budgeted(local("tiny", max_tokens=9), Spending(store.accounts, payer, print))
        answer = await paid.complete([{"role": "user", "content": "Well?"}])
        spent = await store.accounts.spent(1, 88, datetime.now(UTC).date())
    finally:
        await store.close()
    used = spent.used
    assert (used.requests, used.tokens) == (1, answer.prompt_tokens + 9)
    assert used.money == 0
