"""The local server, asked by the real client of OpenAI."""

import asyncio
import json
import os
import signal

import aiohttp
import openai
import pytest

from bot.models.llama.asking import Part, Unanswered
from bot.models.llama.openai_stream import Streamed
from bot.models.llama.registry import LocalModelSettings
from bot.models.llama.server import Server, exposed
from games.core import Ask

HELLO = [
    {"role": "developer", "content": "You tell stories."},
    {"role": "user", "content": [{"type": "text", "text": "Go on."}]},
]
GUESS = Ask("How many?", low=3, high=40)


@pytest.fixture
def red():
    given = {"name": "tiny", "file": "tiny.gguf", "adapters": {"red": {"file": "red.gguf"}}}
    return LocalModelSettings.model_validate(given)


@pytest.fixture
async def address(red, engines):
    async with Server(red, engines).listening() as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
async def client(address):
    async with openai.AsyncOpenAI(
        base_url=f"{address}/v1", api_key="none", max_retries=0, timeout=60
    ) as client:
        yield client


async def ask(client, **given):
    given = {"model": "tiny", "messages": HELLO, "max_tokens": 30, "seed": 3, **given}
    return await client.chat.completions.create(**given)


async def test_an_answer_comes_whole_or_in_parts_and_is_the_same(client):
    whole = await ask(client)
    [choice] = whole.choices
    assert choice.finish_reason == "length"
    assert whole.usage.completion_tokens == 30
    assert whole.usage.total_tokens == whole.usage.prompt_tokens + 30
    chunks = [
        chunk
        async for chunk in await ask(client, stream=True, stream_options={"include_usage": True})
    ]
    parts = [chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices]
    assert len(parts) > 10
    assert chunks[-2].choices[0].finish_reason == "length"
    assert chunks[-1].usage.completion_tokens == 30
    text = "".join(parts)
    assert text[:8] == choice.message.content[:8]  # the second one reuses what the first computed


async def test_a_schema_is_kept(client):
    schema = {"name": "answer", "strict": True, "schema": GUESS.json_schema()}
    wanted = {"type": "json_schema", "json_schema": schema}
    found = await ask(client, response_format=wanted, max_tokens=200)
    assert 3 <= json.loads(found.choices[0].message.content)["answer"] <= 40
    with pytest.raises(openai.BadRequestError):
        await ask(client, response_format={"type": "json_object"})
    with pytest.raises(
        openai.BadRequestError, match=r"- The response_format needs its json_schema\.$"
    ):
        await ask(client, response_format={"type": "json_schema"})
    for wrong in ({"type": "object", "oneOf": []}, {"type": "string", "minLength": "a"}):
        wanted = {"type": "json_schema", "json_schema": {**schema, "schema": wrong}}
        with pytest.raises(
            openai.BadRequestError, match=r"- The schema.* no grammar is made for\.$"
        ):
            await ask(client, response_format=wanted)


async def test_each_token_has_its_log_probability(client):
    found = await ask(client, logprobs=True, top_logprobs=2, temperature=0)
    told = found.choices[0].logprobs.content
    assert len(told) == 30
    for token in told:
        assert token.logprob <= 0
        assert token.top_logprobs[0].token == token.token
    chunks = [c async for c in await ask(client, logprobs=True, temperature=0, stream=True)]
    streamed = [
        one for c in chunks if c.choices[0].logprobs for one in c.choices[0].logprobs.content
    ]
    assert len(streamed) == 30


async def test_stop_strings_end_an_answer_and_are_not_shown(client):
    text = (await ask(client)).choices[0].message.content
    stop = text[5:8]
    found = (await ask(client, stop=[stop, "never"])).choices[0]
    assert stop not in found.message.content
    assert found.finish_reason == "stop"


async def test_adapters_are_models_of_their_own(client):
    assert [model.id async for model in await client.models.list()] == ["tiny", "tiny:red"]
    plain, red = await ask(client), await ask(client, model="tiny:red")
    assert plain.choices[0].message.content != red.choices[0].message.content
    with pytest.raises(openai.NotFoundError):
        await ask(client, model="tiny:blue")


async def test_texts_get_embeddings(client):
    found = await client.embeddings.create(model="tiny", input=["one", "two", "one"])
    one, two, again = (item.embedding for item in found.data)
    assert one == again != two
    assert sum(x * x for x in one) == pytest.approx(1, abs=1e-4)
    plain = await client.embeddings.create(model="tiny", input="one", encoding_format="float")
    assert plain.data[0].embedding == pytest.approx(one, abs=1e-6)
    with pytest.raises(openai.BadRequestError, match="input"):
        await client.embeddings.create(model="tiny", input=[])


