"""What holds for every game; a new game is checked with `check_game(game, seats, seed)`."""

import copy
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from functools import cache
from itertools import count, pairwise, zip_longest
from random import Random
from typing import Any

from games.core import (
    PASS,
    SPECTATOR,
    Ask,
    BadSetup,
    Event,
    Game,
    IllegalMove,
    Kind,
    Level,
    Match,
    Refused,
    Seat,
    Secret,
    Turn,
    Words,
)
from games.core.codec import Codec, codec_of, state_from_json, state_to_json
from games.core.game import hidden_options
from games.core.options import game_with, options_of
from games.foreign_events import REFEREE

MOST_ANSWERS = 5_000
"""Answers after which a game that still goes on counts as endless."""
TRIES = 20
"""Answers against the rules in a row after which a random player counts as stuck."""
JUNK = ("", "???", "x" * 5_000, '{"answer": {"answer": [null, 1e999]}}', "\x00\ud800‮", "[" * 999)
LEFT_OPEN = re.compile(r"\{\w+\}")
STRANGER = Seat("a stranger at the door")

AnyGame = Game[Any, Any, Any]
Answers = Sequence[tuple[Seat, str]]


def check_game(game: AnyGame, seats: Sequence[str], seed: int) -> None:
    """Check every rule of this file for one game, played at random with one seed."""
    for rule in RULES:
        rule(game, tuple(map(Seat, seats)), seed)


def play_at_random(match: Match, rng: Random) -> Iterator[tuple[Seat, str]]:
    """Play a match to its end, and give each accepted answer before it is said."""
    for answers in count():
        if match.over:
            return
        assert answers < MOST_ANSWERS, f"{match.game.name} does not end."
        seat = rng.choice(list(match.asks))
        for attempt in range(TRIES):
            if seat == REFEREE:  # no chance: what an environment answers follows from the game
                text = house_answer(match, seat, Level.HARD)
            else:
                text = random_answer(match.asks[seat], rng, f"mark{answers}x{attempt}")
            try:
                match.propose(seat, text)
            except IllegalMove:
                continue
            break
        else:
            raise AssertionError(f"{seat} finds no legal answer in {match.game.name}.")
        yield seat, text
        match.say(seat, text)


def random_answer(ask: Ask, rng: Random, mark: str) -> str:
    """Return a legal answer; a text may be the mark, by which it can be found again."""
    if ask.optional and rng.random() < 0.25:
        return PASS
    if ask.kind is Kind.TEXT and rng.random() < 0.5:
        return mark[: ask.max_length]
    if ask.default is not None and rng.random() < 0.1:
        return ask.default
    return ask.sample(rng)


@cache
def answers_of(game: AnyGame, seats: tuple[Seat, ...], seed: int) -> Answers:
    """Return the answers of one whole random match."""
    return tuple(play_at_random(Match(game, seats, seed), Random(f"contract/{seed}")))


def replayed(
    game: AnyGame, seats: tuple[Seat, ...], seed: int
) -> Iterator[tuple[Match, Seat, str]]:
    """Give the match before each answer of a random play; it goes on when the next is asked for."""
    match = Match(game, seats, seed)
    for seat, text in answers_of(game, seats, seed):
        yield match, seat, text
        match.say(seat, text)


def finished(game: AnyGame, seats: tuple[Seat, ...], seed: int) -> Match:
    """Return a random match after its last answer."""
    match = Match(game, seats, seed)
    for seat, text in answers_of(game, seats, seed):
        match.say(seat, text)
    return match


def same(one: Match, other: Match) -> bool:
    """Return whether two matches have the same history, and stand at the same point."""
    return facts(one) == facts(other)


def facts(match: Match) -> Sequence[Any]:
    """Return all that a refused answer must leave as it is."""
    ids = {seat: match.ask_id(seat) for seat in match.asks}
    return [*match.turns], [*match.log], match.state, dict(match.asks), ids, match.outcome


def viewers(match: Match) -> Sequence[Seat]:
    """Return everybody who may look at a match."""
    return (*match.seats, *match.game.environment, SPECTATOR, STRANGER)


