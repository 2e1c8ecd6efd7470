"""What is kept about a person or a server can be had, and can be deleted."""

import asyncio
import json
from dataclasses import dataclass, replace
from datetime import date
from random import Random
from typing import ClassVar

import pytest

from bot.administration import (
    AuditLine,
    Ban,
    Cost,
    Payer,
    Reservation,
    SealedModel,
    ServerModel,
    ServerSettings,
)
from bot.arena.events import HandedOver, Remarked, Seated
from bot.arena.lobbies import Lobby, LobbyState, Place
from bot.arena.snapshots import restore
from bot.errors import ShownToUser, UnknownMatch
from bot.ports import Effects, Entry, Outgoing, Setup
from games.chameleon import Chameleon
from games.core import SPECTATOR, TABLE, BadSetup, Level, Match, Seat, Text, Turn, Words
from games.debate import Debate
from games.rock_paper_scissors import RockPaperScissors
from games.story_chain import Sight, StoryChain
from games.tic_tac_toe import TicTacToe
from tests.bot.store.conftest import NOON

HERE, ELSEWHERE, ADMIN, ANN, OTHER = 11430001, 2, 77, 8800000000001, 88
SEATS = [Seat("Ann"), Seat("Bob"), Seat("seat"), Seat("Cy")]
PLAYERS = {
    SEATS[0]: f"person:{ANN}",
    SEATS[1]: f"person:{OTHER}",
    SEATS[2]: "house:easy",
    SEATS[3]: "house:easy",
}


@pytest.fixture
def play(store):
    """Play a match to its end, with a remark of each person; `to_the_end` false leaves it open."""

    async def write(match_id, game, players=PLAYERS, to_the_end=True):
        count = {Chameleon: 4}.get(type(game), 2)
        players = dict(list(players.items())[:count])
        match, rng = Match(game, list(players), 7), Random(7)
        everybody = {**players, **dict.fromkeys(game.environment, "house:hard")}
        seated = [Seated(seat, player) for seat, player in everybody.items()]
        setup = Setup(match_id, game, match.seats, 7, f"discord:{match_id}", NOON)
        first = Entry(1, TABLE, (*seated, *match.log), NOON)
        await store.open_match(
            setup, first, Effects((Outgoing(match_id, 1, SPECTATOR),), players=everybody)
        )
        number = 1
        for seat in list(players)[:2]:
            number += 1
            said = Entry(number, seat, (Remarked(seat, Words(f"{seat} says canary")),), NOON)
            await store.append(match_id, said, Effects((Outgoing(match_id, number, seat),)))
        while to_the_end and match.asks:
            number += 1
            seat, ask = next(iter(match.asks.items()))
            answer = game.house_answer(match.view_of(seat), ask, Level.MEDIUM, rng)
            turn = match.say(seat, answer)
            entry = Entry(number, seat, turn.events, NOON, f"i:{match_id}{number}")
            await store.append(match_id, entry, Effects(outcome=match.outcome))
        return match

    return write


@pytest.fixture
def spend(store):
    async def one(guild, user, match_id=""):
        call = Reservation(f"{guild}/{user}", Payer(guild, user, match_id), Cost(1, 1, 1), NOON)
        await store.accounts.reserve(call)
        await store.accounts.settle(call, Cost(10, 20, 30))

    return one


def lobby(lobby_id, state=LobbyState.STARTED, creator=ANN, guild=HERE, seats=PLAYERS):
    place = Place(guild, 5, 6, 7)
    return Lobby(lobby_id, place, creator, TicTacToe(), f"i:{lobby_id}", NOON, seats, state=state)


