"""models.toml: every fault is told at once, and no key is ever shown."""

import re
from pathlib import Path

import pytest

from bot.errors import ModelError, OperatorError
from bot.models.config import find_model, load_models

EXAMPLE = Path(__file__).parents[3] / "models.example.toml"
SMALL = '[tiny]\nbase_url = "http://127.0.0.1:1/v1"\nmodel = "m"\n'


@pytest.fixture
def write(tmp_path):
    """Return a function that writes models.toml and returns where."""

    def models(text):
        path = tmp_path / "models.toml"
        path.write_text(text, "utf-8")
        return path

    return models


def test_the_example_file_is_right():
    models = load_models(EXAMPLE)
    assert {"openai", "ollama", "llama-server", "vllm", "lm-studio", "openrouter"} == set(models)


def test_no_file_means_no_models(tmp_path):
    assert load_models(tmp_path / "models.toml") == {}
    with pytest.raises(OperatorError, match=r"copy models\.example\.toml to"):
        find_model("tiny", tmp_path / "models.toml")


def test_an_unknown_name_is_answered_with_the_known_ones(write):
    with pytest.raises(OperatorError, match="no model 'huge'; it has tiny"):
        find_model("huge", write(SMALL))


def test_all_faults_of_a_file_are_told_at_once(write):
    path = write(
        "stray = 1\n"
        "['no name']\n"
        "[a]\nmodel = 'm'\nbase_url = 'ftp://somewhere'\ntemperature = 9\n"
        "[b]\nmodel = 'm'\nbase_url = 'http://h/v1'\napi_kee = 'sk-canary'\n"
        "[c]\nmodel = 'm'\nbase_url = 'http://h/v1'\napi_key = 'sk-canary'\napi_key_env = 'K'\n"
        "[d]\nmodel = 'm'\nbase_url = 'http://me:sk-canary@h/v1'\n"
        "[e]\nmodel = 'm'\nbase_url = 'http://h/v1'\nheaders = { A = 'sk-canaryé' }\n"
        "[f]\nmodel = 'm'\nbase_url = 'http://h/v1'\napi_key = ['sk-canary']\n"
    )
    with pytest.raises(OperatorError) as error:
        load_models(path)
    lines = str(error.value).splitlines()
    assert lines[0] == f"{path} needs a correction:"
    assert [re.split("[: ]", line)[0] for line in lines[1:]] == [
        *("stray", "[no", "[a]", "[a]", "[b]", "[c]", "[d]", "[e]", "[f]")
    ]
    assert "[a] base_url: needs an address that begins with http:// or https://" in lines
    assert "[c] it: has api_key and api_key_env, where one of them is enough" in lines
    assert "canary" not in str(error.value)
    assert error.value.__cause__ is None


def test_a_file_that_is_not_toml_is_told_of(write):
    with pytest.raises(OperatorError, match="is not TOML"):
        load_models(write("[tiny\n"))


def test_a_key_may_stand_in_the_environment(write, monkeypatch):
    model = find_model("tiny", write(SMALL + 'api_key_env = "TINY_KEY"\n'))
    monkeypatch.delenv("TINY_KEY", raising=False)
    with pytest.raises(ModelError, match="environment variable TINY_KEY, which is not set"):
        model.key()
    monkeypatch.setenv("TINY_KEY", "sk-canary")
    assert model.key() == "sk-canary"


def test_a_key_may_stand_in_a_file_beside_models_toml(write):
    path = write(SMALL + 'api_key_file = "tiny.key"\n')
    model = find_model("tiny", path)
    with pytest.raises(ModelError, match=r"cannot be read from .*tiny\.key"):
        model.key()
    path.with_name("tiny.key").write_text("sk-canary\n")
    assert model.key() == "sk-canary"


def test_a_key_that_cannot_be_sent_is_refused_unseen(write):
    model = find_model("tiny", write(SMALL + 'api_key = "sk-canaryé"\n'))
    with pytest.raises(ModelError, match="characters that no key has") as error:
        model.key()
    assert "canary" not in f"{error.value!r} {model!r}"
