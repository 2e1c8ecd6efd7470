"""Who speaks next, one rule each."""

from random import Random

import pytest

from characters.speakers import Floor, Mode, after_character, after_person
from games.core import Seat

ANN, SOC, ADA, BEN = Seat("ann"), Seat("Socrates"), Seat("Ada"), Seat("Ben")


def floor(mode=Mode.NATURAL, speakers=(ANN,), cooldown=2, quiet=False, **talkative):
    talkative = {Seat(name): chance for name, chance in talkative.items()}
    return Floor(mode, talkative or {SOC: 0.5, ADA: 0.5, BEN: 0.5}, speakers, cooldown, quiet)


def over_seeds(choose):
    return {tuple(choose(Random(seed))) for seed in range(200)}


def test_those_called_come_first_in_the_order_of_the_call():
    for chosen in over_seeds(lambda rng: after_person(floor(), (BEN, SOC), rng)):
        assert chosen[:2] == (BEN, SOC)
        assert set(chosen[2:]) <= {ADA}


def test_others_speak_as_often_as_they_are_talkative():
    here = floor(Socrates=0.0, Ada=1.0, Ben=0.2)
    chosen = [after_person(here, (), Random(seed)) for seed in range(1000)]
    assert all(ADA in one and SOC not in one for one in chosen)
    assert 150 < sum(BEN in one for one in chosen) < 250


def test_the_order_of_those_who_are_not_called_is_drawn():
    here = floor(Socrates=1.0, Ada=1.0)
    assert over_seeds(lambda rng: after_person(here, (), rng)) == {(SOC, ADA), (ADA, SOC)}


def test_who_has_just_spoken_cools_down_unless_it_is_called():
    here = floor(speakers=(SOC, ANN), Socrates=1.0, Ada=1.0)
    assert over_seeds(lambda rng: after_person(here, (), rng)) == {(ADA,)}
    assert over_seeds(lambda rng: after_person(here, (SOC,), rng)) == {(SOC, ADA)}
    rested = floor(speakers=(SOC, ANN, ANN), Socrates=1.0)
    assert after_person(rested, (), Random(1)) == (SOC,)


def test_where_nobody_wants_to_speak_the_last_speaker_goes_on():
    here = floor(speakers=(ADA, ANN, SOC, ANN), Socrates=0.01, Ada=0.01, Ben=0.01)
    chosen = over_seeds(lambda rng: after_person(here, (), rng))
    assert (SOC,) in chosen
    assert () not in chosen


def test_where_nobody_has_spoken_yet_one_is_drawn_who_speaks_at_all():
    here = floor(Socrates=0.0, Ada=0.0001, Ben=0.0001)
    assert over_seeds(lambda rng: after_person(here, (), rng)) == {(ADA,), (BEN,)}


def test_those_who_never_speak_unasked_stay_silent():
    assert after_person(floor(Socrates=0.0, Ada=0.0), (), Random(1)) == ()


def test_one_alone_with_people_always_answers():
    assert after_person(floor(speakers=(SOC, ANN), Socrates=0.0), (), Random(1)) == (SOC,)


@pytest.mark.parametrize("mode", [Mode.NATURAL, Mode.POOLED, Mode.LIST])
def test_in_quiet_hours_only_those_called_answer(mode):
    here = floor(mode, quiet=True, Socrates=1.0, Ada=1.0)
    assert after_person(here, (ADA,), Random(1)) == (ADA,)
    assert after_person(here, (), Random(1)) == ()
    assert after_character(here, ADA, (SOC,), (ADA,), Random(1)) == ()


def test_in_manual_mode_nobody_speaks_by_the_rules():
    here = floor(Mode.MANUAL, Socrates=1.0)
    assert after_person(here, (SOC,), Random(1)) == ()
    assert after_character(here, ADA, (SOC,), (ADA,), Random(1)) == ()


def test_in_list_mode_everybody_answers_in_order_and_then_waits():
    here = floor(Mode.LIST)
    assert after_person(here, (BEN,), Random(1)) == (SOC, ADA, BEN)
    assert after_character(here, BEN, (SOC,), (BEN,), Random(1)) == ()


def test_of_the_pool_one_speaks_who_has_not_spoken_since_the_last_person():
    here = floor(Mode.POOLED)
    assert over_seeds(lambda rng: after_person(here, (), rng)) == {(SOC,), (ADA,), (BEN,)}
    assert after_person(here, (BEN,), Random(1)) == (BEN,)
    later = over_seeds(lambda rng: after_character(here, SOC, (), (SOC, ADA), rng))
    assert later == {(BEN,)}
    assert after_character(here, SOC, (), (SOC, ADA, BEN), Random(1)) == ()


def test_a_character_never_answers_itself():
    here = floor(cooldown=0, Socrates=1.0, Ada=1.0)
    assert after_character(here, SOC, (SOC, ADA), (SOC,), Random(1)) == (ADA,)
    assert after_character(here, SOC, (), (SOC,), Random(1)) == (ADA,)
    assert after_character(floor(Socrates=1.0), SOC, (SOC,), (SOC,), Random(1)) == ()


def test_nobody_must_take_up_a_characters_words():
    assert after_character(floor(Socrates=0.0, Ada=0.0), SOC, (), (SOC,), Random(1)) == ()
