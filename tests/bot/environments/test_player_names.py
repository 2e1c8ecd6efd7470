"""Names of seats in place of “Player 0” and the like, and back."""

import pytest

from bot.environments.player_names import PlayerNames
from games.core import Seat


def names(*seats):
    return PlayerNames(tuple(map(Seat, seats)))


def test_people_read_names_and_the_environment_reads_numbers():
    known = names("Ann", "Bob")
    assert known.shown("[Player 1] attacks Player 0.") == "[Bob] attacks Ann."
    assert known.meant("[Bob] lies, says Ann.") == "[Player 1] lies, says Player 0."


def test_a_number_that_nobody_has_stays_as_it_is():
    assert names("Ann").shown("[Player 7]") == "[Player 7]"


def test_a_name_inside_another_word_is_not_meant():
    assert names("Ann", "Bo").meant("Annette and Bob") == "Annette and Bob"


def test_the_longer_of_two_names_is_meant():
    assert names("Player 1", "Player 10").meant("[Player 10]") == "[Player 1]"
    assert names("Ann", "Ann Lee").meant("Ann Lee") == "Player 1"


def test_names_that_look_like_other_numbers_come_through_both_ways():
    known = names("Player 1", "Player 0")
    assert known.shown("Player 0, then Player 1") == "Player 1, then Player 0"
    assert known.meant(known.shown("[Player 0]")) == "[Player 0]"


@pytest.mark.parametrize("name", ["3", "A"])
def test_a_name_of_which_moves_are_made_stays_in_moves(name):
    assert names(name, "Bob").meant(f"[{name} 4]") == f"[{name} 4]"


def test_a_name_with_signs_is_no_pattern():
    assert names("A.B", "not (Ann").meant("AxB A.B not (Ann") == "AxB Player 0 Player 1"


def test_everybody_is_told_who_is_which_number():
    assert names("Ann", "Bob").legend() == "In this game, Ann is Player 0, Bob is Player 1."
