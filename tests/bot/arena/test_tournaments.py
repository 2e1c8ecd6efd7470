"""A tournament in a channel: who may enter, what is played next, and what its lobbies look like."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.arena.lobbies import Lobby, LobbyState, Place
from bot.arena.tournaments import Tournament, TournamentState, need_free
from bot.errors import ShownToUser
from games.chameleon import Chameleon
from games.core import Outcome, Seat, Text
from games.secret_mafia import SecretMafia
from games.tic_tac_toe import TicTacToe
from tournaments import Format

NOW = datetime(2026, 1, 2, tzinfo=UTC)
ANN, BOB = 11, 12


def tournament(*players, game=None, format_=Format.ROUND_ROBIN, **more):
    """Return an open tournament of these players."""
    made = Tournament("cup", 1, 2, ANN, "i:1", NOW, game or TicTacToe(), format_, **more)
    for player in players:
        made = made.enter(player, player.split(":")[-1])
    return made


def running(*players, **more):
    return tournament(*players, **more).start()


def test_a_tournament_survives_being_written_down():
    one = running(f"person:{ANN}", "house:hard", format_=Format.SWISS, games=2, minutes=3)
    one = one.with_result("r1-t1-g01", {"1": 1, "2": 2})
    assert Tournament.from_json(one.to_json()) == one


def test_names_are_told_apart():
    one = tournament().enter("person:1", "Ann").enter("person:2", "ann").enter("house:easy", "")
    assert [entrant.name for entrant in one.entrants.values()] == ["Ann", "ann 2", "Guest"]


def test_one_game_of_each_meeting_is_played_at_a_time_round_by_round():
    one = running("house:easy", "house:medium", "house:hard", "person:1", games=2)
    assert [game.name for game in one.next_games()] == ["r1-t1-g01", "r1-t2-g01"]
    one = one.with_result("r1-t1-g01", {"1": 1, "4": 2})
    assert {game.name for game in one.next_games()} == {"r1-t1-g02", "r1-t2-g01"}
    for name, pair in (("r1-t1-g02", "14"), ("r1-t2-g01", "23"), ("r1-t2-g02", "23")):
        one = one.with_result(name, dict.fromkeys(pair, 1))
    assert {game.meeting.round for game in one.next_games()} == {2}


def test_it_is_over_with_its_last_game_and_no_result_counts_twice():
    one = running("house:easy", "house:hard").with_result("r1-t1-g01", {"1": 2, "2": 1})
    assert one.state is TournamentState.OVER
    assert one.next_games() == ()
    assert one.with_result("r1-t1-g01", {"1": 1, "2": 2}) == one
    for change in (one.stop, one.start):
        with pytest.raises(ShownToUser, match="over already"):
            change()


def test_the_lobby_of_a_game_has_its_players_in_their_seats_and_bots_where_nobody_is():
    one = running(f"person:{ANN}", "model:x/bard", game=Chameleon())
    (fixture,) = one.next_games()
    empty = Lobby("abc", Place(1, 2), ANN, one.game, "", NOW)
    lobby = one.lobby_for(fixture, empty)
    assert list(lobby.seats.values()) == [f"person:{ANN}", "model:x/bard", "filler:house:medium"]
    assert lobby.all_ready
    assert lobby.cause == "tournament:cup:r1-t1-g01"
    with pytest.raises(ShownToUser, match="belongs to a tournament"):
        need_free(lobby)
    need_free(replace(lobby, state=LobbyState.STARTED))


def test_whoever_has_left_the_seat_comes_last_however_well_the_house_bot_plays():
    one = running(f"person:{ANN}", f"person:{BOB}")
    (fixture,) = one.next_games()
    seats = (Seat("Ann"), Seat("Bob"))
    bob_wins = Outcome({seats[0]: 0, seats[1]: 1}, Text("It is over."))
    there = dict(zip(seats, (f"person:{ANN}", f"person:{BOB}"), strict=True))
    assert one.ranks_in(fixture, seats, there, bob_wins) == {"1": 2, "2": 1}
    gone = {**there, seats[1]: "house:medium"}
    assert one.ranks_in(fixture, seats, gone, bob_wins) == {"1": 1, "2": 2}
    both = dict.fromkeys(seats, "house:medium")
    assert one.ranks_in(fixture, seats, both, bob_wins) == {"1": 2, "2": 1}
    aborted = Outcome({}, Text("It is over."), aborted=True)
    assert one.ranks_in(fixture, seats, there, aborted) == {}


@pytest.mark.parametrize(
    ("players", "more", "sentence"),
    [
        (["house:easy"], {}, "A tournament needs two players at least: let somebody join."),
        (
            ["house:easy", "house:hard"],
            {"seats": 3},
            "At a table meet both of these players, not 3.",
        ),
        (
            ["house:easy", "house:hard", "house:medium"],
            {"format_": Format.SWISS, "rounds": 3},
            "With 3 players a Swiss tournament has 2 rounds at most.",
        ),
        (
            [f"person:{number}" for number in range(1, 16)],
            {"game": SecretMafia()},
            (
                "Everybody against everybody with 6 at a table would be 5005 "
                "meetings, more than 500; choose Swiss, or fewer seats."
            ),
        ),
    ],
)
def test_what_cannot_be_played_is_not_begun(players, more, sentence):
    one = tournament(*players, **more)
    with pytest.raises(ShownToUser) as refused:
        one.start()
    assert str(refused.value) == sentence
    assert one.state is TournamentState.OPEN
