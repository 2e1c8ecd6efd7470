"""Vectors of texts from a local model, at once and through its server."""

import numpy as np
import pytest

from bot.errors import ModelError, OperatorError
from bot.models.config import ModelSettings
from bot.models.embed import LocalEmbedder, ServerEmbedder, embedder
from bot.models.llama.registry import LocalModelSettings
from bot.models.llama.server import Server
from games.core import Ask
from tests.bot.models.llama.bert_maker import bert
from tests.gguf_maker import TINY

THROW = Ask("Rock, paper, or scissors?", choices=("rock", "paper", "scissors"))
TEXTS = ["has a dog called Bo", "likes olives", "has a dog called Bo"]


async def test_a_local_model_makes_the_same_vectors_at_once_and_through_its_server(
    settings, engines
):
    local = embedder(settings.model_copy(update={"embedding_model": "tiny"}), engines)
    assert isinstance(local, LocalEmbedder)
    assert local.name == "tiny:tiny.gguf"
    mine = await local.embed(TEXTS)
    assert mine.shape == (3, 128)
    assert mine[0].tolist() == mine[2].tolist() != mine[1].tolist()
    own = LocalModelSettings.model_validate({"name": "tiny", "file": "tiny.gguf"})
    async with Server(own, engines).listening() as port:
        url = f"http://127.0.0.1:{port}/v1"
        given = {"name": "remote", "base_url": url, "model": "tiny"}
        remote = ServerEmbedder(ModelSettings.model_validate(given))
        theirs = await remote.embed(TEXTS)
        await remote.close()
    assert np.allclose(mine, theirs, atol=1e-5)


async def test_a_file_that_is_not_there_is_told_of(engines):
    given = {"name": "gone", "file": "gone.gguf"}
    local = LocalEmbedder(LocalModelSettings.model_validate(given), engines)
    with pytest.raises(OperatorError, match=r"gone\.gguf"):
        await local.embed(TEXTS)


async def test_a_file_that_only_embeds_is_refused_at_a_table(models, local, engines):
    bert(models / "bert.gguf")
    model = local("bert", template="chatml")
    for schema in (None, THROW.json_schema()):
        with pytest.raises(ModelError, match="The model bert gave no answer: its file makes embed"):
            await model.complete([{"role": "user", "content": "Well?"}], schema=schema)
    process = (await engines.loaded(model.settings)).process
    vectors = await LocalEmbedder(model.settings, engines).embed(TEXTS)
    assert vectors[0].tolist() == vectors[2].tolist() != vectors[1].tolist()
    assert process.restarts == 0


def test_doctor_asks_the_model_that_embeds_for_a_vector(parlour, tmp_path):
    (tmp_path / "data" / "models").mkdir(parents=True)
    bert(tmp_path / "data" / "models" / "bert.gguf")
    (tmp_path / "models.toml").write_text('[vectors]\nfile = "bert.gguf"\n', "utf-8")
    done = parlour("doctor", DISCORD_TOKEN="", PARLOUR_EMBEDDING_MODEL="vectors")
    assert f"makes vectors of {TINY.width} numbers" in done.stdout
    assert done.returncode == 0
    done = parlour("doctor", DISCORD_TOKEN="")
    assert "FAIL  The model vectors" in done.stdout
    assert "writes no text" in done.stdout
