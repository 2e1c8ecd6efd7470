"""/tournament: members and house bots play round by round, and a restart changes nothing."""

import asyncio
import json
import sqlite3
from contextlib import closing

import pytest

from bot.cogs.needed import all_bits
from bot.cogs.tournament_host import LOST
from tests.bot.cogs.conftest import running
from tests.bot.cogs.matches import Played, disabled, told
from tests.discord_double.permissions import OF_EVERYBODY, Permission

RPS = "rock-paper-scissors"
QUICK = {"game": RPS, "options": "target=1"}


async def created(scene, who, **options):
    """Create a tournament; return its message and id."""
    said = await told(await who.slash(scene.channel, "tournament create", **options))
    assert said.startswith("The tournament is open as `")
    tournament_id = said.split("`")[1]
    message = await scene.shown(scene.channel, lambda m: f"`{tournament_id}`" in m.content)
    return message, tournament_id


async def entered(scene, **options):
    """Create a tournament that ann and bob have entered."""
    message, tournament_id = await created(scene, scene.ann, **options)
    for person in (scene.ann, scene.bob):
        assert "You play in this tournament" in await told(await person.click(message, "Join"))
        await scene.discord.until(lambda p=person: p.mention in message.content)
    return message, tournament_id


async def begin(scene, message):
    assert "The tournament goes on" in await told(await scene.ann.click(message, "Start"))


def kept(scene, tournament_id):
    with closing(sqlite3.connect(f"file:{scene.settings.database_file}?mode=ro", uri=True)) as db:
        wanted = "SELECT body FROM tournaments WHERE tournament_id = ?"
        ((body,),) = db.execute(wanted, (tournament_id,)).fetchall()
        return json.loads(body)


def lobbies(scene):
    with closing(sqlite3.connect(f"file:{scene.settings.database_file}?mode=ro", uri=True)) as db:
        wanted = "SELECT lobby_id, cause, thread FROM lobbies WHERE cause LIKE 'tournament:%'"
        return {row[1].split(":")[2]: (row[0], row[2]) for row in db.execute(wanted)}


async def game(scene, name) -> Played:
    """Wait for a game of the only tournament and return it."""

    def there():
        return name in lobbies(scene) and lobbies(scene)[name][1]

    await scene.discord.until(there, what=name)
    match_id, thread = lobbies(scene)[name]
    mark = f"match `{match_id}`"
    await scene.shown(scene.discord.channels[thread], lambda m: mark in m.content)
    return Played(scene, match_id, None, scene.discord.channels[thread])


async def win(table, winner, loser):
    await table.press(winner, "rock")
    await table.press(loser, "scissors")
    await table.until_shown("Result")


async def until(scene, message, text):
    await scene.discord.until(lambda: text in message.content, what=text)


async def test_two_members_play_to_the_end_and_the_result_is_told_with_a_card(bot, scene):
    message, tournament_id = await entered(scene, **QUICK, games=2)
    assert f"**Tournament: {RPS}**, everybody against everybody" in message.content
    await begin(scene, message)
    table = await game(scene, "r1-t1-g01")
    await until(scene, message, f"Ann – Bob: game 1 of 2 <#{table.thread.id}>")
    await win(table, scene.ann, scene.bob)
    second = await game(scene, "r1-t1-g02")
    await win(second, scene.ann, scene.bob)
    done = await scene.shown(scene.channel, lambda m: "The tournament is over: " in m.content)
    assert done.content == "The tournament is over: Ann has won."
    (card,) = done.attachments
    assert card.description.startswith(f"{RPS}, everybody against everybody. 1. Ann, 2; 2. Bob, 0.")
    assert scene.discord.files[card.id].startswith(b"\x89PNG")
    await until(scene, message, "1. Ann, points: 2 (2 played, 2 won)")
    assert "Join" not in message.controls
    mine = await told(await scene.ann.slash(scene.channel, "stats me"))
    assert "(2 played, 2 won)" in mine
    assert kept(scene, tournament_id)["results"] == {
        "r1-t1-g01": {"1": 1, "2": 2},
        "r1-t1-g02": {"1": 1, "2": 2},
    }


