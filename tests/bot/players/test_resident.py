"""A language model that lives in a town: what it reads, and what it answers."""

import json

from bot.models.chat import ChatModel
from bot.models.config import ModelSettings
from bot.players.resident import Resident
from bot.ports import Usage
from games.core import Match, Seat
from tests.faulty_model import FaultyModel
from towns.events import CLOCK
from towns.town import Town

ADA = Seat(next(iter(Town().start.residents)))


def asked():
    match = Match(Town(), [ADA], 7)
    match.say(CLOCK, "4000")
    return match, match.asks[ADA]


class Listener:
    """A model that notes what it was told."""

    def __init__(self):
        self.prompts, self.schemas = [], []

    async def complete(self, messages, *, schema=None):
        self.prompts.append(messages)
        self.schemas.append(schema)
        return self

    text = "{}"
    prompt_tokens = 300
    completion_tokens = None


async def test_a_resident_reads_its_briefing_as_it_stands_and_the_fields_that_are_asked_for():
    match, ask = asked()
    model = Listener()
    await Resident(model).answer(match.view_of(ADA), ask, ())
    system, user = (message["content"] for message in model.prompts[0])
    assert user.startswith(str(ask.prompt))
    assert f"You are {ADA}." in user
    assert "- place: Where you go." in user
    assert "one JSON object" in system
    assert model.schemas == [ask.json_schema()]


async def test_a_resident_counts_what_its_model_uses_until_it_is_asked():
    match, ask = asked()
    player = Resident(Listener())
    for _ in range(2):
        await player.answer(match.view_of(ADA), ask, ())
    assert player.used() == Usage(2, 600, 0)
    assert player.used() == Usage()


async def test_prompts_of_one_resident_begin_with_the_same_text():
    match, ask = asked()
    model = Listener()
    player = Resident(model)
    await player.answer(match.view_of(ADA), ask, ())
    match.say(ADA, Town().house_answer(match.view_of(ADA), ask, None, None))
    await player.answer(match.view_of(ADA), match.asks[ADA], ("That is closed.",))
    first, second = (prompt[1]["content"] for prompt in model.prompts)
    until = first.index("What you know:") if "What you know:" in first else first.index("Now:")
    assert first[:until] == second[:until]
    assert model.prompts[0][0] == model.prompts[1][0]
    assert second.endswith("were refused:\n- That is closed.")


async def test_a_character_and_the_language_of_a_server_stand_before_the_briefing():
    match, ask = asked()
    model = Listener()

    async def persona():
        return "Socrates, who asks."

    player = Resident(model, persona, lambda: "German")
    await player.answer(match.view_of(ADA), ask, ())
    system = model.prompts[0][0]["content"]
    assert "say in German" in system
    assert system.endswith("played by this character: Socrates, who asks.")


async def test_a_real_client_gets_an_answer_that_the_town_accepts():
    match, ask = asked()
    async with FaultyModel().running() as server:
        model = ChatModel(ModelSettings(name="m", base_url=server.url, model="tiny"))
        text = await Resident(model).answer(match.view_of(ADA), ask, ())
        await model.close()
    assert set(json.loads(text)) == {"place", "purpose"}
    match.say(ADA, text)
