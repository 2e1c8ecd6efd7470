"""Embeddings from a server that fails, and which model makes them."""

import json

import pytest
from aiohttp import web

from bot.errors import ModelError, OperatorError
from bot.models.config import ModelSettings
from bot.models.embed import AT_ONCE, ServerEmbedder, embedder
from bot.models.opened import local_engines
from bot.settings import Settings


def settings_at(url, **given):
    base = {"name": "vectors", "base_url": url, "model": "small", "seconds": 1.0}
    return ModelSettings.model_validate({**base, **given})


@pytest.fixture
async def embedding(server):
    made = ServerEmbedder(settings_at(server.url, api_key="sk-canary-0123456789"))
    yield made
    await made.close()


@pytest.mark.parametrize(
    ("mode", "why"),
    [
        ("html", "sent no embeddings; check that it is a model that makes them"),
        ("null", "sent no embeddings; check that it is a model that makes them"),
        ("nested", "sent no embeddings; check that it is a model that makes them"),
        ("500", "has trouble on its server"),
        ("401", "was refused (status 401); check its key"),
        ("echo-key", "did not accept the request (status 400) (“What is this? …”)"),
        ("reset", "broke off the connection"),
        ("hang", "made no embeddings within 1 s"),
        ("drip", "made no embeddings within 1 s"),
        ("flood", "sent far more than embeddings; look at the server"),
    ],
)
async def test_a_server_that_fails_is_told_of_in_a_sentence(server, embedding, mode, why):
    server.mode = mode
    with pytest.raises(ModelError) as failed:
        await embedding.embed(["hello"])
    assert str(failed.value).startswith(f"The model vectors {why}")
    assert "canary" not in str(failed.value)


async def test_a_server_that_is_not_there_is_told_of(server):
    made = ServerEmbedder(settings_at("http://127.0.0.1:9/v1"))
    with pytest.raises(ModelError, match=r"The model vectors cannot be reached at http://127"):
        await made.embed(["hello"])
    await made.close()


@pytest.fixture
async def rows():
    """A server of embeddings, and a function that sets what it makes of texts."""
    asked, answer = [], [lambda texts: [[1.0, len(text)] for text in texts]]

    async def handle(request):
        asked.append(await request.json())
        vectors = answer[0](asked[-1]["input"])
        data = [{"index": at, "embedding": one} for at, one in enumerate(vectors)]
        return web.Response(
            text=json.dumps({"object": "list", "data": data[::-1]}), content_type="application/json"
        )

    app = web.Application()
    app.router.add_post("/v1/embeddings", handle)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made = ServerEmbedder(settings_at(f"http://127.0.0.1:{runner.addresses[0][1]}/v1"))
    yield made, asked, answer
    await made.close()
    await runner.cleanup()


async def test_vectors_come_in_the_order_of_the_texts_and_many_in_several_requests(rows):
    made, asked, _ = rows
    texts = ["x" * length for length in range(1, AT_ONCE + 4)]
    found = await made.embed(texts)
    assert found.dtype == "float32"
    assert found.tolist() == [[1.0, len(text)] for text in texts]
    assert [len(one["input"]) for one in asked] == [AT_ONCE, 3]
    assert {one["encoding_format"] for one in asked} == {"float"}
    assert made.name == "vectors:small"


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (lambda texts: [[1.0]], "left out embeddings that it was asked for"),
        (lambda texts: [[1.0]] * 9, "left out embeddings that it was asked for"),
        (lambda texts: [[1.0], [1.0, 2.0]], "sent embeddings of different lengths"),
        (lambda texts: [[], []], "sent embeddings of different lengths"),
        (lambda texts: [[float("nan")], [1.0]], "sent no embeddings"),
        (lambda texts: [["a"], ["b"]], "sent no embeddings"),
    ],
)
async def test_vectors_that_do_not_fit_the_texts_are_refused(rows, answer, why):
    made, _, answers = rows
    answers[0] = answer
    with pytest.raises(ModelError, match=f"The model vectors {why}"):
        await made.embed(["one", "two"])


async def test_a_setting_names_the_model_that_makes_vectors(tmp_path):
    models = tmp_path / "models.toml"
    models.write_text('[remote]\nbase_url = "http://127.0.0.1:9/v1"\nmodel = "small"\n')
    settings = Settings(data=tmp_path, models=models)
    engines = local_engines(settings)
    assert embedder(settings, engines) is None
    assert embedder(settings.model_copy(update={"embedding_model": "remote"}), engines).name == (
        "remote:small"
    )
    with pytest.raises(OperatorError, match="has no model 'nothing'; it has remote"):
        embedder(settings.model_copy(update={"embedding_model": "nothing"}), engines)
    await engines.close()
