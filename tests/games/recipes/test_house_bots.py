"""House bots of games from files: they count what pays, and say only what they have been told."""

from random import Random

from games import GAMES
from games.core import Level, Match
from tests.games.contract import house_answer
from tests.games.recipes.documents import match_of

LINES = """
[lists]
codes = ["red", "green", "blue"]

[roles.spy]
count = 1
text = "You are the spy."

[roles.guest]
text = "You are a guest."

[draws.code]
from = "codes"
known_by = ["guest"]

[[phases]]
name = "code"
to = "guest"
tell = "The code is {code}."

[[phases]]
name = "talk"
ask = "Well?"
lines = ["I know it: {code}.", "Who knows?"]
"""


def played(match, levels):
    rng = Random(match.seed)
    while not match.over:
        seat = rng.choice(list(match.asks))
        match.say(seat, house_answer(match, seat, levels.get(seat, Level.EASY)))
    return match.outcome


def test_the_hardest_bot_beats_those_that_answer_anything():
    market = GAMES["night-market"](nights=6)
    matches = [Match(market, ("Ann", "Bob", "Cy"), seed) for seed in range(10)]
    won = [played(match, {"Ann": Level.HARD}).winners for match in matches]
    assert won.count(["Ann"]) >= 8


def test_a_bot_says_only_what_it_has_been_told():
    for seed in range(20):
        match = match_of(LINES, seed=seed)
        (spy,) = match.state.holders("spy")
        assert house_answer(match, spy, Level.HARD) == "Who knows?"
        guest = next(seat for seat in match.seats if seat != spy)
        said = house_answer(match, guest, Level.HARD)
        assert said in ("Who knows?", f"I know it: {match.game.values(match.state)['code']}.")


def test_a_bot_that_moderates_gives_numbers_and_no_words():
    match = Match(GAMES["museum-of-odd-things"](exhibits=1), ("Ann", "Bob", "Cy"), 2)
    while match.asked != {"moderator"}:
        seat = min(match.asked)
        match.say(seat, house_answer(match, seat, Level.MEDIUM))
    quote, stars = house_answer(match, "moderator", Level.HARD).splitlines()
    assert quote == "quote: pass"
    assert stars in {f"stars: {number}" for number in range(4)}
