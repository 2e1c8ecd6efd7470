"""How a model's server may misbehave, and what the table hears of it."""

import logging
import socket
import subprocess
import sys
import time
import tracemalloc

import pytest

from bot.errors import ModelError
from games.core import Ask
from tests.faulty_model import Mode

ASK = Ask("Rock, paper, or scissors?", choices=("rock", "paper", "scissors"))
SCHEMA = ASK.json_schema()
HELLO = ({"role": "user", "content": "Hello?"},)

FAULTS = {
    Mode.TOO_MANY: "is asked too often (“Slow down.”)",
    Mode.BROKEN: "has trouble on its server (status 500) (“CUDA out of memory”)",
    Mode.BROKEN_FLOOD: "has trouble on its server (status 500)",
    Mode.BAD_KEY: "was refused (status 401); check its key",
    Mode.HTML: "answered with a web page; check base_url",
    Mode.ERROR_200: "reported an error (“No backend is free.”)",
    Mode.NO_CHOICES: "sent no answer",
    Mode.NULL: "sent an empty answer",
    Mode.WRONG_TYPES: "sent something that is no chat answer",
    Mode.NESTED: "sent something that is no chat answer",
    Mode.TRUNCATED: "sent something that is no chat answer, or only part of one",
    Mode.CLEAN_CUT: "broke off in the middle of its answer",
    Mode.CUT_SHORT: "was cut off before its answer was complete; raise max_tokens",
    Mode.FILTERED: "was stopped by its provider's content filter",
    Mode.DRIP: "gave no whole answer within 1 s",
    Mode.KEEP_ALIVE: "gave no whole answer within 1 s",
    Mode.FLOOD: "sent far more than an answer",
    Mode.LINE_FLOOD: "sent far more than an answer",
    Mode.RESET: "broke off the connection",
    Mode.HANG: "gave no whole answer within 1 s",
    Mode.REDIRECT: "sends requests on to another address",
    Mode.ECHO_KEY: "did not accept the request (status 400) (“What is this? …”)",
}


@pytest.mark.parametrize("mode", FAULTS)
async def test_every_fault_is_one_sentence_within_the_deadline(server, connect, key, mode, caplog):
    caplog.set_level(logging.INFO)
    server.mode = mode
    model = connect()
    await model._opened()
    began = time.monotonic()
    with pytest.raises(ModelError) as error:
        await model.complete(HELLO, schema=SCHEMA)
    assert time.monotonic() - began < 5
    assert str(error.value).startswith(f"The model parrot {FAULTS[mode]}")
    assert "\n" not in str(error.value)
    assert str(error.value).endswith(".")
    assert error.value.__cause__ is None
    for shown in (str(error.value), repr(error.value), repr(model), repr(model.settings)):
        assert key[:7] not in shown
        assert key[-4:] not in shown
    assert key not in caplog.text


LEGAL = (Mode.OK, Mode.THINKING, Mode.NO_SCHEMA, Mode.NO_STREAM, Mode.NO_STREAM_OPTIONS)


@pytest.mark.parametrize("mode", LEGAL)
async def test_every_way_to_answer_gives_json_that_fits_the_ask(server, connect, mode):
    server.mode = mode
    completion = await connect().complete(HELLO, schema=SCHEMA)
    assert completion.structured
    assert ASK.parse(completion.text) == "rock"


@pytest.mark.parametrize("mode", LEGAL)
async def test_every_way_to_answer_gives_plain_text(server, connect, mode):
    server.mode = mode
    completion = await connect().complete(HELLO)
    assert completion.text == "A good day to you all."
    assert not completion.structured
    assert 0 < completion.first <= completion.seconds < 5


async def test_tokens_are_counted_where_the_server_counts_them(server, connect):
    completion = await connect().complete(HELLO)
    assert (completion.prompt_tokens, completion.completion_tokens) == (20, 5)


async def test_a_server_without_schemas_is_asked_in_words_from_then_on(server, connect):
    server.mode = Mode.NO_SCHEMA
    model = connect()
    for _ in range(2):
        assert (await model.complete(HELLO, schema=SCHEMA)).structured
    sent = ["response_format" in request.body for request in server.requests]
    assert sent == [True, False, False]
    assert "one JSON object of this schema" in server.requests[-1].prompt


async def test_a_server_that_ignores_the_schema_is_asked_in_words_the_next_time(server, connect):
    server.mode, server.times = Mode.IGNORES_SCHEMA, 1
    model = connect()
    assert not (await model.complete(HELLO, schema=SCHEMA)).structured
    assert (await model.complete(HELLO, schema=SCHEMA)).structured
    assert "one JSON object of this schema" in server.requests[-1].prompt


