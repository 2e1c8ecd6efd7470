"""A character in a seat: what its model is told, what becomes of its answer, and of failures."""

import asyncio
from dataclasses import replace

import pytest

from bot.arena.events import Substituted, player_name
from bot.errors import OperatorError, ShownToUser
from bot.models import config
from bot.players.character import shortened
from bot.settings import Settings
from bot.wiring import Wiring
from characters import host, speech
from characters.chat import Chat
from characters.chat_events import Passed, Said, history
from characters.host import HOST, LONGEST
from characters.shipped import shipped
from characters.situation import Summary
from games.core import Seat
from games.rock_paper_scissors import RockPaperScissors
from tests.bot.arena.conftest import Away
from tests.faulty_model import FaultyModel, Mode

ANN, SOC, ADA = Seat("ann"), Seat("Socrates"), Seat("Ada")


@pytest.fixture
async def server():
    async with FaultyModel(seed=1).running() as server:
        yield server


@pytest.fixture
def wiring(tmp_path, server):
    (tmp_path / "models.toml").write_text(
        f'[parrot]\nbase_url = "{server.url}"\nmodel = "tiny"\nseconds = 2\n'
        f'[owl]\nbase_url = "{server.url}"\nmodel = "small"\nseconds = 2\n'
    )
    settings = Settings(data=tmp_path / "data", models=tmp_path / "models.toml", _env_file=None)
    return Wiring(settings, person=lambda _: Away())


@pytest.fixture
async def arena(wiring):
    async with wiring.arena() as arena:
        yield arena


async def chatting(arena, *specs, **options):
    """Return a running chat of ann and characters, "socrates" being Socrates."""
    table = await arena.open(Chat(**options), {HOST: "person"}, room="terminal", seed=3)
    await table.admit(ANN, "me", by=HOST, answer=host.join_person(ANN))
    for spec in specs:
        name = Seat(spec.split(":")[1].capitalize())
        await table.admit(name, spec, by=HOST, answer=host.join_character(name, (), 0.0))
    arena.play(table)
    return table


async def answered(table):
    while table.match.state.queue:
        await asyncio.sleep(0.001)
    return history(table.match.log)[-1].words


async def test_a_character_answers_with_the_words_of_its_model(arena, server):
    server.says.append("Socrates: Nobody errs willingly.\nann: Oh?")
    table = await chatting(arena, "character:socrates")
    await table.submit(ANN, "Why do people do wrong?")
    assert await answered(table) == "Nobody errs willingly."
    prompt = server.requests[-1].prompt
    assert "ann: Why do people do wrong?" in prompt
    assert shipped()["socrates"].description[8:60] in prompt
    assert server.requests[-1].body["model"] == "tiny"
    assert "\nann:" in server.requests[-1].body["stop"]


async def test_a_model_trained_on_scripts_goes_on_with_one(wiring, arena, server):
    table_of = wiring.settings.models.read_text().replace("[owl]", "[owl]\nscript = true")
    wiring.settings.models.write_text(table_of)
    server.says.append("Nobody errs willingly.<|eot|>\nann (speaking): Oh?")
    table = await chatting(arena, "character:socrates:owl")
    await table.submit(ANN, "Why do people do wrong?")
    assert await answered(table) == "Nobody errs willingly."
    request = server.requests[-1]
    assert request.path == "/v1/completions"
    assert request.body["stop"] == ["<|eot|>"]
    assert "Location: " in request.prompt
    assert request.prompt.endswith(
        "ann (speaking): Why do people do wrong?<|eot|>\nSocrates (speaking): "
    )


def test_a_script_is_called_alike_where_it_is_made_and_where_it_is_sent():
    assert speech.SCRIPT == config.SCRIPT


async def test_a_character_may_speak_with_a_model_of_its_own(arena, server):
    table = await chatting(arena, "character:socrates:owl")
    await table.submit(ANN, "Hello.")
    await answered(table)
    assert server.requests[-1].body["model"] == "small"


async def test_the_words_are_heard_while_they_come(arena, wiring, server):
    heard = []
    wiring.draft = lambda match, seat, words: heard.append((match, seat, words))
    table = await chatting(arena, "character:socrates")
    server.says.append("Socrates: Know thyself.")
    await table.submit(ANN, "Hello.")
    await answered(table)
    assert (table.setup.match_id, SOC) == heard[-1][:2]
    assert heard[-1][2] == "Know thyself."
    assert {"Know", "Know thyse"} & {words for *_, words in heard}
    assert all("Know thyself.".startswith(words) for *_, words in heard)


async def test_a_line_is_said_anew_from_what_stood_before_it(arena, server):
    table = await chatting(arena, "character:socrates")
    server.says.extend(["First.", "Second."])
    await table.submit(ANN, "Hello.")
    await answered(table)
    await table.submit(HOST, host.regenerate(2))
    assert await answered(table) == "Second."
    assert "First." not in server.requests[-1].prompt
    assert server.requests[0].messages == server.requests[1].messages


async def test_a_line_is_gone_on_with_from_its_own_end(arena, server):
    table = await chatting(arena, "character:socrates")
    server.says.extend(["Once there was", "a shepherd."])
    await table.submit(ANN, "Tell me a tale.")
    await answered(table)
    await table.submit(HOST, host.go_on(2))
    assert await answered(table) == "Once there was a shepherd."
    assert server.requests[-1].messages[-2]["content"].endswith("Once there was")