def shown(match: Match, viewer: Seat) -> str:
    """Return all that a viewer gets to read."""
    view = match.view_of(viewer)
    told = [str(event.told()) for event in view.events]
    prompt = [str(match.asks[viewer].prompt)] if viewer in match.asks else []
    return "\n".join((str(view.game.rules()), *told, str(match.board(viewer)), *prompt))


def codec_for(match: Match) -> Codec:
    return codec_of(type(match.game))


# The rules, one function each: (game, seats, seed) -> None.


def random_play_ends_with_a_score_for_every_player(game, seats, seed):
    match = finished(game, seats, seed)
    assert match.over
    outcome = match.outcome
    assert set(outcome.scores) == set(seats)
    assert str(outcome.reason)
    assert not LEFT_OPEN.search(str(outcome.reason))
    for one in seats:
        better = sum(outcome.scores[other] > outcome.scores[one] for other in seats)
        assert outcome.ranks[one] == better + 1


def one_seed_gives_one_history(game, seats, seed):
    assert same(finished(game, seats, seed), finished(game, seats, seed))


def the_turns_alone_bring_a_match_back(game, seats, seed):
    for at, (match, seat, text) in enumerate(replayed(game, seats, seed)):
        if at % 7 == seed % 7:
            again = Match(game, seats, seed, match.turns)
            assert same(again, match)
            assert again.propose(seat, text) == match.propose(seat, text)
    match = finished(game, seats, seed)
    assert same(Match(game, seats, seed, match.turns), match)


def json_brings_a_match_back(game, seats, seed):
    for at, (match, _, _) in enumerate(replayed(game, seats, seed)):
        if at % 7 == seed % 7:
            assert same(Match.from_json(match.to_json()), match)
    match = finished(game, seats, seed)
    again = Match.from_json(match.to_json())
    assert again.game == game
    assert same(again, match)


def nobody_sees_what_others_keep_secret(game, seats, seed):
    for match, _, _ in replayed(game, seats, seed):
        _check_views(match)
    _check_views(finished(game, seats, seed))


def _check_views(match: Match) -> None:
    for viewer in viewers(match):
        view = match.view_of(viewer).events
        assert all(event.seen_by(viewer) for event in view)
        assert all(event.seat == viewer for event in view if isinstance(event, Secret))
        read = shown(match, viewer)
        told = {str(event.told()) for event in view}
        for event in match.log:
            if not event.seen_by(viewer):
                text = str(event.told())
                assert not text or text in told or text not in read, f"{viewer} reads {text!r}"
    for event in match.public_view():
        assert all(event.seen_by(viewer) for viewer in viewers(match))


def secret_words_stand_nowhere_else(game, seats, seed):
    for match, _, _ in replayed(game, seats, seed):
        for viewer in viewers(match):
            unseen = "\n".join(repr(event) for event in match.log if not event.seen_by(viewer))
            seen = "\n".join(repr(event) for event in match.view(viewer))
            hidden = set(re.findall(r"mark\d+x\d+", unseen)) - set(re.findall(r"mark\d+x\d+", seen))
            read = set(re.findall(r"mark\d+x\d+", shown(match, viewer)))
            assert not hidden & read, f"{viewer} reads {hidden & read}"


def a_secret_choice_changes_nothing_for_those_who_see_none_of_it(game, seats, seed):
    rng = Random(seed)
    for at, (match, seat, text) in enumerate(replayed(game, seats, seed)):
        if at % 5 != seed % 5:
            continue
        turns = [_proposed(match, seat, text)]
        turns += [_proposed(match, seat, random_answer(match.asks[seat], rng, "other"))]
        worlds = [Match(game, seats, seed, [*match.turns, turn]) for turn in turns if turn]
        for viewer in viewers(match):
            _check_alike(worlds, viewer)


def hidden_deals_look_alike_to_those_who_see_none_of_them(game, seats, seed):
    worlds = [Match(game, seats, 10 * seed + more) for more in range(10)]
    for viewer in viewers(worlds[0]):
        _check_alike(worlds, viewer)


def _proposed(match: Match, seat: Seat, text: str) -> Turn | None:
    try:
        return match.propose(seat, text)
    except Refused:
        return None


