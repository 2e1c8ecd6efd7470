"""Thousands of broken documents: each is a game that can be played, or its faults are listed."""

import re
from pathlib import Path
from random import Random

import pytest

from games.core import Match
from games.recipes import SHIPPED, recipe_game
from games.recipes.reading import read_recipe
from games.recipes.recipe import BadRecipe
from tests.games.contract import play_at_random

EVERYTHING = (Path(__file__).parent / "everything.toml").read_text("utf-8")
DOCUMENTS = [EVERYTHING, *(kind.document for kind in SHIPPED)]
VALUE = re.compile(r'"[^"\n]*"|(?<= )-?\d+\b|\btrue\b|\bfalse\b|\{\w+\}')
ODD = ("0", "-1", "1e999", "nan", "true", '""', '"x"', "[]", "{}", '["a", "a"]', "9" * 30, "2.5")
ODD += ('"{nobody}"', '"{seat}"', '"\\u0000"', "1979-05-27", '"' + "y" * 2000 + '"', "[[1]]")
LINES = ("[phases]", "[[phases]]", "[seats]", "most = 1", "meanwhile = 'Who?'", "= 1", "[", "\x00")
LINES += ("reveals = ['place']", "when = { points = 1 }", "of = 'moderator'", "about = 'vote'")
FAULT = re.compile(r"the game(, \[[^\n]*\])?: \S.*[.?!“”\"]$")


def mutated(document, rng):
    """Return a document with a few values or lines that are not as they were."""
    lines = document.splitlines()
    for _ in range(rng.randint(1, 3)):
        at = rng.randrange(len(lines))
        match rng.randrange(6):
            case 0:
                del lines[at]
            case 1:
                lines.insert(at, rng.choice(lines))
            case 2:
                lines.insert(at, rng.choice(LINES))
            case _:
                values = VALUE.findall("\n".join(lines))
                instead = rng.choice((rng.choice(ODD), rng.choice(values)))
                lines[at] = VALUE.sub(lambda _, new=instead: new, lines[at], count=1)
    return "\n".join(lines)


def faults_of(document):
    """Return what is wrong with a document; anything but a list of faults is raised."""
    try:
        read_recipe(document)
    except BadRecipe as why:
        return why.faults
    return ()


@pytest.mark.parametrize("part", range(4))
def test_a_broken_document_is_refused_fault_by_fault_or_can_be_played(part):
    rng = Random(part)
    refused = 0
    for _ in range(750):
        document = mutated(rng.choice(DOCUMENTS), rng)
        found = faults_of(document)
        for fault in found:
            assert FAULT.match(fault), fault
        refused += bool(found)
        if found:
            continue
        game = recipe_game.__wrapped__(document)()
        seats = [f"Seat {number}" for number in range(game.min_seats)]
        match = Match(game, seats, part)
        for _ in play_at_random(match, rng):
            pass
        assert set(match.outcome.scores) == set(match.seats)
    assert 400 < refused < 740
