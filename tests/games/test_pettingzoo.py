"""The games of PettingZoo as a table knows them, without PettingZoo."""

import pytest

from games.core import BadSetup, Match, Seat
from games.foreign_events import REFEREE
from games.foreign_report import Diagram, Question, Report
from games.pettingzoo import PLAYABLE, PettingZoo

ANN, BOB = Seat("Ann"), Seat("Bob")
ROWS = (("", "X"), ("O", ""))


def reported(**parts):
    match = Match(PettingZoo(), (ANN, BOB), 7)
    match.say(REFEREE, Report(asked=Question(ANN, options=("a", "b")), **parts).to_json())
    return match


@pytest.mark.parametrize("name", ["Connect_Four", "connect_four_v3", " connect_four "])
def test_the_version_of_an_environment_may_be_left_off(name):
    assert PettingZoo(env=name).env == "connect_four_v3"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("hanabi", "hanabi_v5 of PettingZoo cannot be played: it needs OpenSpiel and Shimmy"),
        ("pong_v3", "There is no game 'pong_v3' of PettingZoo. There are tictactoe_v3, "),
        ("", "There is no game '' of PettingZoo. There are tictactoe_v3, "),
    ],
)
def test_an_environment_that_cannot_be_played_is_refused_with_the_reason(name, sentence):
    with pytest.raises(BadSetup) as why:
        PettingZoo(env=name)
    assert str(why.value).startswith(sentence)


@pytest.mark.parametrize("env", PLAYABLE)
def test_each_environment_has_its_own_number_of_seats(env):
    game = PettingZoo(env=env)
    most = max(PLAYABLE[env].seats)
    game.check_seats([Seat(f"seat {number}") for number in range(most)])
    with pytest.raises(BadSetup, match="pettingzoo needs 2"):
        game.check_seats([Seat(f"seat {number}") for number in range(most + 1)])


def test_a_board_is_drawn_from_the_last_report_and_not_told():
    sides = (("X",), ("O",))
    match = reported(board=Diagram(ROWS, ("a", "b"), ("2", "1"), sides))
    assert str(match.board()) == "  a b\n2 . X\n1 O ."
    assert [cell.side for cell in match.board().parts[0].rows[1]] == [2, 0]
    assert [str(event.told()) for event in match.public_view()] == [""]
    match.say(ANN, "a")
    later = Diagram((("X", "X"), ("O", "")), ("a", "b"), ("2", "1"))
    match.say(REFEREE, Report(asked=Question(BOB, options=("b",)), board=later).to_json())
    assert str(match.board()) == "  a b\n2 X X\n1 O ."


@pytest.mark.parametrize(
    ("board", "fault"),
    [
        (Diagram(()), "a board has 1 to 30 rows and columns"),
        (Diagram((("",),) * 31), "a board has 1 to 30 rows and columns"),
        (Diagram((("", ""), ("",))), "the rows and labels of a board do not fit together"),
        (Diagram(ROWS, ("a",)), "the rows and labels of a board do not fit together"),
        (Diagram(ROWS, labels=("1",)), "the rows and labels of a board do not fit together"),
        (Diagram((("x" * 13,),)), "a cell of a board has at most 12 visible characters"),
        (Diagram((("\n",),)), "a cell of a board has at most 12 visible characters"),
    ],
)
def test_a_board_that_cannot_be_drawn_is_refused(board, fault):
    match = Match(PettingZoo(), (ANN, BOB), 7)
    asked = Question(ANN, options=("a",))
    with pytest.raises(Exception, match=f"The report cannot be taken: {fault}"):
        match.say(REFEREE, Report(asked=asked, board=board).to_json())
    assert match.asked == {REFEREE}