def _check_alike(worlds: Sequence[Match], viewer: Seat) -> None:
    """Check that worlds which a viewer has seen to be equal are told and asked alike."""
    for one, other in pairwise(worlds):
        if one.view(viewer) == other.view(viewer):
            assert shown(one, viewer) == shown(other, viewer)
            assert one.asks.get(viewer) == other.asks.get(viewer)
            if viewer in one.asks:
                assert one.ask_id(viewer) == other.ask_id(viewer)


def players_never_learn_the_hidden_options(game, seats, seed):
    hidden = hidden_options(type(game))
    told = copy.copy(game)
    for name in hidden:
        object.__setattr__(told, name, "a hidden value")
    public = told.without_hidden()
    assert [getattr(public, name) for name in hidden] == [None] * len(hidden)
    view = Match(game, seats, seed).view_of(seats[0])
    assert [getattr(view.game, name) for name in hidden] == [None] * len(hidden)


def events_survive_the_codec(game, seats, seed):
    match = finished(game, seats, seed)
    codec = codec_for(match)
    for event in match.log:
        kind, body = codec.encode(event)
        again = codec.decode(kind, json.loads(json.dumps(body)))
        assert again == event
        assert shapes(again) == shapes(event)


def shapes(value: Any) -> Any:
    """Return the types in a value, since a Seat equals a str and True equals 1."""
    if is_dataclass(value):
        return type(value), [shapes(getattr(value, part.name)) for part in fields(value)]
    if isinstance(value, dict):
        return [(shapes(key), shapes(part)) for key, part in value.items()]
    if isinstance(value, tuple | list):
        return [shapes(part) for part in value]
    return type(value)


def every_event_is_told(game, seats, seed):
    for kind in codec_of(type(game)).types.values():
        if kind.told is Event.told:
            slots = set(re.findall(r"\{(\w+)\}", kind.telling))
            assert kind.telling, f"{kind.__name__} has no telling"
            assert slots <= {part.name for part in fields(kind)}, f"{kind.__name__} names {slots}"
    for event in finished(game, seats, seed).log:
        assert not LEFT_OPEN.search(str(event.told())), event


def the_state_survives_a_snapshot(game, seats, seed):
    for at, (match, _, _) in enumerate(replayed(game, seats, seed)):
        if at % 7 == seed % 7:
            stored = json.loads(json.dumps(state_to_json(type(game), match.state)))
            again = state_from_json(type(game), stored)
            assert again == match.state
            assert game.asks(again) == match.asks


def house_bots_always_answer_legally(game, seats, seed):
    for level in Level:
        match, rng = Match(game, seats, seed), Random(seed)
        for _ in range(MOST_ANSWERS):
            if match.over:
                break
            seat = rng.choice(list(match.asks))
            match.say(seat, house_answer(match, seat, level))
        assert match.over, f"House bots ({level}) do not come to an end."


def house_answer(match: Match, seat: Seat, level: Level) -> str:
    """Return what the house bot of a seat says, by chance of its own."""
    rng = Random(f"{match.seed}/{match.version}/{seat}")
    return match.game.house_answer(match.view_of(seat), match.asks[seat], level, rng)


def two_matches_at_once_do_not_mix(game, seats, seed):
    alone = [finished(game, seats, seed), finished(game, seats, seed + 1)]
    mixed = [Match(game, seats, seed), Match(game, seats, seed + 1)]
    lines = [answers_of(game, seats, seed), answers_of(game, seats, seed + 1)]
    for answers in zip_longest(*lines):
        for match, answer in zip(mixed, answers, strict=True):
            if answer:
                match.say(*answer)
    assert same(mixed[0], alone[0])
    assert same(mixed[1], alone[1])


def a_refused_answer_changes_nothing(game, seats, seed):
    for at, (match, seat, _) in enumerate(replayed(game, seats, seed)):
        junk = JUNK[(at + seed) % len(JUNK)]
        before = facts(match)
        for who in (seat, STRANGER, *(one for one in seats if one not in match.asks)):
            refusal = refusal_of(match, who, junk)
            assert refusal is None or re.search(r"\w.*[.?!”)]$", refusal, re.DOTALL), refusal
            assert facts(match) == before
        first, second = (_proposed(match, seat, junk) for _ in range(2))
        assert first == second