async def test_an_export_has_all_of_a_person_and_nothing_of_others(store, play, spend):
    await play("m1", TicTacToe())
    await play("m2", TicTacToe(), {SEATS[0]: f"person:{OTHER}", SEATS[1]: "house:easy"})
    await spend(HERE, ANN)
    await spend(HERE, OTHER)
    await store.administration.ban(Ban(HERE, ANN, "spam"), ADMIN)
    await store.administration.ban(Ban(HERE, OTHER, "other"), ANN)
    await store.set_setting(f"user:{ANN}", "pings", "off")
    await store.lobbies.save_lobby(lobby("m1"))
    export = await store.privacy.export_of(ANN)
    assert json.loads(json.dumps(export)) == export
    assert export["matches"] == [
        {
            "match": "m1",
            "game": "tic-tac-toe",
            "room": "discord:m1",
            "opened": NOON.isoformat(),
            "closed": True,
            "seat": "Ann",
            "said": [{"entry": 2, "text": "Ann says canary"}],
        }
    ]
    assert export["lobbies"] == [{"lobby": "m1", "guild": HERE, "made": True, "seats": ["Ann"]}]
    (spending,) = export["spending"]
    assert (spending["guild"], spending["tokens_out"]) == (HERE, 20)
    assert [ban["reason"] for ban in export["bans"]] == ["spam"]
    assert export["settings"] == [{"scope": f"user:{ANN}", "key": "pings", "value": "off"}]
    assert [line["what"] for line in export["audit"]] == [f"ban of {OTHER}"]


async def test_only_what_was_said_while_the_person_sat_there_is_theirs(store, opened):
    await opened("m1")
    seat = Seat("ann")

    def remark(number, words):
        return Entry(number, seat, (Remarked(seat, Words(words)),), NOON)

    def handed(number, player):
        return Entry(number, seat, (HandedOver(seat, player, Text("")),), NOON)

    for entry in (
        remark(2, "before"),
        handed(3, f"person:{ANN}"),
        remark(4, "mine"),
        handed(5, f"person:{ANN}1"),
        remark(6, "another's"),
        handed(7, f"person:{ANN}"),
        remark(8, "mine again"),
        remark(9, "Mine"),
        handed(10, "house:easy"),
        remark(11, "after"),
    ):
        await store.append("m1", entry, Effects())
    export = await store.privacy.export_of(ANN)
    said = [one["text"] for match in export["matches"] for one in match["said"]]
    assert said == ["mine", "mine again", "Mine"]
    assert await store.privacy.delete_of(ANN) == 3
    left = [
        event.words
        for entry in (await store.load("m1")).entries
        for event in entry.events
        if isinstance(event, Remarked)
    ]
    assert left == ["before", "", "another's", "", "", "after"]
    stored = await store.load("m1")
    assert stored.entries[2].events[0].player == "person:0"
    assert stored.entries[4].events[0].player == f"person:{ANN}1"


async def told_again(store, game, before, after):
    """Let ANN play a seat until OTHER takes it; return the texts after ANN's deletion."""
    cy, dee = Seat("cy"), Seat("dee")
    match = Match(game, (cy, dee), 1)
    setup = Setup("m1", game, match.seats, 1, "terminal", NOON)
    seated = [Seated(cy, f"person:{ANN}"), Seated(dee, "house:easy"), *match.log]
    await store.open_match(setup, Entry(1, TABLE, tuple(seated), NOON), Effects())
    moves = [match.say(seat, said) for seat, said in before]
    moves.append(Turn(cy, (HandedOver(cy, f"person:{OTHER}", Text("")),)))
    moves += [match.say(seat, said) for seat, said in after]
    for number, (seat, events) in enumerate(moves, 2):
        await store.append("m1", Entry(number, seat, events, NOON), Effects())
    await store.append("m1", Entry(number + 1, TABLE, (), NOON), Effects(outcome=match.outcome))
    await store.privacy.delete_of(ANN)
    said = [event for entry in (await store.load("m1")).entries for event in entry.events]
    return [word for event in said for word in vars(event).values() if isinstance(word, Words)]


async def test_words_that_are_told_again_go_too_when_another_holds_the_seat(store):
    story = StoryChain(sight=Sight.LAST, rounds=2, vote=False)
    before = [("cy", "I live in Elm Street."), ("dee", "So do I.")]
    left = await told_again(store, story, before, [("cy", "Rain fell."), ("dee", "The end.")])
    parts = ["So do I.", "Rain fell.", "The end."]
    assert left == ["", *parts, "", *parts]


