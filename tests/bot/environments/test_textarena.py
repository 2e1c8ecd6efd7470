"""Games of TextArena at our tables, with TextArena itself in the workers."""

import os
import signal
from random import Random

import pytest

from games.core import SPECTATOR, Kind, Seat
from games.foreign_events import REFEREE, Asked, Heard, Moved, Observed, TurnedDown
from games.textarena import TextArena, census
from tests.foreign_matches import ANN, BOB, asked, bot, opened, say
from tests.games.contract import _check_views

pytest.importorskip("textarena", reason="needs the extra: make more-games")

NAMES = ("Ann", "Bob", "Cy", "Dee", "Player 1", "Fay", "Gus", "Hal")


def people(number):
    return {**{Seat(name): "me" for name in NAMES[:number]}, REFEREE: "referee"}


def game(env, **options):
    return TextArena(env=env, **options)


def read(table, viewer):
    """Return what a viewer reads, without an end."""
    return [str(event.told()) for event in table.match.view(viewer)]


def likely(table, rng):
    """Return a move that counts, as a house bot would make it."""
    [seat] = table.match.asks
    view = table.match.view_of(seat)
    return view.game.house_answer(view, table.match.asks[seat], "hard", rng)


async def play(table, moves, seed=1):
    """Make so many moves that count, or fewer where the game ends before; return them."""
    rng, made = Random(seed), []
    while len(made) < moves and not table.over:
        made.append(likely(table, rng))
        await say(table, made[-1])
    return made


async def test_a_negotiation_is_told_by_names_and_ends_with_ranks(tmp_path):
    async with bot(tmp_path) as arena:
        table = await opened(arena, game("SimpleNegotiation-v0"))
        assert read(table, BOB)[0] == "In this game, Ann is Player 0, Bob is Player 1."
        assert any(text.startswith("You are Bob") for text in read(table, BOB))
        await say(table, "I like wheat, and [Player 1] likes wood.")
        assert "Ann: I like wheat, and [Player 1] likes wood." in read(table, SPECTATOR)
        await say(table, "Yes.")
        await say(table, "Bob, I like wheat. [Offer: 1 Wheat -> 1 Wood]")
        assert "Ann: Bob, I like wheat. [Offer: 1 Wheat -> 1 Wood]" in read(table, SPECTATOR)
        await say(table, "[Accept]")
        await play(table, 20)
        assert set(table.match.outcome.ranks) == {ANN, BOB}
        assert "Player 0" not in "".join(read(table, BOB)[1:])


async def test_what_is_meant_for_one_seat_no_other_reads(tmp_path):
    async with bot(tmp_path) as arena:
        table = await opened(arena, game("SecretMafia-v0"), people(7))
        roles = {
            seat: next(text for text in read(table, seat) if "Your role:" in text)
            for seat in table.match.seats
        }
        await play(table, 12)
        _check_views(table.match)
        for seat in table.match.seats:
            others = [text for one, text in roles.items() if one != seat]
            assert not {*others} & {*read(table, seat)}
        assert not any("Your role:" in text for text in read(table, SPECTATOR))


async def test_a_secret_choice_is_seen_by_nobody_before_the_other_has_chosen(tmp_path):
    async with bot(tmp_path) as arena:
        table = await opened(arena, game("IteratedRockPaperScissors-v0"))
        await say(table, "[rock]")
        assert not any("rock" in text.lower() for text in read(table, BOB)[3:])
        assert not any("rock" in text.lower() for text in read(table, SPECTATOR)[1:])
        await say(table, "[paper]")
        assert "Round result: Bob wins!" in read(table, SPECTATOR)


@pytest.mark.parametrize("env", ["LiarsDice-v0", "Poker-v0"])
async def test_another_game_that_draws_in_between_changes_nothing(tmp_path, env):
    async with bot(tmp_path / "alone") as arena:
        alone = await opened(arena, game(env))
        moves = await play(alone, 12)
    async with bot(tmp_path / "beside") as arena:
        one = await opened(arena, game(env))
        two = await opened(arena, game("PigDice-v0"), seed=9, match_id="m2")
        rng = Random(2)
        for move in moves:
            await say(one, move)
            if not two.over:
                await say(two, likely(two, rng))
        assert one.match.log == alone.match.log


