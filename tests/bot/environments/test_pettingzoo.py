"""Games of PettingZoo, played with PettingZoo itself in a worker process."""

import os
import re
import signal
from importlib.util import find_spec
from random import Random

import pytest

from bot.environments.pettingzoo import PettingZoo as Adapter
from bot.environments.process import Workers
from bot.environments.snapshots import Snapshots
from bot.errors import OperatorError
from bot.players.referee import Referee
from games.core import SPECTATOR, Match, Seat, UnclearMove
from games.foreign_events import REFEREE
from games.pettingzoo import PLAYABLE, PettingZoo

pytestmark = pytest.mark.skipif(
    find_spec("pettingzoo") is None, reason="needs the extra `pettingzoo`: make more-games"
)
NAMES = ("Ann", "Bob", "Cy", "Dee", "Player 1", "O'Neil", "李雷", "Hal", "Ida", "Jo")
CARD = r"(?:10|[2-9JQKA])[♠♥♦♣]"


class Table:
    """A match whose environment answers for itself."""

    def __init__(self, folder, workers, env, seats=2, seed=7):
        self.workers = workers
        self.match = Match(PettingZoo(env=env), NAMES[:seats], seed)
        self.referee = Referee(self.match.game, "m", workers, Snapshots(folder))

    async def settle(self):
        while REFEREE in self.match.asks:
            view = self.match.view_of(REFEREE)
            self.match.say(REFEREE, await self.referee.answer(view, self.match.asks[REFEREE], ()))
        return self

    async def play(self, *moves):
        for move in moves:
            (seat,) = self.match.asked
            self.match.say(seat, move)
            await self.settle()

    async def play_at_random(self, seed=1):
        rng = Random(seed)
        while not self.match.over:
            (ask,) = self.match.asks.values()
            await self.play(ask.sample(rng))

    def read(self, viewer):
        return [text for event in self.match.view(viewer) if (text := str(event.told()))]


@pytest.fixture
async def table(tmp_path):
    workers = Workers()

    async def opened(env, seats=2, seed=7):
        return await Table(tmp_path, workers, env, seats, seed).settle()

    yield opened
    await workers.close()


@pytest.mark.parametrize("env", PLAYABLE)
async def test_an_environment_is_played_to_its_end(env, table):
    one = await table(env)
    await one.play_at_random()
    outcome = one.match.outcome
    assert not outcome.aborted
    assert set(outcome.scores) == {"Ann", "Bob"}
    assert sum(outcome.scores.values()) == 0  # each of these games is one of these


async def test_the_most_that_can_play_do(table):
    one = await table("texas_holdem_v4", seats=10)
    await one.play_at_random()
    assert len(one.match.outcome.scores) == 10


async def test_four_in_a_line_win_on_the_board_of_pettingzoo(table):
    one = await table("connect_four")
    await one.play("a", "b", "a", "b", "a", "b")
    assert one.match.asks["Ann"].choices == tuple("abcdefg")
    await one.play("a")
    assert str(one.match.board()).splitlines()[3:] == [
        "4 X . . . . . .",
        "3 X O . . . . .",
        "2 X O . . . . .",
        "1 X O . . . . .",
    ]
    assert one.match.outcome.ranks == {"Ann": 1, "Bob": 2}
    assert one.read(SPECTATOR)[:3] == ["Ann has X.", "Bob has O.", "Ann: a"]


async def test_the_winner_of_tic_tac_toe_wins(table):
    one = await table("tictactoe")
    await one.play("a1", "c3", "b1", "c2", "c1")
    assert str(one.match.board()) == "  a b c\n1 X X X\n2 . . O\n3 . . O"
    assert one.match.outcome.winners == ["Ann"]


async def test_a_move_against_the_rules_changes_nothing(table):
    one = await table("connect_four")
    await one.play(*"aaaaaa")
    before = list(one.match.log)
    with pytest.raises(UnclearMove, match="Say exactly one of b, c, d, e, f and g"):
        one.match.say("Ann", "a")
    assert one.match.log == before


async def test_a_throw_stays_secret_until_both_have_thrown(table):
    one = await table("rps")
    await one.play("rock")
    assert not any("rock" in text for who in ("Bob", SPECTATOR) for text in one.read(who))
    await one.play("paper")
    assert one.read(SPECTATOR)[-1] == "Round 1. Ann: rock, Bob: paper."


@pytest.mark.parametrize("env", ["leduc_holdem_v4", "texas_holdem_v4", "texas_holdem_no_limit_v6"])
async def test_cards_are_seen_by_their_own_seat_until_they_are_shown(env, table):
    for seed in range(4):
        one = await table(env, seed=seed)
        own = {seat: dealt(one.read(seat)) for seat in one.match.seats}
        assert all(own.values())
        await one.play_at_random(seed)
        said = "\n".join(one.read(SPECTATOR))
        folded = "fold" in said
        for seat, rival in (("Ann", "Bob"), ("Bob", "Ann")):
            assert (f"{rival} has {own[rival]}" in "\n".join(one.read(seat))) is not folded
        assert "Your cards" not in said


def dealt(texts):
    return next(
        found[1] for text in texts if (found := re.fullmatch(rf"Your cards: ({CARD}.*)\.", text))
    )


async def test_the_same_seed_deals_the_same(table):
    deals = [dealt((await table("texas_holdem_v4", seed=seed)).read("Ann")) for seed in (1, 1, 2)]
    assert deals[0] == deals[1] != deals[2]


async def test_two_games_at_once_do_not_mix(table):
    alone = await table("leduc_holdem_v4", seed=3)
    await alone.play_at_random(5)
    one, other = await table("leduc_holdem_v4", seed=3), await table("leduc_holdem_v4", seed=4)
    rngs = {one: Random(5), other: Random(6)}
    while not (one.match.over and other.match.over):
        for each in (one, other):
            for ask in each.match.asks.values():
                await each.play(ask.sample(rngs[each]))
    assert one.match.log == alone.match.log


@pytest.mark.parametrize("env", ["go_v5", "texas_holdem_v4"])
async def test_a_game_goes_on_where_it_was_when_its_worker_is_killed(env, table):
    unharmed, one = await table(env), await table(env)
    for each in (unharmed, one):
        rng = Random(2)
        for number in range(14):
            if each.match.over:
                break
            if each is one and number % 5 == 2:
                os.kill(each.workers.pids[-1], signal.SIGKILL)
            (ask,) = each.match.asks.values()
            await each.play(ask.sample(rng))
    assert one.match.log == unharmed.match.log


def test_a_library_that_is_missing_is_named_with_what_installs_it(monkeypatch):
    monkeypatch.setattr("bot.environments.pettingzoo.find_spec", lambda _: None)
    with pytest.raises(OperatorError) as why:
        Adapter("go_v5").begin((Seat("Ann"), Seat("Bob")), 1)
    assert str(why.value) == ("Games of PettingZoo need the extra “pettingzoo”: make more-games.")
