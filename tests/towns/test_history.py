"""What a town has been through can be told for any moment, whoever was ahead of whom."""

from itertools import pairwise

from tests.lived_town import lived
from towns.drawing import STREET
from towns.events import MovedIn, Used
from towns.history import History
from towns.ledger import resident_account
from towns.state import final_hash


def history():
    match = lived()
    return History(match.game, match.seats, match.turns)


def test_it_ends_as_the_town_stands():
    match, told = lived(), history()
    assert final_hash(told.state) == final_hash(match.state)
    assert told.tick == match.game.end
    balances = match.state.ledger.balances
    assert told.cash(2**31) == {seat: balances[resident_account(seat)] for seat in match.seats}
    for seat, (earned, spent) in told.flows().items():
        assert told.cash(2**31)[seat] == told.cash(0)[seat] + earned - spent


def test_on_the_first_tick_everybody_is_at_home_with_their_own_cash():
    match, told = lived(), history()
    profiles = {one.seat: one.profile for one in match.log if isinstance(one, MovedIn)}
    assert told.cash(0) == {seat: profile.cash for seat, profile in profiles.items()}
    assert {one.name: one.place for one in told.drawing(0).residents} == {
        seat: profile.home for seat, profile in profiles.items()
    }


def test_whoever_uses_something_is_where_it_stands():
    told = history()
    uses = [one for one in lived().log if isinstance(one, Used)]
    assert uses
    for use in uses:
        residents = told.drawing(use.until - 1).residents
        assert next(one for one in residents if one.name == use.seat).place == use.place


def test_nobody_jumps():
    told = history()
    pictures = [told.drawing(tick) for tick in range(1_500)]
    for before, after in pairwise(pictures):
        for one, other in zip(before.residents, after.residents, strict=True):
            assert abs(one.tile[0] - other.tile[0]) + abs(one.tile[1] - other.tile[1]) <= 1
    assert any(one.place == STREET for picture in pictures for one in picture.residents)


def test_every_answer_is_counted_once_in_its_day():
    match, told = lived(), history()
    answers = sum(1 for turn in match.turns if turn.seat in match.seats)
    by_day = [sum(told.calls_between(*told.day_ticks(day)).values()) for day in told.days()]
    assert list(told.days()) == [1, 2]  # it starts at 6:00
    assert sum(by_day) == answers


def test_moods_change_within_their_bounds():
    told = history()
    moods = [mood for tick in told.moments(1) for mood in told.mood(tick).values()]
    assert len(moods) == 25 * 4
    assert all(0 <= mood <= 100 for mood in moods)
    assert len(set(moods)) > 50


def test_a_town_in_which_nothing_has_happened_yet_has_a_history_too():
    match = lived()
    told = History(match.game, match.seats, match.turns[:1])
    assert (told.tick, list(told.days()), list(told.moments(1))) == (0, [1], [0])
    assert set(told.flows().values()) == {(0, 0)}
    assert len(told.drawing(0).residents) == 4
