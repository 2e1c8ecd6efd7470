"""What a character takes from one chat into the next, and how long chats are summed up."""

import asyncio

import pytest

from bot.memories import Which
from bot.players.chat_memories import HERE, ChatMemory
from bot.players.remembering import Remembering
from bot.settings import Settings
from bot.wiring import Wiring
from characters import host
from characters.chat import Chat
from characters.chat_events import history
from characters.host import HOST
from games.core import Seat
from tests.bot.arena.conftest import Away
from tests.faulty_model import FaultyModel

ANN, SOC = Seat("ann"), Seat("Socrates")


@pytest.fixture
async def server():
    async with FaultyModel(seed=1).running() as server:
        yield server


@pytest.fixture
async def room(tmp_path, server):
    """Return the arena, its store, and who remembers."""
    (tmp_path / "models.toml").write_text(
        f'[parrot]\nbase_url = "{server.url}"\nmodel = "tiny"\ncontext = 4000\n'
    )
    settings = Settings(data=tmp_path / "data", models=tmp_path / "models.toml", _env_file=None)
    wiring = Wiring(settings, person=lambda _: Away())
    async with wiring.store() as store, wiring.arena_over(store) as arena:
        remembering = Remembering(store.memories, None, pause=0.01)
        wiring.recollection = lambda setup, seat, character, model: ChatMemory(
            remembering, model, 0, character, seat, lambda: arena.tables.get(setup.match_id)
        )
        yield arena, store, remembering
        await remembering.close()


async def chatting(arena):
    table = await arena.open(Chat(), {HOST: "person"}, room="terminal", seed=3)
    await table.admit(ANN, "me", by=HOST, answer=host.join_person(ANN))
    answer = host.join_character(SOC, (), 0.0)
    await table.admit(SOC, "character:socrates", by=HOST, answer=answer)
    arena.play(table)
    return table


async def say(table, words):
    await table.submit(ANN, words)
    while table.match.state.queue:
        await asyncio.sleep(0.001)


async def test_what_is_said_in_one_chat_is_known_in_the_next(room, server):
    arena, store, _ = room
    await say(await chatting(arena), "I have a dog called Argos, who is very old.")
    while not await store.memories.view(Which(user=HERE, guild=0)):
        await asyncio.sleep(0.01)
    other = await chatting(arena)
    await say(other, "What do you know about my dog?")
    prompt = server.requests[-1].prompt
    assert "Argos" in prompt
    assert "I have a dog called Argos" not in [line.words for line in history(other.match.log)]


async def test_only_what_people_say_is_learnt_each_line_once(room):
    arena, store, _ = room
    table = await chatting(arena)
    await say(table, "My sister lives in Corinth by the sea.")
    await table.submit(HOST, host.regenerate(2))
    while table.match.state.queue:
        await asyncio.sleep(0.001)
    await asyncio.sleep(0.1)
    found = await store.memories.view(Which(user=HERE, guild=0))
    assert ["Corinth" in memory.text for memory in found] == [True]


async def test_a_long_chat_is_summed_up_and_a_change_takes_the_summary_away(room, server):
    arena, store, _ = room
    table = await chatting(arena)
    match_id = table.setup.match_id
    for number in range(30):
        if await store.memories.summary_of(match_id, SOC):
            break
        await say(table, f"This is number {number}: " + "a long tale of many words. " * 25)
        await asyncio.sleep(0.05)
    summary = await store.memories.summary_of(match_id, SOC)
    assert summary.text == "A good day to you all."
    await say(table, "And so?")
    assert "What was said before, in short: A good day to you all." in server.requests[-1].prompt
    assert "\nann: This is number 0:" not in server.requests[-1].prompt
    await table.submit(HOST, host.delete(1))
    assert await store.memories.summary_of(match_id, SOC) is None
