"""The options of TextArena's games, for which TextArena need not be installed."""

import pytest

from games.core import BadSetup, Seat
from games.core.codec import game_from_json, game_to_json
from games.core.options import game_with
from games.textarena import TextArena, census

NAMES = tuple(map(Seat, ("Ann", "Bob", "Cy", "Dee", "Eve", "Fay")))


@pytest.mark.parametrize("env", ["secretmafia", "SecretMafia-v0", " SECRETMAFIA-V0 "])
def test_a_game_is_named_in_any_case_and_without_its_version(env):
    assert game_with(TextArena, {"env": env}).env == "SecretMafia-v0"


def test_what_cannot_be_played_is_refused_with_the_reason():
    with pytest.raises(BadSetup) as refused:
        TextArena(env="debate")
    told = "Debate-v0 of TextArena cannot be played: a model judges it that is reached over the "
    assert str(refused.value) == f"{told}network."


def test_an_unknown_game_is_refused_with_those_that_may_be_meant():
    with pytest.raises(BadSetup) as refused:
        TextArena(env="Pokerr")
    assert str(refused.value).startswith("There is no game 'Pokerr' of TextArena. There are Poker")
    with pytest.raises(BadSetup, match=r"python bot\.py games --textarena"):
        TextArena(env="")


def test_each_game_has_its_own_number_of_seats():
    taboo = TextArena(env="Taboo-v0")
    assert (taboo.min_seats, taboo.max_seats) == (4, 14)
    assert (TextArena.min_seats, TextArena.max_seats) == (1, 15)
    taboo.check_seats(NAMES[:4])
    with pytest.raises(BadSetup) as refused:
        taboo.check_seats(NAMES[:5])
    assert str(refused.value) == "Taboo-v0 needs 4, 6, 8, 10, 12 or 14 seats; 5 were given."


def test_a_game_comes_back_from_a_store():
    game = TextArena(env="Taboo-v0", longest=40, seed=3)
    again = game_from_json(game_to_json(game))
    assert again == game
    assert again.min_seats == 4
    assert again.without_hidden().min_seats == 4


def test_the_census_tells_of_every_game_what_a_table_needs_to_know():
    known = census()
    assert len(known.playable) > 200
    assert not set(known.playable) & set(known.excluded)
    for facts in known.playable.values():
        assert facts.seats
        assert 1 <= min(facts.seats) <= max(facts.seats) <= TextArena.max_seats
        assert facts.prompt > 0
        assert facts.moves is None or 0 < facts.moves <= 300
        assert len(str(TextArena(env=facts.env).rules())) > 100
    assert all(known.excluded.values())