async def test_house_bots_play_a_knockout_by_themselves(bot, scene):
    players = "house:easy, house:medium, house:hard"
    message, _ = await created(
        scene, scene.ann, game="connect-four", format="knockout", players=players
    )
    assert "**House easy**, a house bot (easy)" in message.content
    await begin(scene, message)
    done = await scene.shown(scene.channel, lambda m: "The tournament is over: " in m.content)
    assert done.content == "The tournament is over: House hard has won."
    rounds = {name.partition("-t")[0] for name in lobbies(scene)}
    assert rounds == {"r1", "r2"}


async def test_a_restart_in_the_middle_loses_nothing_and_plays_nothing_twice(scene):
    async with running(scene):
        message, tournament_id = await entered(scene, **QUICK, games=2)
        await begin(scene, message)
        await win(await game(scene, "r1-t1-g01"), scene.ann, scene.bob)
        second = await game(scene, "r1-t1-g02")
        await second.press(scene.ann, "rock")
        before = lobbies(scene)
    async with running(scene):
        assert lobbies(scene) == before
        await second.press(scene.bob, "scissors")
        done = await scene.shown(scene.channel, lambda m: "The tournament is over: " in m.content)
    assert done.content == "The tournament is over: Ann has won."
    assert len(lobbies(scene)) == 2
    results = [m for m in scene.channel.messages.values() if "is over: Ann" in m.content]
    assert len(results) == 1
    assert len(kept(scene, tournament_id)["results"]) == 2


async def test_a_result_that_was_not_noted_before_the_end_is_noted_after_the_restart(scene):
    async with running(scene):
        message, tournament_id = await entered(scene, **QUICK)
        await begin(scene, message)
        await win(await game(scene, "r1-t1-g01"), scene.bob, scene.ann)
        await until(scene, message, "The tournament is over.")
    now = kept(scene, tournament_id)
    with closing(sqlite3.connect(scene.settings.database_file)) as db:
        body = json.dumps({**now, "results": {}, "state": "running"})
        db.execute("UPDATE tournaments SET state = 'running', body = ?", (body,))
        db.commit()
    async with running(scene):
        await scene.discord.until(lambda: kept(scene, tournament_id)["state"] == "over")
    after = kept(scene, tournament_id)
    assert after["results"] == now["results"]
    assert len(lobbies(scene)) == 1


async def test_a_result_that_was_not_posted_before_the_end_is_posted_after_the_restart(scene):
    async with running(scene):
        message, tournament_id = await entered(scene, **QUICK)
        await begin(scene, message)
        await win(await game(scene, "r1-t1-g01"), scene.bob, scene.ann)
        await scene.shown(scene.channel, lambda m: "The tournament is over: " in m.content)
        await scene.discord.until(lambda: kept(scene, tournament_id)["result_message"])
    body = kept(scene, tournament_id)
    with closing(sqlite3.connect(scene.settings.database_file)) as db:
        db.execute("UPDATE tournaments SET body = ?", (json.dumps({**body, "result_message": 0}),))
        db.commit()
    async with running(scene):
        await scene.discord.until(lambda: kept(scene, tournament_id)["result_message"])
    (result,) = [m for m in scene.channel.messages.values() if "is over: Bob" in m.content]
    assert kept(scene, tournament_id)["result_message"] == result.id == body["result_message"]


async def test_one_that_its_game_does_not_fit_any_more_keeps_the_bot_from_nothing(scene):
    async with running(scene):
        message, tournament_id = await entered(scene, **QUICK)
        await begin(scene, message)
        await game(scene, "r1-t1-g01")
    with closing(sqlite3.connect(scene.settings.database_file)) as db:
        body = json.dumps({**kept(scene, tournament_id), "seats": 3})
        db.execute("UPDATE tournaments SET body = ?", (body,))
        db.commit()
    async with running(scene):
        command = await scene.ann.slash(scene.channel, "tournament status")
        assert await told(command) == "At a table meet both of these players, not 3."


async def written(scene, statements):
    """Write into the database of a bot that runs, which must be able to end its own writing."""

    def write():
        with closing(sqlite3.connect(scene.settings.database_file, timeout=60)) as db:
            db.executescript(statements)

    await asyncio.to_thread(write)


async def test_one_whose_game_is_gone_is_told_in_a_sentence(bot, scene):
    message, tournament_id = await entered(scene, **QUICK)
    await written(scene, f"UPDATE tournaments SET body = replace(body, '{RPS}', 'ludo')")
    command = await scene.ann.slash(scene.channel, "tournament status", tournament=tournament_id)
    assert await told(command) == LOST
    assert await told(await scene.bob.click(message, "Leave")) == LOST


