"""The frontier: who may step now, kept up to date while residents step."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from towns.causality import Course, Reach, Standing, together, waits
from towns.frontier import Frontier


def at(tick, x, y=0, stays=0):
    return Standing(tick, Course(tick, ((x, y),), tick + stays))


class TestTheFrontier:
    def test_those_who_are_far_apart_are_free_at_once(self):
        frontier = Frontier.begun(Reach(4), {"Ann": at(0, 0), "Bob": at(0, 50)})
        assert frontier.free == {"Ann": ("Ann",), "Bob": ("Bob",)}

    def test_a_group_is_joined_through_others(self):
        frontier = Frontier.begun(Reach(4), {"Ann": at(0, 0), "Cy": at(0, 8), "Bob": at(0, 4)})
        assert frontier.freed == [("Ann", "Bob", "Cy")]

    def test_whoever_waits_is_free_when_the_other_has_come_as_far(self):
        frontier = Frontier.begun(Reach(4), {"Ann": at(0, 0), "Bob": at(3, 6)})
        assert frontier.free == {"Ann": ("Ann",)}
        frontier = frontier.advanced({"Ann": at(1, 0)})
        assert frontier.freed == [("Ann",)]
        frontier = frontier.advanced({"Ann": at(2, 0)})
        assert frontier.freed == [("Ann",), ("Bob",)]

    def test_a_step_leaves_the_frontier_before_it_as_it_was(self):
        before = Frontier.begun(Reach(4), {"Ann": at(0, 0), "Bob": at(3, 6), "Cy": at(5, 9)})
        shown = repr([vars(before)[name] for name in vars(before)])
        before.advanced({"Ann": at(9, 0)})
        assert repr([vars(before)[name] for name in vars(before)]) == shown

    def test_who_was_to_step_with_somebody_whose_decision_is_put_off_need_not_wait_for_it(self):
        """Cy holds up Bob, with whom Ann would step; Dee, behind them all, puts Bob's step off."""
        standings = {"Ann": at(50, 0), "Bob": at(50, 4), "Cy": at(49, 9), "Dee": at(40, 16)}
        frontier = Frontier.begun(Reach(4), standings)
        assert frontier.free == {"Dee": ("Dee",)}
        frontier = frontier.advanced({"Dee": at(200, 60), "Bob": at(52, 4)})
        assert frontier.free == brute_force(frontier)
        assert frontier.free["Ann"] == ("Ann",)

    def test_to_advance_without_coming_further_is_a_mistake(self):
        frontier = Frontier.begun(Reach(4), {"Ann": at(3, 0)})
        with pytest.raises(AssertionError, match="later tick"):
            frontier.advanced({"Ann": at(3, 1)})

    @given(
        st.lists(
            st.tuples(st.integers(0, 30), st.integers(0, 60), st.integers(-20, 60)), max_size=12
        ),
        st.integers(0, 6),
        st.randoms(use_true_random=False),
    )
    @settings(max_examples=150, deadline=None)
    def test_it_always_knows_exactly_those_whom_the_rule_lets_step(self, drawn, sight, chance):
        standings = {f"{n:02}": at(tick, x, y) for n, (tick, x, y) in enumerate(drawn)}
        frontier = Frontier.begun(Reach(sight), standings)
        for _ in range(30):
            assert frontier.free == brute_force(frontier)
            if not frontier.free:
                break
            group = chance.choice(sorted(set(frontier.free.values())))
            frontier = frontier.advanced({n: walked(frontier.standings[n], chance) for n in group})
        assert Frontier.begun(Reach(sight), frontier.standings).free == frontier.free
        assert frontier.free or not standings


def walked(standing, chance):
    """Return a later standing: on its course, or, where it ends, on a new one."""
    tick, course = standing
    if tick == course.until:
        (x, y), goes = standing.place, chance.choice((-1, 0, 1))
        path = tuple((x + goes * step, y) for step in range(chance.randrange(1, 12)))
        course = Course(tick, path, tick + len(path) + chance.randrange(8))
    return Standing(chance.choice((tick + 1, course.until)), course)


def brute_force(frontier):
    """Return everybody who may step, each with its group, from the rule and nothing else."""
    reach, standings, free = frontier.reach, frontier.standings, {}
    for name in standings:
        group, left = [name], set(standings) - {name}
        for one in group:
            here = standings[one]
            near = [o for o in left if together(reach, here.tick, here.place, standings[o])]
            left.difference_update(near)
            group += near
        everybody = standings.values()
        heres = [standings[member] for member in group]
        if not any(waits(reach, h.tick, h.place, other) for h in heres for other in everybody):
            free[name] = tuple(sorted(group))
    return free