async def test_a_game_goes_on_when_its_worker_is_killed_and_when_the_bot_starts_again(tmp_path):
    async with bot(tmp_path / "whole") as arena:
        whole = await opened(arena, game("KuhnPoker-v0"))
        moves = await play(whole, 14)
    async with bot(tmp_path / "broken") as arena:
        table = await opened(arena, game("KuhnPoker-v0"))
        await say(table, *moves[:3])
        os.kill(arena.workers.pids[0], signal.SIGKILL)
        await say(table, *moves[3:12])
    async with bot(tmp_path / "broken") as arena:
        table = await arena.wake("m1")
        arena.play(table)
        await asked(table)
        await say(table, *moves[12:])
        assert table.match.log == whole.match.log


async def test_moves_that_do_not_count_can_be_made_again_as_often_as_the_game_allows(tmp_path):
    async with bot(tmp_path) as arena:
        table = await opened(arena, game("Poker-v0", patience=4))
        for _ in range(3):
            await say(table, "[nonsense]")
            assert table.match.asked == {ANN}
        assert isinstance(table.match.log[-1], TurnedDown)
        await say(table, "[nonsense]")
        assert table.match.outcome.ranks == {ANN: 2, BOB: 1}


async def test_where_a_game_lists_its_moves_they_are_choices(tmp_path):
    async with bot(tmp_path) as arena:
        table = await opened(arena, game("TicTacToe-v0"))
        ask = table.match.asks[ANN]
        assert ask.kind is Kind.ONE_OF
        assert ask.choices == tuple("012345678")
        await say(table, "4")
        assert "4" not in table.match.asks[BOB].choices


async def test_brackets_are_put_around_a_move_where_the_game_wants_them(tmp_path):
    async with bot(tmp_path) as arena:
        table = await opened(arena, game("ConnectFour-v0"))
        await say(table, "col 3")
        assert "Ann dropped their disk (X) into column 3." in read(table, SPECTATOR)


async def test_words_come_from_our_own_lists(tmp_path):
    async with bot(tmp_path) as arena:
        table = await opened(arena, game("Hangman-v0"), people(1))
        await say(table, "e")
        assert table.match.asked == {ANN}
        assert not any(isinstance(event, TurnedDown) for event in table.match.log)


async def test_a_prompt_longer_than_a_message_comes_whole(tmp_path):
    async with bot(tmp_path) as arena:
        table = await opened(arena, game("SettlersOfCatan-v0"), people(4))
        longest = max(len(text) for text in read(table, ANN))
        assert longest > 2000
        assert abs(sum(map(len, read(table, ANN)[1:])) - census_prompt("SettlersOfCatan-v0")) < 300


def census_prompt(env):
    return census().playable[env].prompt


async def test_what_somebody_said_is_kept_as_their_words_and_nothing_else_of_it(tmp_path):
    said = "My grandmother lives in a yellow house in Ulm."
    async with bot(tmp_path) as arena:
        table = await opened(arena, game("SimpleNegotiation-v0"))
        await say(table, said)
        await table.forget(ANN)
        assert said not in repr(table.match.log)
    async with bot(tmp_path) as arena:
        table = await arena.wake("m1")
        assert "yellow house" not in repr(table.match.log)
        assert any(isinstance(event, Heard | Moved) for event in table.match.log)


async def test_whoever_is_asked_is_shown_what_the_game_shows_only_then(tmp_path):
    async with bot(tmp_path) as arena:
        table = await opened(arena, game("TwoDollar-v0"))
        assert any("ROUND 1 of 20" in text for text in read(table, ANN))
        assert not any("ROUND 1 of 20" in text for text in read(table, BOB))


async def test_a_mine_is_a_move_and_the_last_one(tmp_path):
    async with bot(tmp_path) as arena:
        table = await opened(arena, game("Minesweeper-v0"), people(1))
        for row in range(8):
            for column in range(8):
                if not table.over:
                    await say(table, f"[{row} {column}]")
        assert "You hit a mine" in str(table.match.outcome.reason)


async def test_house_bots_play_a_game_to_its_end(tmp_path):
    async with bot(tmp_path) as arena:
        players = {ANN: "house:easy", BOB: "house:hard", REFEREE: "referee"}
        table = await arena.open(game("TruthAndDeception-v0"), players, room="nowhere", seed=3)
        outcome = await arena.play(table)
        assert set(outcome.ranks) == {ANN, BOB}
        assert any(isinstance(event, Observed) for event in table.match.log)
        assert any(isinstance(event, Asked) for event in table.match.log)


def test_a_tournament_plays_games_of_textarena(parlour, tmp_path):
    done = parlour(
        "tournament",
        *("--game", "textarena", "--option", "env=SimpleBlindAuction-v0-quick"),
        *("--players", "house:easy,house:hard", "--games", "2", "--jobs", "2"),
        *("--out", tmp_path / "results"),
    )
    assert "Written: " in done.stdout, done.stderr
    assert done.returncode == 0
