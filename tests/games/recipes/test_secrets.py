"""What a recipe keeps secret cannot be told by mistake, and is not."""

from random import Random

import pytest

from games.core import SPECTATOR, Match
from games.recipes import SHIPPED, recipe_game
from tests.games.contract import check_game, play_at_random
from tests.games.recipes.documents import faults_of, match_of
from tests.games.recipes.test_mutated_recipes import EVERYTHING

SECRETS = """
[roles.spy]
count = 1
text = "You are the spy."

[roles.guest]
text = "You are a guest."

[lists]
codes = ["red", "green"]
pets = ["cat", "dog", "owl", "ant", "bee", "cow"]

[[lists.riddles]]
question = "What has hands, and cannot clap?"
answer = "a clock"

[draws.code]
from = "codes"
known_by = ["spy"]

[draws.pet]
from = "pets"
each = true

[draws.riddle]
from = "riddles"
secret = ["answer"]
"""
WHERE_ARE_WE = next(kind for kind in SHIPPED if kind.name == "where-are-we")
UNMASKING = WHERE_ARE_WE.recipe.numbers["unmasking"]
MUSEUM = next(kind for kind in SHIPPED if kind.name == "museum-of-odd-things")


@pytest.mark.parametrize(
    ("phase", "fault"),
    [
        ('tell = "{code}"', "not all who read it may know"),
        ('tell = "{code}"\nto = "guest"', "not all who read it may know"),
        ('tell = "{code}"\nto = "spy"', ""),
        ('tell = "{code}"\nreveals = ["code"]', ""),
        ('tell = "{riddle_question}"', ""),
        ('tell = "{riddle_answer}"', "not all who read it may know"),
        ('ask = "{riddle_answer}"', "not all who read it may know"),
        ('tell = "{spy}"', "which is not known"),
        ('tell = "{spy}"\nreveals = ["spy"]', ""),
        ('tell = "You have {pet}."', ""),
        ('ask = "{pet}?"\nof = "moderator"', "only that seat may read it"),
        ('ask = "{code}?"', "not all who read it may know"),
        ('ask = "Who?"\nof = "spy"', "this would show who is spy"),
        ('ask = "Who?"\nof = "spy"\nmeanwhile = "{code}?"\nshown = "nobody"', "not all who read"),
        ('ask = "Who?"\nof = "spy"\nmeanwhile = "Who?"', "this would show who is spy"),
        ('ask = "Who?"\nof = "spy"\nmeanwhile = "Who?"\nshown = "nobody"', ""),
        ('ask = "Who?"\nlines = ["{riddle_answer}"]', "not all who read it may know"),
    ],
)
def test_only_those_who_may_know_a_value_can_be_told_it(phase, fault):
    found = faults_of(f'{SECRETS}\n[[phases]]\nname = "one"\n{phase}\n')
    assert any(fault in one for one in found) if fault else found == []


def test_what_all_seats_may_know_is_not_for_those_who_only_watch():
    secrets = SECRETS.replace('known_by = ["spy"]', 'known_by = ["spy", "guest", "moderator"]')
    (fault,) = faults_of(secrets + '[[phases]]\nname = "one"\ntell = "{code}"\n')
    assert "not all who read it may know" in fault
    assert faults_of(secrets + '[[phases]]\nname = "one"\nask = "{code}?"\n') == []


@pytest.mark.parametrize("shown", ["spy", "moderator"])
def test_nobody_learns_from_an_answer_who_else_hears_it(shown):
    phase = f'[[phases]]\nname = "one"\nask = "Well?"\nshown = "{shown}"\n'
    match = match_of(f"{SECRETS}\n{phase}")
    (spy,) = match.state.holders("spy")
    guest = next(seat for seat in match.seats if seat != spy)
    match.say(guest, "I saw nothing.")
    hears = spy if shown == "spy" else "moderator"
    assert [str(event.told()) for event in match.view(hears)][-1] == f"{guest}: I saw nothing."
    assert "I saw nothing." not in _read(match, SPECTATOR)
    assert hears not in _read(match, guest)


def test_what_is_drawn_anew_is_secret_again():
    phases = """
[[phases]]
name = "one"
draws = ["code"]
reveals = ["code"]
tell = "{code}"

[[phases]]
name = "two"
DRAW
tell = "{code}"
"""
    assert faults_of(SECRETS + phases.replace("DRAW", "")) == []
    (fault,) = faults_of(SECRETS + phases.replace("DRAW", 'draws = ["code"]'))
    assert "not all who read it may know" in fault


def test_the_contract_holds_for_everything_that_a_recipe_can_say():
    game = recipe_game(EVERYTHING)()
    for seed in range(3):
        check_game(game, ("Ann", "Bob", "Cy", "Dee", "Eve", "Fay")[: 4 + seed % 3], seed)


def test_the_traveller_never_reads_where_everybody_is_before_the_end():
    for seed in range(1000):
        match = Match(WHERE_ARE_WE(rounds=1), ("Ann", "Bob", "Cy", "Dee"), seed)
        (traveller,) = match.state.holders("traveller")
        place = match.game.values(match.state)["place_name"]
        for _ in play_at_random(match, Random(seed)):
            if match.state.phase >= UNMASKING:
                break
            for viewer in (traveller, SPECTATOR):
                assert place not in _read(match, viewer)
            assert place in _read(match, next(s for s in match.seats if s != traveller))


def test_nobody_reads_the_truth_before_the_votes():
    for seed in range(50):
        match = Match(MUSEUM(exhibits=1), ("Ann", "Bob", "Cy"), seed)
        truth = match.game.values(match.state)["exhibit_truth"]
        for _ in play_at_random(match, Random(seed)):
            for viewer in (*match.seats, "moderator", SPECTATOR):
                assert truth not in _read(match, viewer)
        assert truth in _read(match, SPECTATOR)


def _read(match, viewer):
    """Return all that a viewer has been told and is asked; the events themselves, too."""
    asked = [str(match.asks[viewer].prompt)] if viewer in match.asks else []
    seen = match.view(viewer)
    return "\n".join([*map(str, (event.told() for event in seen)), *map(repr, seen), *asked])
