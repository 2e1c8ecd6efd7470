"""Small recipes for tests: a game of one question, with whatever a test adds."""

from games.core import Match
from games.recipes import recipe_game
from games.recipes.reading import read_recipe
from games.recipes.recipe import BadRecipe

HEAD = """
title = "A test"
summary = "A game for tests."
rules = "Answer."
seats = { least = 2, most = 6 }
"""


def match_of(body, *, seats=("Ann", "Bob", "Cy"), seed=1, head=HEAD, **options):
    """Return a match of the recipe with this body."""
    return Match(recipe_game(head + body)(**options), seats, seed)


def faults_of(body, head=HEAD):
    """Return what is wrong with the recipe with this body."""
    try:
        read_recipe(head + body, "test.toml")
    except BadRecipe as why:
        return [*why.faults]
    return []


def said(match, *answers):
    """Let seats answer, each as (seat, text), and return what everybody reads of it."""
    before = len(match.public_view())
    for seat, text in answers:
        match.say(seat, text)
    told = [str(event.told()) for event in match.public_view()[before:]]
    return [text for text in told if text]


def read_by(match, seat):
    """Return all that a seat has read."""
    return [text for event in match.view(seat) if (text := str(event.told()))]
