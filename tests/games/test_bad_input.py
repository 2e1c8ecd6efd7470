"""Whatever is sent as a move, a name or an option: it is taken whole or refused in a sentence."""

import json
from random import Random

import pytest

from games import GAMES
from games.chatarena import load
from games.core import SPECTATOR, BadSetup, Level, Match, Refused, Seat
from games.core.codec import game_from_json, game_to_json, state_from_json, state_to_json
from games.core.options import game_with, options_of
from tests.bad_texts import bad_text, check_clear, is_safe
from tests.games.contract import facts, random_answer, same, shown, viewers

MOVES = 1_200
"""Of each game."""
NAMES = 1_500
OPTIONS = 300
"""Of each game, as values and as names."""
TABLES = {
    "chameleon": [{}, {"discussion": "1", "revote": "yes"}],
    "prisoners-dilemma": [{"rounds": "5"}],
    "conversation": [{"rounds": "3"}, {"rounds": "3", "floor": "open floor"}],
    "moderated-conversation": [
        {"max_rounds": "3", "period": "turn"},
        {"max_rounds": "3", "simultaneous": "yes", "verdicts": "moderator"},
    ],
}
"""Options with which the games are played; where none are given, the defaults."""
SEATS = ("Ann", "Bob", "Cy", "Dee", "Eve", "Fay")
LEVELS = tuple(Level)


def opened(kind, seed):
    """Return a match of a game with options and seats that change with the seed."""
    tables = TABLES.get(kind.name, [{}])
    seats = SEATS[: min(kind.max_seats, max(kind.min_seats, 2 + seed % 3))]
    return Match(game_with(kind, tables[seed % len(tables)]), seats, seed)


def check_shown(match):
    """Check that nobody reads anything unsafe, and that the match survives being stored."""
    for viewer in viewers(match):
        assert is_safe(shown(match, viewer))
    written = match.to_json()
    assert written.encode("utf-8")
    again = Match.from_json(written)
    assert again.game == match.game
    assert same(again, match)
    state = json.loads(json.dumps(state_to_json(type(match.game), match.state)))
    assert state_from_json(type(match.game), state) == match.state


def legal_answers(match, seat, rng):
    ask = match.asks[seat]
    return (*ask.choices, random_answer(ask, rng, "a clue"), ask.default or "pass")


@pytest.mark.parametrize("name", GAMES)
def test_a_bad_move_is_taken_whole_or_refused_and_changes_nothing(name):
    rng = Random(f"moves/{name}")
    match, matches, taken = opened(GAMES[name], 0), 1, 0
    for number in range(MOVES):
        if match.over:
            match, matches = opened(GAMES[name], matches), matches + 1
        seat = rng.choice(list(match.asks))
        legal = legal_answers(match, seat, rng)
        text = rng.choice(legal) if number % 10 == 9 else bad_text(rng, legal)
        before = facts(match)
        try:
            turn = match.propose(seat, text)
            assert facts(match) == before
            assert match.say(seat, text) == turn
        except Refused as why:
            check_clear(str(why))
            assert facts(match) == before
        else:
            taken += 1
            check_shown(match)
    assert MOVES / 20 < taken < MOVES, "too few or too many were taken to be of use"


def test_a_seat_that_is_not_there_is_refused_and_changes_nothing():
    rng = Random("strangers")
    for number in range(400):
        match = opened(list(GAMES.values())[number % len(GAMES)], number)
        before = facts(match)
        with pytest.raises(Refused) as refused:
            match.propose(bad_text(rng) + "?", bad_text(rng))
        check_clear(str(refused.value))
        assert facts(match) == before


def test_a_bad_name_is_refused_or_can_be_played_under():
    rng = Random("names")
    played = 0
    for number in range(NAMES):
        kind = list(GAMES.values())[number % len(GAMES)]
        name = bad_text(rng, SEATS)
        try:
            match = Match(kind(), [name, "Bob", "Cy"][: max(2, kind.min_seats)], number)
        except BadSetup as why:
            check_clear(str(why))
            continue
        played += 1
        assert is_safe(name)
        assert name.isprintable()
        while not match.over and match.version < 8:
            seat = rng.choice(list(match.asks))
            view, ask = match.view_of(seat), match.asks[seat]
            match.say(seat, match.game.house_answer(view, ask, rng.choice(LEVELS), rng))
        assert name in match.view_of(Seat(name)).seats
        check_shown(match)
    assert NAMES / 10 < played < NAMES


@pytest.mark.parametrize("name", GAMES)
def test_a_bad_option_is_refused_or_can_be_played_with(name):
    rng = Random(f"options/{name}")
    kind = GAMES[name]
    known = options_of(kind)
    for number in range(OPTIONS):
        option = rng.choice(known) if known and number % 5 else None
        text = bad_text(rng, ("yes", "3", "0.5", "Fruits", "Ann: a spy\nBob: a cook", "turn"))
        given = {option.name: text} if option else {text: "3"}
        try:
            game = game_with(kind, given)
            match = Match(game, SEATS[: max(2, kind.min_seats)], number)
        except BadSetup as why:
            check_clear(str(why))
            continue
        assert option
        assert game_from_json(json.loads(json.dumps(game_to_json(game)))) == game
        check_shown(match)
        assert is_safe(str(match.board(SPECTATOR)))


def test_a_bad_config_is_refused_or_can_be_played():
    rng = Random("configs")
    played = 0
    for _ in range(500):
        environments = ("conversation", "moderated_conversation", "chameleon", bad_text(rng))
        moderator = {"role_desc": bad_text(rng), "terminal_condition": bad_text(rng)}
        config = {
            "global_prompt": bad_text(rng),
            "environment": {"env_type": rng.choice(environments), "moderator": moderator},
            "players": [
                {"name": rng.choice(("Ann", bad_text(rng))), "role_desc": bad_text(rng)},
                {"name": "Bob", "backend": {"backend_type": bad_text(rng)}},
                {"name": "Cy"},
            ],
        }
        try:
            loaded = load(rng.choice((config, json.dumps(config), bad_text(rng))))
            match = Match(loaded.game, loaded.seats)
        except BadSetup as why:
            check_clear(str(why))
            continue
        played += 1
        assert all(map(is_safe, (*loaded.notes, *loaded.personas.values())))
        check_shown(match)
    assert played > 50
