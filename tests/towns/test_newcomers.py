"""Who comes later, or leaves and comes back, counts like those who founded the town."""

import json
from collections.abc import Mapping

import pytest

from games.core import Ask, Match, Seat
from tests.towns.living import Living, Order, live, residents_first
from towns.evaluation import EVERYBODY, Probe, askings
from towns.events import CLOCK, HOST
from towns.history import History
from towns.mayor import free_jobs
from towns.town import Town

GAME = Town(days=1, seed=7, governed=True)
HOUR = GAME.start.clock.ticks(60)
WORKER = next(one for one in GAME.start.residents.values() if one.work == "Corner Shop")
ILSE = {"do": "recruit", "name": "Ilse", "home": WORKER.home, "bio": "A tailor.", "goal": "Rest."}


@pytest.fixture
def match() -> Living:
    return Match(GAME, [WORKER.name, "Birgit", "Cormac"], 7)


def want(match: Living, **fields: str) -> None:
    match.say(HOST, json.dumps(fields))


def until(match: Living, hour: int) -> None:
    live(match, residents_first, until=hour * HOUR)


def told(match: Living) -> History:
    return History(GAME, match.seats, match.turns)


def test_who_leaves_and_comes_back_is_seen_while_it_is_there(match: Living) -> None:
    for hour, do in ((1, "go"), (3, "come"), (5, "go"), (7, "come")):
        until(match, hour)
        want(match, do=do, name=WORKER.name)
    until(match, 8)
    history = told(match)
    drawings = [history.drawing(hour * HOUR) for hour in range(9)]
    seen = [WORKER.name in {one.name for one in drawing.residents} for drawing in drawings]
    assert seen == [True, False, False, True, True, False, False, True, True]
    assert list(history.mood(history.tick)) == [*match.seats]


def test_cash_that_the_town_gives_is_not_earned(match: Living) -> None:
    want(match, **ILSE)
    assert told(match).flows()["Ilse"] == (0, 0)
    assert told(match).cash(0)["Ilse"] == 10_000


def test_who_comes_finds_no_work_where_others_have_all_of_it(match: Living) -> None:
    want(match, do="go", name=WORKER.name)
    want(match, do="come", name=WORKER.name)
    assert match.state.residents[Seat(WORKER.name)].profile == WORKER
    want(match, do="go", name=WORKER.name)
    names = [f"Wanda {letter}" for letter in "ABCDE"[: free_jobs(match.state)["Corner Shop"]]]
    for name in names:
        want(match, **{**ILSE, "name": name, "home": "Toll House", "work": "Corner Shop"})
    want(match, do="come", name=WORKER.name)
    profile = match.state.residents[Seat(WORKER.name)].profile
    assert (profile.work, profile.job, profile.bio) == ("", "", WORKER.bio)


def test_questions_are_put_to_whoever_is_there_at_their_moments(match: Living) -> None:
    until(match, 3)
    want(match, **ILSE)
    until(match, 5)
    want(match, do="go", name=WORKER.name)
    until(match, 9)
    want(match, do="come", name=WORKER.name)
    live(match, residents_first)
    probes = [
        Probe("often", EVERYBODY, "How are you?", "True", hours=2),
        Probe("daily", "Ilse", "How are you?", "True", at=8 * 60),
    ]
    asked = list(askings(GAME, match.seats, match.turns, probes))

    def hours(name: str, probe: str = "often") -> list[int]:
        return [one.tick // HOUR for one in asked if (one.resident, one.probe.id) == (name, probe)]

    assert hours("Birgit") == [*range(0, 25, 2)]
    assert hours("Ilse") == [*range(4, 25, 2)]
    assert hours(WORKER.name) == [0, 2, 4, *range(10, 25, 2)]
    assert hours("Ilse", "daily") == []  # it has come at 9:00
    assert all(one.tick % HOUR == 0 for one in asked)


def worker_last(asks: Mapping[Seat, Ask]) -> Seat:
    return min((seat for seat in asks if seat != HOST), key=lambda seat: seat == WORKER.name)


@pytest.mark.parametrize("order", [residents_first, worker_last])
def test_whoever_leaves_is_asked_up_to_that_moment(match: Living, order: Order) -> None:
    match.say(CLOCK, str(18 * HOUR))
    want(match, do="go", name=WORKER.name)  # comes true at midnight, when everybody sleeps
    match.say(CLOCK, str(GAME.end))
    live(match, order)
    probe = Probe("often", WORKER.name, "How are you?", "True", hours=1)
    ticks = [one.tick for one in askings(GAME, match.seats, match.turns, [probe])]
    assert ticks == [hour * HOUR for hour in range(19)]