async def test_a_quote_of_a_judge_goes_with_what_was_quoted(store):
    before = [("cy", "Look, “I live” in Elm Street."), ("dee", "Cheese needs no street.")]
    form = {"for": 5, "against": 5, "against_quote": "needs no street"}
    judged = json.dumps(form | {"for_quote": 'look, "I live" in elm'})
    debate = Debate(motion="Cheese is good.", speeches=1, swap=False)
    left = await told_again(store, debate, before, [("judge", judged)])
    assert left == ["", "Cheese needs no street.", "", "needs no street", ""]


async def test_what_is_told_again_of_another_stays(store):
    await told_again(
        store,
        StoryChain(sight=Sight.LAST, rounds=2, vote=False),
        [("cy", "Fog."), ("dee", "More fog.")],
        [("cy", "Rain."), ("dee", "The end.")],
    )
    export = await store.privacy.export_of(OTHER)
    (match,) = export["matches"]
    assert [one["text"] for one in match["said"]] == ["Rain.", "Rain."]


@pytest.mark.parametrize("game", [TicTacToe(), RockPaperScissors(), Chameleon()])
async def test_a_deleted_person_is_nowhere_and_the_match_still_replays(store, play, game):
    match = await play("m1", game)
    before = await store.load("m1")
    assert await store.privacy.delete_of(ANN) >= 1
    after = await store.load("m1")
    renamed = {Seat("Ann"): Seat("Somebody 1")}
    assert list(after.setup.seats) == [renamed.get(seat, seat) for seat in before.setup.seats]
    assert "Ann" not in repr(after)
    assert str(ANN) not in repr(after)
    again = restore(after)
    assert again.outcome == after.outcome
    assert list(again.outcome.scores.values()) == list(match.outcome.scores.values())
    assert len(again.log) == len(match.log)
    assert after.entries[2].events == (Remarked(Seat("Bob"), Words("Bob says canary")),)
    (summary,) = await store.matches()
    assert summary.seats[Seat("Somebody 1")] == "person:0"
    assert Seat("Somebody 1") in {message.audience for message in await store.undelivered()}
    assert (await store.privacy.export_of(ANN))["matches"] == []
    assert await store.privacy.delete_of(ANN) == 0
    assert await store.load("m1") == after


async def test_a_name_that_is_also_a_word_of_the_rules_is_replaced_as_a_name_alone(store, play):
    await play("m1", Chameleon(), {**PLAYERS, SEATS[2]: f"person:{ANN}1"})
    await store.privacy.delete_of(int(f"{ANN}1"))
    after = await store.load("m1")
    assert after.setup.seats[2] == "Somebody 1"
    assert restore(after).outcome == after.outcome


@dataclass(frozen=True)
class NamedTicTacToe(TicTacToe):
    """Tic-tac-toe whose options name a player."""

    name: ClassVar[str] = "named-tic-tac-toe-of-tests"
    host: str = "Ann"

    def check_seats(self, seats, /):
        super().check_seats(seats)
        if self.host not in seats:
            raise BadSetup(f"{self.host} must play.")


async def test_where_the_rules_know_a_name_it_stays_but_nobody_stands_behind_it(store, play):
    await play("m1", NamedTicTacToe())
    assert await store.privacy.delete_of(ANN) == 1
    after = await store.load("m1")
    assert after.setup.seats == (SEATS[0], SEATS[1])
    assert restore(after).outcome == after.outcome
    assert str(ANN) not in repr(after)
    assert "canary" not in repr(after.entries[1])