async def test_a_server_that_must_take_the_schema_is_told_of_when_it_does_not(server, connect):
    server.mode = Mode.NO_SCHEMA
    with pytest.raises(ModelError, match="json_schema is not supported"):
        await connect(json_schema=True).complete(HELLO, schema=SCHEMA)


async def test_json_is_found_among_other_words(server, connect):
    server.says.append('Gladly:\n```json\n{"answer": "paper"}\n```\nGood luck!')
    completion = await connect().complete(HELLO, schema=SCHEMA)
    assert (completion.text, completion.structured) == ('{"answer": "paper"}', True)


async def test_a_plain_text_that_was_cut_off_counts_and_says_so(server, connect):
    server.mode = Mode.CUT_SHORT
    completion = await connect().complete(HELLO)
    assert (completion.text, completion.cut_off) == ("A good day", True)


async def test_thinking_without_end_is_no_answer(server, connect):
    server.says.extend(["<think> What if I said rock? But then"] * 2)
    with pytest.raises(ModelError, match="sent an empty answer"):
        await connect().complete(HELLO)


@pytest.mark.parametrize("mode", [Mode.BROKEN, Mode.ERROR_200, Mode.CLEAN_CUT, Mode.RESET])
async def test_a_passing_fault_is_tried_again(server, connect, mode):
    server.mode, server.times = mode, 1
    completion = await connect(seconds=30.0).complete(HELLO, schema=SCHEMA)
    assert completion.structured
    assert len(server.requests) == 2


async def test_a_server_is_left_alone_for_as_long_as_it_asks(server, connect):
    server.mode, server.times = Mode.TOO_MANY, 1
    completion = await connect(seconds=30.0).complete(HELLO)
    assert 1 <= completion.seconds < 5


async def test_a_wait_beyond_the_deadline_is_not_begun(server, connect):
    server.mode, server.retry_after = Mode.TOO_MANY, "3600"
    began = time.monotonic()
    model = connect(seconds=30.0)
    with pytest.raises(ModelError, match="asked too often"):
        await model.complete(HELLO)
    assert time.monotonic() - began < 10
    assert len(server.requests) == 1


async def test_a_prompt_does_not_follow_a_redirect(server, connect):
    server.mode = Mode.REDIRECT
    with pytest.raises(ModelError):
        await connect().complete(HELLO)
    assert [request.path for request in server.requests] == ["/v1/chat/completions"]


async def test_a_server_that_is_not_there_is_named(connect):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    where = f"http://127.0.0.1:{port}"
    with pytest.raises(ModelError, match=f"parrot cannot be reached at {where}; start its server"):
        await connect(base_url=f"{where}/v1").complete(HELLO)


@pytest.mark.parametrize("mode", [Mode.FLOOD, Mode.LINE_FLOOD, Mode.BROKEN_FLOOD])
async def test_a_flood_takes_little_memory(server, connect, mode):
    model = connect()
    await model.complete(HELLO)
    server.mode = mode
    tracemalloc.start()
    try:
        with pytest.raises(ModelError):
            await model.complete(HELLO)
        assert tracemalloc.get_traced_memory()[1] < 25_000_000
    finally:
        tracemalloc.stop()


async def test_a_key_in_the_environment_goes_to_no_server_it_was_not_meant_for(
    server, connect, monkeypatch
):
    for name in ("OPENAI_API_KEY", "OPENAI_ADMIN_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"):
        monkeypatch.setenv(name, "sk-of-another-server")
    await connect(api_key=None).complete(HELLO)
    assert "sk-of-another-server" not in str(server.requests[0].headers)


async def test_settings_of_the_server_are_in_the_request(server, connect, key):
    model = connect(
        temperature=0.5, max_tokens=9, headers={"X-Title": "Parlour"}, extra_body={"top_k": 1}
    )
    await model.complete(HELLO)
    (request,) = server.requests
    wanted = {"model": "tiny", "temperature": 0.5, "max_tokens": 9, "top_k": 1}
    assert wanted.items() <= request.body.items()
    assert request.headers["X-Title"] == "Parlour"
    assert request.headers["Authorization"] == f"Bearer {key}"


async def test_what_a_newer_server_turns_down_is_renamed_or_left_out(server, connect):
    server.mode = Mode.NEWER
    model = connect(temperature=0.5, max_tokens=9)
    for _ in range(2):
        await model.complete(HELLO, schema=SCHEMA)
    *_, request = server.requests
    assert len(server.requests) == 4
    assert model.without == {"temperature", "max_tokens"}
    assert request.body["max_completion_tokens"] == 9
    assert "response_format" in request.body


def test_nothing_loads_the_sdk_before_the_first_call():
    code = "import sys, bot.models.chat, bot.models.check; sys.exit('openai' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
