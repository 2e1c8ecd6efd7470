"""What a model reads of a game that tells its rules itself, and draws its boards with signs."""

from bot.players.prompt import messages
from games.core import Ask, Seat, View, Words
from games.foreign_events import Heard, Observed
from tests.unruly_game import Unruly

ANN, BOB = Seat("Ann"), Seat("Bob")
RULES = Observed((ANN,), "You are a spy.\nFind the others.")
BOARD = "Board:\n 0 | X | O\n 1 | . | ."


def prompt(*events, context=6000):
    view = View(Unruly(), ANN, (ANN, BOB), [RULES, *events])
    return messages(view, Ask("Your move."), (), None, context)[1]["content"]


def test_the_last_drawing_keeps_its_lines():
    earlier = Observed(None, BOARD.replace("X", "?"))
    read = prompt(earlier, Observed(None, BOARD), Observed(None, "Bob thinks."))
    assert "The board now:\n| Board:\n|  0 | X | O\n|  1 | . | ." in read


def test_without_a_drawing_there_is_no_board():
    assert "The board now" not in prompt(Observed(None, "Bob thinks."))


def test_the_rules_are_never_left_out():
    talk = [Heard(BOB, None, Words(f"line {n} {'x' * 90}"), verbatim=True) for n in range(300)]
    read = prompt(*talk, context=2000)
    assert "1. You are a spy. Find the others.\n(Lines 2 to " in read
    assert "line 299" in read
    assert "line 5 " not in read
    assert len(read) < 4 * 2000