async def test_whose_game_is_not_installed_any_more_nobody_stands_behind_a_name(store, play, raw):
    await play("m1", RockPaperScissors())
    await raw("UPDATE matches SET game = replace(game, 'rock-paper-scissors', 'ludo')")
    assert await store.privacy.delete_of(ANN) == 1
    assert str(ANN) not in repr(await raw("SELECT * FROM entries"))
    await raw("UPDATE matches SET game = replace(game, 'ludo', 'rock-paper-scissors')")
    after = await store.load("m1")
    assert after.setup.seats == (SEATS[0], SEATS[1])
    assert restore(after).outcome == after.outcome
    assert "canary" not in repr(after.entries[1])


async def test_while_a_match_goes_on_its_player_is_not_deleted(store, play):
    await play("m1", TicTacToe(), to_the_end=False)
    before = await store.load("m1")
    with pytest.raises(ShownToUser, match=r"You still sit in a match that goes on: leave or end"):
        await store.privacy.delete_of(ANN)
    assert await store.load("m1") == before
    assert await store.administration.audit(0) == []


async def test_who_has_left_a_match_that_goes_on_keeps_only_a_name_there(store, play):
    await play("m1", TicTacToe(), to_the_end=False)
    gone = HandedOver(SEATS[0], "house:easy", Text("{seat} has left.", seat=SEATS[0]))
    await store.append(
        "m1", Entry(4, SEATS[0], (gone,), NOON), Effects(players={SEATS[0]: "house:easy"})
    )
    assert await store.privacy.delete_of(ANN) == 1
    after = await store.load("m1")
    assert after.setup.seats == (SEATS[0], SEATS[1])
    assert str(ANN) not in repr(after)
    assert "Ann says" not in repr(after)


async def test_deleting_a_person_takes_rows_but_leaves_bans_totals_and_the_fact(store, spend):
    await spend(HERE, ANN)
    await spend(HERE, OTHER)
    await store.administration.ban(Ban(HERE, ANN, "called Bob a canary"), ADMIN)
    await store.set_setting(f"user:{ANN}", "pings", "off")
    await store.privacy.delete_of(ANN)
    day = date(2026, 1, 2)
    assert (await store.accounts.spent(HERE, ANN, day)).requests == 0
    assert (await store.accounts.spent(HERE, OTHER, day)).requests == 1
    assert (await store.accounts.spent(HERE, 0, day)).requests == 2
    assert await store.administration.bans(HERE) == [Ban(HERE, ANN, "")]
    assert await store.get_setting(f"user:{ANN}", "pings") is None
    (line,) = await store.administration.audit(0)
    assert (line.who, line.what) == (0, "data of a member")


async def test_a_call_that_runs_meanwhile_is_settled_for_the_server(store):
    call = Reservation("r1", Payer(HERE, ANN), Cost(5, 5, 5), NOON)
    await store.accounts.reserve(call)
    await store.privacy.delete_of(ANN)
    await store.accounts.settle(call, Cost(7, 7, 7))
    assert (await store.accounts.spent(HERE, 0, date(2026, 1, 2))).tokens_in == 7
    assert (await store.accounts.spent(HERE, ANN, date(2026, 1, 2))).tokens_in == 0


async def test_lobbies_forget_a_person_and_open_ones_have_a_seat_free(store):
    await store.lobbies.save_lobby(lobby("old"))
    await store.lobbies.save_lobby(lobby("made", LobbyState.OPEN))
    await store.lobbies.save_lobby(lobby("joined", LobbyState.OPEN, OTHER))
    await store.lobbies.save_lobby(lobby("others", LobbyState.OPEN, OTHER, seats={}))
    untouched = await store.lobbies.lobby("others")
    await store.privacy.delete_of(ANN)
    old, made, joined = [await store.lobbies.lobby(one) for one in ("old", "made", "joined")]
    assert str(ANN) not in repr([old, made, joined])
    assert (old.creator, old.state, old.seats[Seat("Somebody 1")]) == (
        0,
        LobbyState.STARTED,
        "person:0",
    )
    assert made.state is LobbyState.CANCELLED
    assert list(joined.seats) == SEATS[1:]
    assert (joined.creator, joined.state) == (OTHER, LobbyState.OPEN)
    assert await store.lobbies.lobby("others") == untouched


