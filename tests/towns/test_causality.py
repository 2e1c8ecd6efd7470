"""Who may step now: the rule, and what it is good for."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.town_server import OutOfOrder, lock_step
from benchmarks.town_trace import REACH, Replayed, Trace, lower_bound
from benchmarks.town_world import SIGHT, LiveWorld, Way
from towns.causality import Course, Reach, Standing, in_reach, together, waits
from towns.sight import apart

SEEDS = st.integers(0, 10**6)
WAYS = st.sampled_from(Way)


def at(tick, x, y=0, stays=0):
    return Standing(tick, Course(tick, ((x, y),), tick + stays))


class TestTheRule:
    def test_one_waits_for_somebody_behind_who_could_be_in_sight_by_then(self):
        assert waits(Reach(4), 10, (0, 0), at(7, 7))
        assert not waits(Reach(4), 10, (0, 0), at(7, 8))

    def test_a_longer_stride_reaches_further(self):
        assert waits(Reach(4, stride=2), 10, (0, 0), at(7, 10))
        assert not waits(Reach(4, stride=2), 10, (0, 0), at(7, 11))

    def test_nobody_waits_for_somebody_ahead(self):
        assert not waits(Reach(4), 10, (0, 0), at(11, 0))

    def test_from_where_a_course_ends_it_could_go_anywhere(self):
        course = Course(0, ((20, 0), (19, 0), (18, 0)), 8)
        assert waits(Reach(4), 22, (0, 0), Standing(0, course))
        assert not waits(Reach(4), 21, (0, 0), Standing(0, course))

    def test_whoever_has_passed_by_at_another_tick_holds_nobody_up(self):
        course = Course(0, tuple((x, 0) for x in range(20)), 30)
        assert waits(Reach(4), 9, (5, 0), Standing(0, course))
        assert not waits(Reach(4), 10, (5, 0), Standing(0, course))

    def test_two_at_the_same_tick_step_together_if_they_see_each_other(self):
        assert together(Reach(4), 10, (0, 0), at(10, 4))
        assert not together(Reach(4), 10, (0, 0), at(10, 5))
        assert not together(Reach(4), 10, (0, 0), at(9, 4))

    def test_a_course_knows_no_place_before_it_begins_or_after_it_ends(self):
        course = Course(3, ((0, 0), (1, 0)), 6)
        assert [course.at(tick) for tick in range(2, 8)] == [
            None, (0, 0), (1, 0), (1, 0), (1, 0), None,
        ]  # fmt: skip

    def test_to_compare_with_somebody_ahead_is_a_mistake(self):
        with pytest.raises(AssertionError, match="only those who are not ahead"):
            in_reach(Reach(4), 3, (0, 0), Course(5, ((0, 0),), 9))


class Watched(LiveWorld):
    """A world that remembers in which order residents stepped, and where everybody was when."""

    def __init__(self, *given):
        self.steps, self.came, self.was = [], {}, {}
        super().__init__(*given)
        self.came = {name: standing.tick for name, standing in self.standings.items()}
        self._remember()

    def _remember(self):
        for name, course in self.courses.items():
            for tick in range(course.since, course.until + 1):
                self.was[name, tick] = course.at(tick)

    def begin(self, group, tick):
        behind = [name for name, came in self.came.items() if came < tick]
        beside = [n for n, came in self.came.items() if came == tick and n not in group]
        self.steps.append((group, tick, (*behind, *beside)))
        return super().begin(group, tick)

    def finish(self, group, tick):
        moved = super().finish(group, tick)
        self.came |= {name: standing.tick for name, standing in moved.items()}
        self._remember()
        return moved


class TestAWorldWhoseResidentsSeeEachOther:
    @given(SEEDS, st.integers(2, 25), st.integers(20, 6000), WAYS, st.sampled_from((1, 2, 8, 32)))
    @settings(max_examples=60, deadline=None)
    def test_ends_as_in_lock_step_whatever_the_order(self, seed, residents, area, way, slots):
        world = LiveWorld(seed, residents, 80, way, area)
        OutOfOrder(world, way.reach, slots).run()
        same = LiveWorld(seed, residents, 80, Way.PLAIN, area)
        lock_step(same, slots)
        assert world.hash == same.hash

    @given(SEEDS, st.integers(2, 20), st.integers(200, 6000), WAYS, st.sampled_from((2, 8)))
    @settings(max_examples=40, deadline=None)
    def test_nobody_steps_while_somebody_whom_it_will_see_there_is_not_yet_there(
        self, seed, residents, area, way, slots
    ):
        world = Watched(seed, residents, 80, way, area)
        OutOfOrder(world, way.reach, slots).run()
        for group, tick, others in world.steps:
            for name in group:
                here = world.was[name, tick]
                there = [world.was[other, tick] for other in others if (other, tick) in world.was]
                assert all(apart(here, place) > SIGHT for place in there)

    @pytest.mark.parametrize("way", Way)
    def test_ends_otherwise_when_those_who_see_each_other_do_not_wait(self, way):
        """So the tests above can fail."""
        short = way.reach._replace(sight=1)
        assert any(_spoilt(seed, way, short) for seed in range(12))


def _spoilt(seed, way, reach):
    world, same = (LiveWorld(seed, 25, 80, way, 2000) for _ in range(2))
    lock_step(same, 8)
    try:
        OutOfOrder(world, reach, 8).run()
    except AssertionError:  # somebody was met who had gone on
        return True
    return world.hash != same.hash


class TestTheTraceOfADay:
    def test_is_the_one_that_other_schedulers_were_measured_on(self):
        trace = Trace(1, 8)
        assert sum(len(calls) for row in trace.calls for calls in row) == 427
        assert lower_bound(trace, 8) == pytest.approx(164.842, abs=5e-4)
        assert trace.work == pytest.approx(406.856, abs=5e-4)
        assert lock_step(Replayed(trace, look_ahead=False), 8).makespan == pytest.approx(
            385.1, abs=0.05
        )

    @pytest.mark.parametrize("seed", [1, 2, 3])
    def test_keeps_the_server_busier_than_lock_step_and_more_so_with_look_ahead(self, seed):
        trace = Trace(seed, 25)
        barrier = lock_step(Replayed(trace, look_ahead=False), 8).makespan
        plain = OutOfOrder(Replayed(trace, look_ahead=False), REACH, 8).run().makespan
        ahead = OutOfOrder(Replayed(trace, look_ahead=True), REACH, 8).run().makespan
        bound = lower_bound(trace, 8)
        assert bound <= ahead <= plain
        assert barrier >= 2.4 * plain
        assert bound / ahead >= 0.72
        assert bound / plain >= 0.65

    def test_two_slots_are_hardly_ever_idle(self):
        trace = Trace(1, 25)
        ahead = OutOfOrder(Replayed(trace, look_ahead=True), REACH, 2).run().makespan
        assert lower_bound(trace, 2) / ahead >= 0.97

    def test_no_course_knows_what_was_decided_later(self):
        trace = Trace(2, 25, ticks=300)
        for number, courses in enumerate(trace.courses):
            for tick, course in enumerate(courses[:-1]):
                assert course.since <= tick <= course.until
                later = range(tick, min(course.until + 1, trace.ticks))
                assert all(trace.place(number, t) == course.at(t) for t in later)
