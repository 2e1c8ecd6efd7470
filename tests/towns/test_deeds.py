import json
from collections.abc import Iterator

import pytest

from benchmarks.town_large import large_town
from games.core import Seat
from tests.towns.living import Living, born, live, residents_first
from towns.events import CLOCK, Finished, Paid, Refused, Said, TalkBegun, TalkJoined, Used
from towns.questions import briefing_of
from towns.situation import Situation
from towns.town import Town

ANN, BOB, CY = Seat("R0"), Seat("R1"), Seat("R2")


@pytest.fixture
def town() -> Living:
    """A town in which three people live in one house with a single stove."""
    town = born(Town(data=large_town(3), days=1), 3)
    town.say(CLOCK, str(8640))
    for seat in (ANN, BOB, CY):
        tell(town, seat, place="dormitory 0", purpose="see what there is")
    return town


def tell(town: Living, seat: Seat, **fields: object) -> None:
    town.say(seat, json.dumps(fields))


def choose(town: Living, seat: Seat, beginning: str) -> None:
    """Choose the act whose name begins so."""
    options = town.asks[seat].fields["act"].choices
    act = next(option for option in options if option.startswith(beginning))
    tell(town, seat, act=act, topic="the weather")


def now(town: Living, seat: Seat) -> Situation:
    return briefing_of(town.asks[seat]).situation


def of(town: Living, kind: type) -> Iterator[object]:
    return (event for event in town.log if isinstance(event, kind))


def test_whoever_comes_first_in_the_order_of_names_gets_what_only_one_can_have(
    town: Living,
) -> None:
    for seat in (CY, BOB, ANN):  # the order of their answers makes no difference
        choose(town, seat, "double bed: take a nap")
    used = {event.seat: event.piece for event in town.log if isinstance(event, Used)}
    assert list(used) == [ANN, BOB, CY]
    assert len(set(used.values())) == 2  # a double bed has room for two


def test_nobody_does_anything_before_all_who_are_near_have_chosen(town: Living) -> None:
    choose(town, ANN, "double bed: take a nap")
    choose(town, BOB, "double bed: take a nap")
    assert not list(of(town, Used))
    choose(town, CY, "double bed: take a nap")
    assert len(list(of(town, Used))) == 3


def test_a_talk_begins_between_two_and_others_may_join(town: Living) -> None:
    choose(town, ANN, "talk to R1")
    choose(town, BOB, "double bed: take a nap")
    choose(town, CY, "talk to R0")
    [begun], [joined] = of(town, TalkBegun), of(town, TalkJoined)
    assert (begun.seat, begun.person) == (ANN, BOB)
    assert (joined.seat, joined.person) == (CY, ANN)
    assert not list(of(town, Used))  # who is spoken to does not walk away
    for seat in (ANN, BOB, CY):
        assert set(town.asks) == {seat}
        tell(town, seat, words=f"Hello from {seat}.", done="yes")
    said = list(of(town, Said))
    assert [event.seat for event in said] == [ANN, BOB, CY]
    assert said[0].heard_by == (BOB, CY)
    assert set(town.asks) == {ANN, BOB, CY}
    assert {briefing_of(ask).what for ask in town.asks.values()} == {"notes"}
    assert not town.state.talks


def test_who_is_asleep_cannot_be_talked_to(town: Living) -> None:
    choose(town, ANN, "double bed: sleep")
    choose(town, BOB, "double bed: sleep")
    choose(town, CY, "nothing here")
    assert now(town, CY).time.time == "06:15"
    tell(town, CY, place="dormitory 0", purpose="talk")
    assert now(town, CY).in_sight == ()


def test_who_finds_no_room_knows_why_and_has_lost_five_minutes() -> None:
    town = live(born(Town(data=large_town(36), days=1), 36), residents_first, 1000)
    refused = [event for event in town.log if isinstance(event, Refused)]
    assert refused
    for event in refused:
        assert event.why.endswith(".")
        assert event.until - event.tick == 30
        assert any(event.seat == one.seat for one in of(town, Used))


def test_what_is_bought_is_paid_to_the_building_and_carried_until_it_is_used() -> None:
    town = live(born(Town(days=1, seed=7), 8), residents_first)
    bought = [one for one in town.log if isinstance(one, Finished) and one.act.amount]
    assert bought
    prices = town.game.start.catalogue.goods
    for event in bought:
        place = next(
            one.place
            for one in reversed(town.log[: town.log.index(event)])
            if isinstance(one, Used) and one.seat == event.seat
        )
        cost = event.act.amount * prices[event.act.good].price
        paid = [one.transfer for one in of(town, Paid)]
        assert any(
            one.debit == f"resident:{event.seat}"
            and one.credit == f"building:{place}"
            and one.amount == cost
            for one in paid
        )
