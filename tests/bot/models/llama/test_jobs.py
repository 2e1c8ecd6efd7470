"""What an engine may be asked."""

import pytest

from bot.models.llama.jobs import Sampling
from bot.models.llama.metrics import percentile
from bot.models.llama.settings import EngineSettings


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"temperature": float("nan")}, "temperature must be between 0 and 10"),
        ({"temperature": -1}, "temperature must be between 0 and 10"),
        ({"top_k": -1}, "top_k must not be negative"),
        ({"top_p": 0}, "top_p must be above 0 and at most 1"),
        ({"min_p": 2}, "min_p must be between 0 and 1"),
        ({"repeat_penalty": 0}, "repeat_penalty must be above 0"),
        ({"repeat_penalty": float("inf")}, "repeat_penalty must be above 0"),
        ({"max_tokens": 0}, "max_tokens must be 1 or more"),
        ({"stops": ("",)}, "stops must not be empty texts"),
        ({"grammar": ""}, "grammar must not be empty"),
        ({"grammar": "root ::= \0"}, "grammar must not hold a NUL"),
        ({"top_logprobs": 21}, "top_logprobs must be between 0 and 20"),
    ],
)
def test_what_llama_cpp_would_take_badly_is_refused(given, said):
    with pytest.raises(ValueError, match=said):
        Sampling(**given)


@pytest.mark.parametrize(
    "given", [{"sequences": 0}, {"sequences": 300}, {"context": 1}, {"batch": 4}, {"threads": 0}]
)
def test_an_engine_of_an_impossible_size_is_refused(given, tmp_path):
    with pytest.raises(ValueError, match="must"):
        EngineSettings(path=tmp_path / "model.gguf", **given)


def test_the_percentile_is_one_of_the_values():
    assert percentile([], 0.95) == 0
    assert percentile([3, 1, 2], 0.5) == 2
    assert percentile(range(1, 101), 0.95) == 95
