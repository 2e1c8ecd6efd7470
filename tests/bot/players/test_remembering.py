"""What a character recalls for an answer, and learns after it, on the real store."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from zlib import crc32

import numpy as np
import pytest
import structlog

from bot.errors import ModelError, OperatorError
from bot.memories import ChatSummary, Consent, MemorySettings, Which
from bot.models.chat import ChatModel
from bot.models.config import ModelSettings
from bot.players.remembering import Remembering
from bot.store.sql_store import SqlStore
from characters.learning import REFLECT_AT
from characters.lines import Line
from characters.memory import Learnt, MemoryKind, Scope, Source, terms
from games.core import Seat
from tests.faulty_model import FaultyModel

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
LATER = NOON + timedelta(days=3)
ANN, BOB = 7, 8
SCOPE = Scope(1, "socrates", ANN)
WHOSE = Which(user=ANN)


def line(number, words, speaker="ann", character=False):
    return Line(number, Seat(speaker), words, character)


class BagOfWords:
    """Vectors of words by their hashes; "dog" and "hound" mean the same to it."""

    def __init__(self, name="bag", fails=False):
        self.name = name
        self.fails = fails
        self.seen = []

    async def embed(self, texts):
        if self.fails:
            raise ModelError("The model bag is gone.")
        self.seen += texts
        vectors = np.full((len(texts), 64), 1e-3, np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for word in terms(text):
                row[crc32({"hound": "dog"}.get(word, word).encode()) % 64] += 1
        return vectors


@pytest.fixture
async def store(tmp_path):
    opened = await SqlStore.open(tmp_path / "parlour.db")
    yield opened
    await opened.close()


@pytest.fixture
async def server():
    async with FaultyModel().running() as server:
        yield server


@pytest.fixture
async def model(server):
    given = {"name": "parrot", "base_url": server.url, "model": "tiny", "seconds": 2.0}
    made = ChatModel(ModelSettings.model_validate(given))
    yield made
    await made.close()


@pytest.fixture
async def remembering(store):
    """Return a function that makes one; it learns at once unless told otherwise."""
    made = []

    def make(model=None, embedder=None, pause=0.0):
        made.append(Remembering(store.memories, model, embedder, pause))
        return made[-1]

    yield make
    for one in made:
        await one.close()


@pytest.fixture
def texts(store):
    async def read(which=WHOSE):
        return sorted(one.text for one in await store.memories.view(which))

    return read


async def until(condition):
    async with asyncio.timeout(60):
        while not await condition():
            await asyncio.sleep(0.01)


def found(*facts, episode="", importance=3):
    return json.dumps(
        {
            "facts": [
                {"about": about, "fact": fact, "quote": quote, "line": number, "importance": 5}
                for about, fact, quote, number in facts
            ],
            "episode": episode,
            "importance": importance,
        }
    )


async def test_what_was_learnt_is_recalled_with_who_and_when(remembering, server, model, texts):
    server.says.append(found(("dog", "has a dog called Bo", "a dog called Bo", 1)))
    first = remembering(model)
    await first.heard(SCOPE, [line(1, "I have a dog called Bo.")], "m1", NOON)
    await first.close()
    assert await texts() == ["has a dog called Bo"]
    asked = [line(9, "What was my dog called?")]
    users = {ANN: "ann", BOB: "bob"}
    recalled = await first.recalled(1, "socrates", users, asked, LATER, 100)
    assert recalled == ["ann, 3 days ago: has a dog called Bo"]
    assert await first.recalled(1, "socrates", users, asked, LATER, 5) == []
    assert await first.recalled(1, "ada", users, asked, LATER, 100) == []
    assert await first.recalled(2, "socrates", users, asked, LATER, 100) == []
    assert await first.recalled(1, "socrates", {BOB: "bob"}, asked, LATER, 100) == []


async def test_recalling_is_noted_and_what_was_recalled_fades_more_slowly(remembering, store):
    await store.memories.remember(SCOPE, [Learnt(MemoryKind.FACT, "has a dog")], NOON)
    one = remembering()
    await one.recalled(1, "socrates", {ANN: "ann"}, [line(1, "dog")], LATER, 100)

    async def noted():
        return (await store.memories.view(WHOSE))[0].accessed_at == LATER

    await until(noted)


async def test_what_matters_comes_to_mind_even_where_nothing_asks_for_it(remembering, store):
    await store.memories.remember(SCOPE, [Learnt(MemoryKind.FACT, "is called Ann", 9)], NOON)
    one = remembering()
    recalled = await one.recalled(1, "socrates", {ANN: "ann"}, [line(1, "Hello!")], NOON, 100)
    assert recalled == ["ann, just now: is called Ann"]


async def test_only_the_members_own_lines_reach_the_model(remembering, server, model):
    one = remembering(model)
    lines = [
        line(1, "I like figs."),
        line(2, "You like wine.", "Socrates", character=True),
        line(3, ""),
    ]
    server.says.append(found())
    await one.heard(SCOPE, lines, "m1", NOON)
    await one.close()
    (request,) = server.requests
    assert "figs" in request.prompt
    assert "You like wine" not in request.prompt


async def test_a_few_lines_are_learnt_from_together(remembering, server, model):
    one = remembering(model, pause=60)
    server.says.extend([found()] * 9)
    for number in range(1, 9):
        await one.heard(SCOPE, [line(number, f"line {number} of mine")], "m1", NOON)
        await asyncio.sleep(0)
    await until(lambda: _is(len(server.requests) >= 1))
    await one.close()
    assert len(server.requests) <= 2
    assert all(f"line {number} of mine" in repr(server.requests) for number in range(1, 9))


async def _is(value):
    return value


@pytest.mark.parametrize("said", ["I am no JSON.", '{"facts": []}'])
async def test_lines_wait_for_a_model_that_is_not_understood(
    remembering, server, model, texts, said
):
    one = remembering(model)
    server.says.append(said)
    server.mode = "500"
    server.times = 0
    with structlog.testing.capture_logs() as logs:
        await one.heard(SCOPE, [line(1, "I have a dog called Bo.")], "m1", NOON)
        await until(lambda: _is(logs))
    assert logs[0]["event"] == "nothing was learnt, so the lines wait"
    assert await texts() == []
    server.says.append(found(("dog", "has a dog called Bo", "a dog called Bo", 1)))
    for number in range(2, 6):
        await one.heard(SCOPE, [line(number, "Well.")], "m1", NOON)
    await one.close()
    assert await texts() == ["has a dog called Bo"]


async def test_a_model_that_is_gone_stops_neither_talk_nor_the_end(remembering, server, model):
    server.mode = "401"
    one = remembering(model)
    with structlog.testing.capture_logs() as logs:
        await one.heard(SCOPE, [line(1, "I have a dog called Bo.")], "m1", NOON)
        async with asyncio.timeout(60):
            await one.close()
    assert {log["event"] for log in logs} == {"nothing was learnt, so the lines wait"}


@pytest.mark.parametrize("consent", [Consent.PAUSED, Consent.OPTED_OUT])
async def test_a_no_is_honoured_before_a_model_or_the_database_sees_anything(
    remembering, server, model, store, texts, consent
):
    await store.memories.change_settings(1, ANN, MemorySettings(consent))
    for one in (remembering(model), remembering()):
        await one.heard(SCOPE, [line(1, "I have a dog called Bo.")], "m1", NOON)
        await one.close()
    assert server.requests == []
    assert await texts() == []


async def test_a_no_that_comes_while_lines_wait_is_honoured_too(
    remembering, server, model, store, texts
):
    one = remembering(model, pause=60)
    await one.heard(SCOPE, [line(1, "I have a dog called Bo.")], "m1", NOON)
    await store.memories.change_settings(1, ANN, MemorySettings(Consent.OPTED_OUT))
    await one.close()
    assert server.requests == []
    assert await texts() == []


async def test_what_a_model_still_thinks_about_is_forgotten_too(
    remembering, server, model, store, texts
):
    server.says.append(found(("dog", "has a dog called Bo", "a dog called Bo", 1)))
    one = remembering(model)
    await one.heard(SCOPE, [line(1, "I have a dog called Bo.")], "m1", NOON)
    await store.memories.forget(WHOSE, NOON + timedelta(seconds=1))
    await one.close()
    assert await texts() == []


async def test_without_a_model_lines_are_remembered_as_they_are(remembering, texts):
    one = remembering()
    lines = [line(1, "I have a dog called Bo."), line(2, "ok")]
    await one.heard(SCOPE, lines, "m1", NOON)
    await one.close()
    again = remembering()
    await again.heard(SCOPE, [line(1, "I have a dog called BO!")], "m2", LATER)
    await again.close()
    assert await texts() == ["said “I have a dog called Bo.”"]


async def test_an_update_takes_the_place_of_what_was_known(remembering, server, model, texts):
    for number, city in enumerate(("Rome", "Athens"), start=1):
        one = remembering(model)
        server.says.append(found(("home", f"lives in {city}", f"live in {city}", number)))
        await one.heard(SCOPE, [line(number, f"Now I live in {city}.")], "m1", NOON)
        await one.close()
    assert await texts() == ["lives in Athens"]


async def test_a_line_that_is_taken_back_leaves_nothing(remembering, texts):
    one = remembering()
    await one.heard(SCOPE, [line(1, "I have a dog called Bo.")], "m1", NOON)
    await one.close()
    again = remembering(pause=60)
    await again.heard(SCOPE, [line(2, "I have a cat called Tiger.")], "m1", NOON)
    assert (await again.unsaid(SCOPE, "m1", 1, LATER)).memories == 1
    assert (await again.unsaid(SCOPE, "m1", 2, LATER)).memories == 0
    await again.close()
    assert await texts() == []


async def test_enough_memories_lead_to_a_reflection_and_then_to_none(
    remembering, server, model, store, texts
):
    learnt = [
        Learnt(MemoryKind.EPISODE, f"walked dog {number}", 10, source=Source("m1", number))
        for number in range(REFLECT_AT // 10 - 1)
    ]
    one = remembering(model)
    await store.memories.remember(SCOPE, learnt, NOON)
    await one.reflect(SCOPE, NOON)
    assert server.requests == []
    await store.memories.remember(SCOPE, [Learnt(MemoryKind.EPISODE, "fed a dog", 10)], NOON)
    server.says.append(json.dumps({"insights": ["cares for animals"]}))
    await one.reflect(SCOPE, NOON)
    await one.reflect(SCOPE, NOON)
    assert len(server.requests) == 1
    assert "walked dog 3" in server.requests[0].prompt
    assert "cares for animals" in await texts()


async def test_meaning_finds_what_words_do_not(remembering, store):
    weights = {"owns a hound": 1, "eats figs": 9, "reads": 9, "writes": 9, "is tall": 9}
    learnt = [Learnt(MemoryKind.EPISODE, text, weight) for text, weight in weights.items()]
    await store.memories.remember(SCOPE, learnt, NOON)
    asked, users = [line(1, "dog?")], {ANN: "ann"}
    without = await remembering().recalled(1, "socrates", users, asked, NOON, 100)
    assert "ann, just now: owns a hound" not in without
    bag = BagOfWords()
    one = remembering(embedder=bag)

    async def seen():
        return not await store.memories.without_vector(SCOPE, "bag")

    await one.recalled(1, "socrates", users, asked, NOON, 100)
    await until(seen)
    recalled = await one.recalled(1, "socrates", users, asked, NOON, 100)
    assert "ann, just now: owns a hound" in recalled
    other = BagOfWords("another bag")
    again = remembering(embedder=other)
    await again.recalled(1, "socrates", users, asked, NOON, 100)
    await until(lambda: _is("owns a hound" in other.seen))


async def test_where_vectors_fail_words_do(remembering, store):
    await store.memories.remember(SCOPE, [Learnt(MemoryKind.FACT, "has a dog")], NOON)
    one = remembering(embedder=BagOfWords(fails=True))
    with structlog.testing.capture_logs() as logs:
        recalled = await one.recalled(1, "socrates", {ANN: "ann"}, [line(1, "dog")], NOON, 100)
        await one.close()
    assert recalled == ["ann, just now: has a dog"]
    assert logs[0]["event"] == "memories are recalled by words alone"


async def test_a_database_that_fails_brings_up_nothing(tmp_path):
    store = await SqlStore.open(tmp_path / "parlour.db")
    one = Remembering(store.memories)
    await store.close()
    (tmp_path / "parlour.db").write_bytes(b"no database" * 999)
    with structlog.testing.capture_logs() as logs:
        assert await one.recalled(1, "s", {ANN: "ann"}, [line(1, "dog")], NOON, 100) == []
        await one.heard(SCOPE, [line(1, "I have a dog")], "m1", NOON)
        await one.close()
    assert {log["event"] for log in logs} >= {"nothing was recalled"}
    with pytest.raises(OperatorError):
        await store.memories.view(WHOSE)


async def test_a_summary_is_kept_for_each_seat(remembering):
    one = remembering()
    summary = ChatSummary("m1", "Socrates", 40, "They spoke of courage.")
    await one.keep_summary(summary, NOON)
    assert await one.summarised("m1", "Socrates") == summary
    assert await one.summarised("m1", "Ada") is None
