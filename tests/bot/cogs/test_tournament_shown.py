"""What the message of a tournament says, and that Discord takes it however long it would be."""

from datetime import UTC, datetime

import pytest

from bot.arena.tournaments import MOST, Tournament
from bot.cogs.tournament_shown import result_text, tournament_text
from bot.languages import ENGLISH
from games.tic_tac_toe import TicTacToe
from tournaments import Format

NOW = datetime(2026, 1, 2, tzinfo=UTC)
TROUBLE = "I may not start a thread here."


def crowded(player="person:{id}", name="Member number {number:02}"):
    """Return an open tournament with as many players as can enter, all with long names."""
    cup = Tournament("abcd1234", 1, 2, 10**17, "i:1", NOW, TicTacToe(), Format.SWISS)
    for number in range(MOST):
        cup = cup.enter(player.format(id=10**17 + number), name.format(number=number))
    return cup


def test_a_long_message_leaves_out_whole_meetings_and_tells_first_why_nothing_begins():
    cup = crowded().start()
    going = {one.name: 10**17 + at for at, one in enumerate(cup.next_games())}
    text = tournament_text(cup, going, TROUBLE, ENGLISH)
    assert len(text) <= 2000
    lines = text.splitlines()
    told = f"A game could not be begun: {TROUBLE} /tournament start tries again."
    assert lines[2] == told
    meetings = [line for line in lines if ": game 1 of 1 " in line]
    assert meetings
    assert all(line.endswith(">") for line in meetings)
    assert lines[-1] == f"… and {16 - len(meetings)} more."


@pytest.mark.parametrize("name", ["Member number {number:02}", "_{number:_^26}_"])
def test_who_waits_is_listed_in_whole_lines(name):
    cup = crowded("character:the-long-winded-{id}", name)
    text = tournament_text(cup, {}, "", ENGLISH)
    assert len(text) <= 2000
    lines = text.splitlines()
    assert "Waiting for players: press Join." in lines
    listed = [line for line in lines if "the character the-long-winded-" in line]
    assert lines[-1] == f"… and {MOST - len(listed)} more."
    begun = cup.start()
    for shown in (
        tournament_text(begun, {}, TROUBLE, ENGLISH),
        result_text(begun, ENGLISH, as_text=True),
    ):
        assert len(shown) <= 2000
        assert shown.splitlines()[-1].endswith("more.")


def test_a_short_message_says_all():
    cup = crowded()
    small = Tournament("abcd1234", 1, 2, 10**17, "i:1", NOW, TicTacToe(), Format.SWISS)
    for entrant in [*cup.entrants.values()][:4]:
        small = small.enter(entrant.player, entrant.name)
    text = tournament_text(small.start(), {}, "", ENGLISH)
    assert text.count(": game 1 of 1") == 2
    assert "more." not in text