async def test_who_lets_the_time_pass_has_lost_whatever_the_house_bot_does(bot, scene):
    message, tournament_id = await entered(scene, **QUICK, minutes=1)
    await begin(scene, message)
    table = await game(scene, "r1-t1-g01")
    await table.press(scene.ann, "rock")
    await written(scene, "UPDATE due SET at = 0")
    await table.until_said("**Bob** has run out of time")
    while "is over" not in message.content:  # a tie is thrown again
        if "rock" in table.live.controls and "Result" not in table.live.content:
            await scene.ann.click(table.live, "rock")
        await scene.discord.until(
            lambda: "is over" in message.content or "rock" in table.live.controls
        )
    assert kept(scene, tournament_id)["results"] == {"r1-t1-g01": {"1": 1, "2": 2}}


async def test_a_match_that_an_admin_ends_counts_for_nothing(bot, scene):
    message, tournament_id = await entered(scene, **QUICK)
    await begin(scene, message)
    table = await game(scene, "r1-t1-g01")
    assert "without a result" in await told(await scene.owner.slash(table.thread, "arena end"))
    await until(scene, message, "1. Ann, points: 0 (0 played, 0 won, 1 aborted)")
    assert kept(scene, tournament_id)["results"] == {"r1-t1-g01": {}}
    shown = await scene.shown(scene.channel, lambda m: "The tournament is over; " in m.content)
    assert shown.content.endswith("the first place is shared by Ann and Bob.")


async def test_stopping_ends_what_is_played_and_begins_nothing_more(bot, scene):
    message, _ = await entered(scene, **QUICK, games=2)
    await begin(scene, message)
    table = await game(scene, "r1-t1-g01")
    said = await told(await scene.bob.slash(scene.channel, "tournament stop"))
    assert said == "Only whoever created this tournament, or an admin, can do that."
    said = await told(await scene.owner.slash(scene.channel, "tournament stop"))
    assert said == "The tournament is stopped."
    await table.until_shown("the tournament was stopped")
    await until(scene, message, "The tournament was stopped.")
    assert len(lobbies(scene)) == 1
    again = await told(await scene.ann.slash(scene.channel, "tournament stop"))
    assert again == "That tournament is over already."


WITNESS = """
CREATE TABLE witness (going INTEGER);
CREATE TRIGGER stopping BEFORE INSERT ON tournaments WHEN NEW.state = 'stopped' BEGIN
    INSERT INTO witness SELECT count(*) FROM matches WHERE outcome IS NULL;
END;
"""


async def test_all_games_are_ended_before_the_tournament_is_kept_as_stopped(bot, scene):
    message, tournament_id = await entered(scene, **QUICK, games=2)
    await begin(scene, message)
    await game(scene, "r1-t1-g01")
    await written(scene, WITNESS)
    said = await told(await scene.ann.slash(scene.channel, "tournament stop"))
    assert said == "The tournament is stopped."
    with closing(sqlite3.connect(scene.settings.database_file, timeout=10)) as db:
        assert db.execute("SELECT min(going), max(going) FROM witness").fetchone() == (0, 0)
    assert kept(scene, tournament_id)["results"] == {}


def forbid(scene, bits):
    """Give the bot a role without administrator, and take some bits from everybody."""
    role = next(role for role in scene.guild.roles.values() if role.name == "parlour")
    scene.discord.change_role(scene.guild, role, all_bits() & ~bits)
    everybody = scene.guild.roles[scene.guild.id]
    scene.discord.change_role(scene.guild, everybody, OF_EVERYBODY & ~bits)


