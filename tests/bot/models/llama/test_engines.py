"""Model files that change, and tables that come, while the bot runs."""

import asyncio
import hashlib
import os
import signal
from contextlib import aclosing

import pytest

from bot.errors import OperatorError
from bot.models.llama.asking import Question
from bot.models.llama.client import LocalModel
from bot.models.llama.engines import LocalEngines
from bot.models.llama.folder import ModelsFolder
from bot.models.llama.jobs import Sampling
from bot.models.llama.registry import LocalModelSettings
from tests import gguf_maker

LONG = Question([("Once", False)], Sampling(seed=1, max_tokens=3000))
HAS_CHANGED = r"The model some\.gguf has changed since it was opened; ask again\."


@pytest.fixture
async def scene(tmp_path, llama):
    scene = Scene(tmp_path)
    yield scene
    await scene.engines.close()


class Scene:
    """A folder with the model some.gguf, and its tables."""

    def __init__(self, folder):
        self.folder, self.tables = folder, {}
        self.engines = LocalEngines(ModelsFolder(folder), lambda: self.tables)
        self.sha256 = self.put(seed=0)

    def put(self, seed):
        """Put another file in its place, as a download does; return its checksum."""
        fresh = gguf_maker.tiny(self.folder / "fresh", seed=seed)
        checksum = hashlib.sha256(fresh.read_bytes()).hexdigest()
        fresh.replace(self.folder / "some.gguf")
        return checksum

    def table(self, name, **given):
        given = {"name": name, "file": "some.gguf", "context": 500, "max_tokens": 8, **given}
        self.tables[name] = LocalModelSettings.model_validate(given)
        return self.tables[name]

    async def say(self, name, words=5):
        asked = [{"role": "user", "content": "Hi " * words}]
        return (await LocalModel(self.tables[name], self.engines).complete(asked, seed=1)).text

    async def process(self, name):
        return (await self.engines.loaded(self.tables[name])).process


async def test_a_file_that_was_replaced_is_opened_anew(scene):
    scene.table("old", sha256=scene.sha256)
    before = await scene.say("old")
    process = await scene.process("old")
    async with aclosing(process.stream(LONG, 60)) as parts:
        await anext(parts)
        scene.table("new", sha256=scene.put(seed=7))
        assert await scene.say("new") != before
        with pytest.raises(OperatorError, match=HAS_CHANGED):
            async for _ in parts:
                pass
    with pytest.raises(OperatorError, match="is another one than its sha256 says"):
        await scene.say("old")
    assert process.pid is None


async def test_a_worker_that_died_never_opens_another_file_unseen(scene):
    scene.table("old", sha256=scene.sha256)
    process = await scene.process("old")
    async with aclosing(process.stream(LONG, 60)) as parts:
        await anext(parts)
        scene.put(seed=7)
        os.kill(process.pid, signal.SIGKILL)
        with pytest.raises(OperatorError, match=HAS_CHANGED):
            async for _ in parts:
                pass
    scene.put(seed=0)
    assert await scene.say("old")


async def test_a_bigger_cache_is_taken_while_answers_go_on(scene):
    scene.table("small", cache=1000)
    assert await scene.say("small")
    process = await scene.process("small")
    asked = Question([("Once", False)], Sampling(seed=1, max_tokens=900))
    async with aclosing(process.stream(asked, 60)) as parts:
        await anext(parts)
        scene.table("big", cache=8000)
        assert await scene.say("big", words=2000)
        told = [part async for part in parts]
    assert told[-1].done == "length"
    assert await scene.process("big") is await scene.process("small") is process


async def test_an_adapter_that_comes_later_shares_the_file(scene):
    scene.table("plain")
    plain = await scene.say("plain")
    gguf_maker.adapter(scene.folder / "red.gguf", strength=2.0)
    scene.table("red", adapters={"red": {"file": "red.gguf"}}, adapter="red")
    assert await scene.say("red") != plain == await scene.say("plain")
    assert await scene.process("red") is await scene.process("plain")


async def test_models_that_are_asked_at_once_share_one_worker(scene):
    names = [scene.table(f"{number}").name for number in range(5)]
    await asyncio.gather(*map(scene.say, names))
    assert len({id(await scene.process(name)) for name in names}) == 1


async def test_conversations_go_to_disk_where_a_table_has_room_for_them(tmp_path, llama):
    gguf_maker.tiny(tmp_path / "some.gguf")
    engines = LocalEngines(ModelsFolder(tmp_path), spill=tmp_path / "data" / "spill")
    given = {"file": "some.gguf", "max_tokens": 8, "conversations": 1}
    try:
        for name, spill in (("none", 0), ("some", 10)):
            table = LocalModelSettings.model_validate({"name": name, "spill": spill, **given})
            model = LocalModel(table, engines)
            for said in ("Ann speaks. ", "Bob speaks. ", "Ann speaks. "):
                await model.complete([{"role": "user", "content": said * 50}])
            figures = await (await engines.loaded(table)).process.metrics()
            assert (figures["spilled"], figures["restored"]) == ((2, 1) if spill else (0, 0))
    finally:
        await engines.close()