def refusal_of(match: Match, seat: Seat, text: str) -> str | None:
    """Return the sentence with which an answer is refused; None when it would be accepted."""
    try:
        match.propose(seat, text)
    except Refused as why:
        return str(why)
    return None


def an_ask_keeps_its_id_until_it_is_answered(game, seats, seed):
    for match, seat, text in replayed(game, seats, seed):
        before = {one: (ask, match.ask_id(one)) for one, ask in match.asks.items()}
        after = Match(game, seats, seed, [*match.turns, match.propose(seat, text)])
        for one, ask in after.asks.items():
            if one in before:
                stands = one != seat and ask == before[one][0]
                assert (after.ask_id(one) == before[one][1]) is stands


def a_forgotten_text_leaves_the_outcome_as_it_was(game, seats, seed):
    match = finished(game, seats, seed)
    forgotten = [forgetting(codec_for(match), turn) for turn in match.turns]
    again = Match(game, seats, seed, forgotten)
    assert again.outcome == match.outcome
    again = Match(game, seats, seed, forgotten[:0])
    for was, turn in zip(match.turns, forgotten, strict=True):
        assert [type(event) for event in was.events] == [type(event) for event in turn.events]
        again.commit(turn)
        assert all(isinstance(str(event.told()), str) for event in turn.events)
        assert isinstance(str(again.board()), str)


def forgetting(codec: Codec, turn: Turn) -> Turn:
    """Return a turn in which everything that was said has been emptied."""

    def nothing(_: Words) -> str:
        return ""

    bodies = [codec.encode(event, nothing) for event in turn.events]
    return Turn(turn.seat, tuple(codec.decode(*body) for body in bodies))


def every_option_is_explained_and_has_a_default_that_works(game, seats, seed):
    kind = type(game)
    assert game_with(kind, {}) == kind()
    for option in options_of(kind):
        assert re.search(r"\w+ \w+.*[.]$", option.help, re.DOTALL), (
            f"{option.name} needs a docstring"
        )
        if option.default is None:
            assert option.hidden, f"{option.name} has no default and is not hidden"
        else:
            written = written_option(option.default)
            assert getattr(game_with(kind, {option.name: written}), option.name) == option.default
        for junk in JUNK:
            assert game_or_refusal(kind, option.name, junk)


def written_option(value: object) -> str:
    """Return an option's value as a person would type it."""
    if isinstance(value, tuple):
        return ", ".join(written_option(item) for item in value)
    return "yes" if value is True else "no" if value is False else str(value)


def game_or_refusal(kind: type[AnyGame], name: str, text: str) -> AnyGame | str:
    """Return the game with one option given as text, or why it is refused."""
    try:
        return game_with(kind, {name: text})
    except BadSetup as why:
        return str(why)


def the_rules_are_told(game, seats, seed):
    assert len(str(game.rules())) > 20
    assert type(game).__doc__
    assert not LEFT_OPEN.search(str(game.rules()))


RULES: Sequence[Callable[[AnyGame, tuple[Seat, ...], int], None]] = (
    random_play_ends_with_a_score_for_every_player,
    one_seed_gives_one_history,
    the_turns_alone_bring_a_match_back,
    json_brings_a_match_back,
    nobody_sees_what_others_keep_secret,
    secret_words_stand_nowhere_else,
    a_secret_choice_changes_nothing_for_those_who_see_none_of_it,
    hidden_deals_look_alike_to_those_who_see_none_of_them,
    players_never_learn_the_hidden_options,
    events_survive_the_codec,
    every_event_is_told,
    the_state_survives_a_snapshot,
    house_bots_always_answer_legally,
    two_matches_at_once_do_not_mix,
    a_refused_answer_changes_nothing,
    an_ask_keeps_its_id_until_it_is_answered,
    a_forgotten_text_leaves_the_outcome_as_it_was,
    every_option_is_explained_and_has_a_default_that_works,
    the_rules_are_told,
)