async def test_a_game_that_cannot_be_begun_is_told_and_tried_again(bot, scene):
    message, _ = await entered(scene, **QUICK)
    forbid(scene, Permission.CREATE_PUBLIC_THREADS)
    await begin(scene, message)
    await until(scene, message, "A game could not be begun: I may not start a thread here")
    forbid(scene, 0)
    assert "goes on" in await told(await scene.ann.slash(scene.channel, "tournament start"))
    await win(await game(scene, "r1-t1-g01"), scene.ann, scene.bob)
    await until(scene, message, "The tournament is over.")
    assert "could not be begun" not in message.content


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"game": "chess boxing"}, "There is no game of that name; choose one of"),
        ({"game": RPS, "seats": 3}, f"{RPS} has 2 seats at most, so no more can meet."),
        ({"game": RPS, "rounds": 2}, "Only a Swiss tournament has a number of rounds"),
        (
            {"game": RPS, "players": "house:wild"},
            "There is no house bot of that kind; say house:easy",
        ),
        ({"game": RPS, "players": "bard"}, "Say house:easy, house:medium, house:hard, model:"),
        ({"game": RPS, "players": "house:easy, house:easy"}, "Each player can enter once only."),
        ({"game": RPS, "players": "model:bard"}, "No models are set up"),
        ({"game": RPS, "players": "character:nobody"}, "nobody"),
        ({"game": RPS, "options": "luck=3"}, "Write options as name=value"),
    ],
)
async def test_what_cannot_be_played_is_refused_and_nothing_is_kept(bot, scene, wrong, sentence):
    said = await told(await scene.ann.slash(scene.channel, "tournament create", **wrong))
    assert sentence in said
    with closing(sqlite3.connect(scene.settings.database_file)) as db:
        assert db.execute("SELECT count(*) FROM tournaments").fetchone() == (0,)


async def test_players_enter_once_and_leave_before_it_begins_and_not_after(bot, scene):
    message, tournament_id = await entered(scene, **QUICK)
    again = await told(await scene.ann.click(message, "Join"))
    assert again == "You have entered this tournament already."
    command = "tournament remove"
    said = await told(await scene.bob.slash(scene.channel, command, name="Ann"))
    assert said.startswith("Only whoever created this tournament")
    said = await told(await scene.ann.slash(scene.channel, command, name="cy"))
    assert said == "Nobody called cy plays in this tournament."
    assert await told(await scene.bob.click(message, "Leave")) == "You have left the tournament."
    await scene.discord.until(lambda: scene.bob.mention not in message.content)
    said = await told(await scene.ann.slash(scene.channel, "tournament start"))
    assert said == "A tournament needs two players at least: let somebody join."
    said = await told(await scene.ann.slash(scene.channel, "tournament add", player="house:hard"))
    assert said == "House hard enters the tournament."
    await scene.discord.until(lambda: not disabled(message, "Start"))
    await begin(scene, message)
    late = await told(await scene.ann.slash(scene.channel, "tournament add", player="house:easy"))
    assert late == "The tournament has begun already, so its players stay as they are."
    status = await told(await scene.bob.slash(scene.channel, "tournament status"))
    assert "**Round 1**" in status
    assert [one[1] for one in kept(scene, tournament_id)["entrants"]] == ["Ann", "House hard"]


async def test_another_server_knows_nothing_of_it(bot, scene):
    _, tournament_id = await entered(scene, **QUICK)
    stranger = scene.discord.user("stranger")
    elsewhere = scene.discord.guild("Elsewhere", stranger)
    scene.discord.install(scene.app, elsewhere)
    channel = scene.discord.channel(elsewhere)
    said = await told(await stranger.slash(channel, "tournament status"))
    assert said == "There is no tournament in this channel; /tournament create opens one."
    said = await told(await stranger.slash(channel, "tournament status", tournament=tournament_id))
    assert said == "That tournament is not played in this server."


async def test_who_is_forgotten_leaves_the_tournament_too(bot, scene):
    _, tournament_id = await entered(scene, **QUICK)
    export = await (await scene.bob.slash(scene.channel, "privacy export")).reply()
    mine = json.loads(scene.discord.files[export.attachments[0].id])["tournaments"]
    assert [(one["tournament"], one["created"], one["name"]) for one in mine] == [
        (tournament_id, False, "Bob")
    ]
    form = await scene.bob.slash(scene.channel, "privacy delete")
    await told(await scene.bob.submit_modal(form, {"word": "Delete"}))
    assert str(scene.bob.id) not in json.dumps(kept(scene, tournament_id))
    assert [one[1] for one in kept(scene, tournament_id)["entrants"]] == ["Ann"]
    form = await scene.ann.slash(scene.channel, "privacy delete")
    await told(await scene.ann.submit_modal(form, {"word": "Delete"}))
    assert str(scene.ann.id) not in json.dumps(kept(scene, tournament_id))