async def test_thirty_two_ask_at_once(client):
    found = await asyncio.gather(*(ask(client, seed=seed, user=f"{seed}") for seed in range(32)))
    assert all(one.usage.completion_tokens == 30 for one in found)


async def test_a_stream_goes_on_after_the_worker_was_killed(client, engines, red):
    process = (await engines.loaded(red)).process
    stream = await ask(client, stream=True, max_tokens=300)
    parts = []
    async for chunk in stream:
        parts.append(chunk.choices[0].delta.content or "")
        if len(parts) == 10:
            os.kill(process.pid, signal.SIGKILL)
    assert process.restarts == 1
    assert chunk.choices[0].finish_reason == "length"
    whole = await ask(client, max_tokens=300)
    assert "".join(parts)[:20] == whole.choices[0].message.content[:20]


async def test_who_hangs_up_is_not_answered_any_more(client, engines, red):
    process = (await engines.loaded(red)).process
    stream = await ask(client, stream=True, max_tokens=10_000)
    await anext(aiter(stream))
    await stream.close()
    for _ in range(1000):
        if not (await process.metrics())["active"]:
            break
        await asyncio.sleep(0.02)
    assert (await process.metrics())["active"] == 0


async def test_nonsense_is_refused_with_what_is_wrong(client):
    with pytest.raises(openai.BadRequestError, match=r"temperature: .*less than or equal to 2"):
        await ask(client, temperature=9)
    with pytest.raises(openai.BadRequestError, match="messages"):
        await ask(client, messages=[])
    too_long = "embeds texts of up to 32,768 characters; give it this one in pieces"
    with pytest.raises(openai.BadRequestError, match=too_long):
        await client.embeddings.create(model="tiny", input="long " * 20_000)
    with pytest.raises(openai.BadRequestError, match="the prompt has"):
        await ask(client, messages=[{"role": "user", "content": "long " * 20_000}])


async def test_who_waits_too_long_is_told_so_by_the_name_of_the_model(engines):
    given = {"name": "slow", "file": "tiny.gguf", "seconds": 0.2, "max_tokens": 8000}
    said = r"The model slow gave no whole answer within 0\.2 s; a smaller model or more seconds in"
    async with (
        Server(LocalModelSettings.model_validate(given), engines).listening() as port,
        openai.AsyncOpenAI(
            base_url=f"http://127.0.0.1:{port}/v1", api_key="none", max_retries=0, timeout=60
        ) as client,
    ):
        with pytest.raises(openai.InternalServerError, match=said) as told:
            await ask(client, model="slow", max_tokens=None)
        assert told.value.status_code == 504
        with pytest.raises(openai.APIError, match=said):
            async for _ in await ask(client, model="slow", max_tokens=None, stream=True):
                pass


async def test_health_and_figures_are_told(address, client):
    await ask(client)
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{address}/health") as answer:
            assert (await answer.json())["status"] == "ok"
        async with session.get(f"{address}/metrics") as answer:
            text = await answer.text()
    assert '\nparlour_model_tokens_out_total{model="tiny"} 30\n' in text
    assert '\nparlour_model_restarts_total{model="tiny"} 0\n' in text
    assert "# TYPE parlour_model_cells_used gauge\n" in text


@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Origin": "http://evil.example"}])
async def test_web_pages_are_not_served(address, headers):
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{address}/v1/models", headers=headers) as answer:
            assert answer.status == 403
        body = {"model": "tiny", "messages": HELLO}
        async with session.post(f"{address}/v1/chat/completions", data=json.dumps(body)) as answer:
            assert answer.status == 415


def test_a_stream_that_begins_anew_says_nothing_twice():
    told = Streamed("id", "tiny", with_usage=False)
    parts = [Part("ab", 1), Part("cd", 1), Part(again=True), Part("abc", 2), Part("def", 1)]
    parts.append(Part(done="stop"))
    found = [chunk for part in parts for chunk in told.take(part)]
    assert [c["choices"][0]["delta"].get("content") for c in found] == ["ab", "cd", "ef", None]


def test_a_stream_that_goes_on_differently_is_broken_off():
    told = Streamed("id", "tiny", with_usage=False)
    list(told.take(Part("ab", 1)))
    list(told.take(Part(again=True)))
    with pytest.raises(Unanswered, match="broke off"):
        list(told.take(Part("ax", 1)))


def test_figures_have_the_form_of_prometheus():
    assert exposed("a", {"jobs": 123_456_789, "queued": 0.5}) == (
        '# TYPE parlour_model_jobs_total counter\nparlour_model_jobs_total{model="a"} 123456789\n'
        '# TYPE parlour_model_queued gauge\nparlour_model_queued{model="a"} 0.5\n'
    )