async def test_what_went_into_the_last_answer_can_be_looked_at(arena, wiring):
    table = await chatting(arena, "character:socrates")
    await table.submit(ANN, "What about Xanthippe?")
    await answered(table)
    prompt = wiring.characters[table.setup.match_id, SOC].prompt
    taken = [verdict for verdict in prompt.scan.verdicts if verdict.taken]
    assert taken
    assert all(verdict.reason for verdict in prompt.scan.verdicts)


async def test_a_character_remembers_and_learns_after_its_answer(arena, wiring, server):
    notes = []

    class Remembers:
        async def memories(self, lines):
            return [f"ann, 3 days ago: has said {len(lines)} things"]

        async def summary(self):
            return Summary(1, "They have greeted each other.")

        async def take_note(self, situation, summarise_to):
            notes.append(([line.number for line in situation.lines], summarise_to))

        async def close(self):
            notes.append("closed")

    wiring.recollection = lambda *_: Remembers()
    table = await chatting(arena, "character:socrates")
    await table.submit(ANN, "Good evening to you.")
    await answered(table)
    await table.submit(ANN, "Do you know me?")
    await answered(table)
    prompt = server.requests[-1].prompt
    assert "ann, 3 days ago: has said 3 things" in prompt
    assert "They have greeted each other." in prompt
    assert "Good evening to you." not in prompt
    assert notes == [([1], None), ([1, 2, 3], None)]


@pytest.mark.parametrize(
    ("mode", "why"),
    [
        (Mode.BAD_KEY, "The model parrot was refused (status 401)"),
        (Mode.HANG, "The model parrot gave no whole answer within 2 s"),
        (Mode.NULL, "The model parrot sent an empty answer"),
    ],
)
async def test_a_model_that_fails_leaves_its_character_silent_with_one_sentence(
    arena, server, mode, why
):
    table = await chatting(arena, "character:socrates", "character:newton")
    server.mode = mode
    await table.submit(ANN, "Socrates?")
    assert await answered(table) == "Socrates?"
    stored = await arena.store.load(table.setup.match_id)
    told, passed = stored.entries[-1].events
    assert isinstance(told, Substituted)
    assert str(told.reason).startswith(why)
    assert passed == Passed(SOC)
    server.mode = Mode.OK
    await table.submit(ANN, "And now, Socrates?")
    assert await answered(table) == "A good day to you all."


async def test_a_model_that_speaks_only_for_others_is_told_of(arena, server):
    table = await chatting(arena, "character:socrates")
    server.says.append("ann: I shall answer for him.")
    await table.submit(ANN, "Hello?")
    await answered(table)
    stored = await arena.store.load(table.setup.match_id)
    assert "The model spoke for others only" in str(stored.entries[-1].events[0].reason)


async def test_an_answer_that_is_too_long_ends_with_a_sentence(arena, server):
    table = await chatting(arena, "character:socrates")
    server.says.append("So it is. " * 600)
    await table.submit(ANN, "Hello.")
    words = await answered(table)
    assert words.endswith("So it is.")
    assert LONGEST - 20 < len(words) <= LONGEST


def test_words_are_shortened_at_sentences_or_words_or_not_at_all():
    assert shortened("a b. c d", 8) == "a b. c d"
    assert shortened("aaaa bbb. c dddd", 12) == "aaaa bbb."
    assert shortened("a. bbbbbbbbbb cc", 14) == "a. bbbbbbbbbb"
    assert shortened("ааааааааа", 4) == "аааа"


async def test_a_card_that_changes_speaks_as_it_is_now(arena, wiring, server):
    card = shipped()["socrates"]

    async def current(_setup, _character):
        return card

    wiring.card = current
    table = await chatting(arena, "character:socrates")
    card = replace(card, description="A ferryman on the Nile.")
    await table.submit(ANN, "Hello.")
    await answered(table)
    assert "A ferryman on the Nile." in server.requests[-1].prompt


async def test_a_character_that_is_gone_stays_silent(arena):
    table = await chatting(arena, "character:nobody")
    await table.submit(ANN, "Hello?")
    await answered(table)
    stored = await arena.store.load(table.setup.match_id)
    told = str(stored.entries[-1].events[0].reason)
    assert told == "There is no character 'nobody' any more; invite another."


async def test_a_character_plays_any_game_as_itself(arena, server):
    players = {SOC: "character:socrates", ADA: "house:easy"}
    table = await arena.open(RockPaperScissors(target=1), players, room="terminal", seed=2)
    outcome = await arena.play(table)
    assert set(outcome.scores) == {SOC, ADA}
    prompt = server.requests[0].prompt
    assert shipped()["socrates"].description[8:60] in prompt
    assert "Rock" in prompt or "rock" in prompt
    assert not any(isinstance(event, Said) for event in table.match.log)


async def test_specs_that_name_nobody_are_refused(arena, tmp_path):
    with pytest.raises(ShownToUser, match=r"say me, house:easy.*or character:NAME"):
        await chatting(arena, "character:")
    with pytest.raises(OperatorError, match=r"has no model 'eagle'; it has parrot and owl"):
        await chatting(arena, "character:socrates:eagle")
    (tmp_path / "models.toml").unlink()
    with pytest.raises(OperatorError, match=r"No models are set up: copy models.example.toml"):
        await chatting(arena, "character:socrates")


def test_a_character_is_called_one():
    assert str(player_name("character:socrates:owl")) == "the character socrates"
