"""Options are read from text, explained by their docstrings, and refused with a sentence."""

import pytest

from games.chameleon import Chameleon
from games.conversation import Conversation, Floor
from games.core import BadSetup
from games.core.options import Option, game_with, options_of
from games.prisoners_dilemma import PrisonersDilemma
from games.rock_paper_scissors import RockPaperScissors
from games.tic_tac_toe import TicTacToe


def option(kind):
    return Option("thing", kind, None, "A thing.", hidden=False)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (bool, "yes", True),
        (bool, " OFF ", False),
        (int, "12", 12),
        (float, "0.5", 0.5),
        (str, "  Ann\x00 ", "Ann"),
        (Floor, "OPEN FLOOR", Floor.OPEN),
        (tuple[int, ...], "1, 2,3,", (1, 2, 3)),
        (tuple[str, ...], "", ()),
    ],
)
def test_an_option_is_read_from_text(kind, text, value):
    assert option(kind).read(text) == value


@pytest.mark.parametrize(
    ("kind", "text", "wanted"),
    [
        (bool, "perhaps", "yes or no, not 'perhaps'"),
        (int, "1.5", "a whole number, not '1.5'"),
        (int, "9" * 5_000, "a whole number, not '999"),
        (int, "", "a whole number, not ''"),
        (float, "nan", "a number, not 'nan'"),
        (float, "1e999", "a number, not '1e999'"),
        (Floor, "attic", "one of round robin or open floor, not 'attic'"),
        (tuple[int, ...], "1, x", "a whole number, not 'x'"),
    ],
)
def test_a_value_that_does_not_fit_is_refused(kind, text, wanted):
    with pytest.raises(BadSetup, match=f"The option thing needs {wanted}"):
        option(kind).read(text)


def test_options_are_explained_and_say_whether_they_are_hidden():
    topic = next(option for option in options_of(Chameleon) if option.name == "topic")
    assert (topic.type, topic.default, topic.hidden) == (str, None, True)
    assert topic.help == "The topic to play, instead of one drawn."
    rounds = next(option for option in options_of(Conversation) if option.name == "rounds")
    assert (rounds.type, rounds.default, rounds.hidden) == (int, 10, False)


def test_a_game_is_made_with_options_given_as_text():
    assert game_with(RockPaperScissors, {"target": "5"}) == RockPaperScissors(target=5)
    assert game_with(TicTacToe, {}) == TicTacToe()


@pytest.mark.parametrize(
    ("game", "given", "why"),
    [
        (
            RockPaperScissors,
            {"goal": "5"},
            "rock-paper-scissors has no option 'goal'; it has target.",
        ),
        (TicTacToe, {"size": "5"}, "tic-tac-toe has no option 'size'; it has none."),
        (RockPaperScissors, {"target": "0"}, "The option target needs a number from 1 to 100."),
        (PrisonersDilemma, {"reward": "9"}, "The payoffs need temptation > reward"),
    ],
)
def test_options_that_do_not_fit_the_game_are_refused(game, given, why):
    with pytest.raises(BadSetup) as refused:
        game_with(game, given)
    assert str(refused.value).startswith(why)