async def test_a_server_is_exported_without_keys_and_without_what_was_said(store, play, spend):
    await play("m1", TicTacToe())
    await store.lobbies.save_lobby(lobby("m1"))
    await spend(HERE, ANN, "m1")
    await spend(ELSEWHERE, ANN, "m2")
    model = ServerModel(HERE, "gpt", "https://x.test/v1", "m", "sk-…abcd")
    await store.administration.put_model(SealedModel(model, "sealed canary"), ADMIN)
    await store.administration.change_settings(HERE, ServerSettings(seconds=9), ADMIN)
    export = await store.privacy.export_of_guild(HERE)
    assert json.loads(json.dumps(export)) == export
    assert "canary" not in json.dumps(export)
    assert export["models"][0]["key"] == "sk-…abcd"
    assert [match["match"] for match in export["matches"]] == ["m1"]
    assert {row["guild"] for row in export["spending"]} == {HERE}
    (cost,) = export["costs"]
    assert (cost["match_id"], cost["tokens_out"]) == ("m1", 20)
    assert len(export["settings"]) == 1
    assert len(export["audit"]) == 2
    nothing = await store.privacy.export_of_guild(3)
    assert not any(rows for key, rows in nothing.items() if key != "guild")


async def test_a_deleted_server_leaves_its_audit_log_and_all_other_servers(store, play, spend):
    for match_id, guild in (("m1", HERE), ("m2", ELSEWHERE)):
        await play(match_id, TicTacToe())
        await store.lobbies.save_lobby(lobby(match_id, guild=guild))
        await spend(guild, ANN, match_id)
        model = ServerModel(guild, "gpt", "https://x.test/v1", "m")
        await store.administration.put_model(SealedModel(model, ""), ADMIN)
        await store.administration.change_settings(guild, ServerSettings(seconds=9), ADMIN)
        await store.administration.ban(Ban(guild, OTHER, "spam"), ADMIN)
    other = await store.privacy.export_of_guild(ELSEWHERE)
    assert await store.privacy.delete_of_guild(HERE, ADMIN) == 1
    assert await store.privacy.export_of_guild(ELSEWHERE) == other
    left = await store.privacy.export_of_guild(HERE)
    assert {key for key, rows in left.items() if rows} == {"guild", "audit"}
    newest = (await store.administration.audit(HERE))[0]
    assert newest == AuditLine(HERE, ADMIN, "data deleted", "", "", newest.at)
    with pytest.raises(UnknownMatch):
        await store.load("m1")
    assert (await store.load("m2")).outcome is not None
    costs = [(await store.accounts.cost_of_match(one)).money for one in ("m1", "m2")]
    assert costs == [0, 30]


async def test_a_server_whose_match_goes_on_is_not_deleted(store, play):
    await play("m1", TicTacToe(), to_the_end=False)
    await store.lobbies.save_lobby(lobby("m1"))
    before = await store.privacy.export_of_guild(HERE)
    with pytest.raises(ShownToUser, match=r"This server still has a match that goes on: leave or"):
        await store.privacy.delete_of_guild(HERE, ADMIN)
    assert await store.privacy.export_of_guild(HERE) == before


async def test_a_deletion_leaves_no_byte_in_the_file(tmp_path):
    from bot.store.sql_store import SqlStore

    store = await SqlStore.open(tmp_path / "data" / "parlour.db")
    await store.administration.ban(Ban(HERE, ANN, "CANARY"), ADMIN)
    await store.lobbies.save_lobby(replace(lobby("m1"), seats={Seat("CANARY"): f"person:{ANN}"}))
    await asyncio.gather(*(store.set_setting(f"user:{ANN}", str(n), "CANARY") for n in range(9)))
    await store.privacy.delete_of(ANN)
    assert b"CANARY" not in b"".join(file.read_bytes() for file in (tmp_path / "data").iterdir())
    await store.close()
