"""Tournaments that are played to their end without a game."""

from random import Random

from tournaments import scheduled


def names(count):
    return tuple(f"p{number}" for number in range(1, count + 1))


def played(plan, seed=0, ranks=None):
    """Return the schedule of a tournament that was played to its end, and its results."""
    rng, results = Random(seed), {}
    while not (now := scheduled(plan, results)).over:
        for fixture in now.round_now:
            party = fixture.meeting.entrants
            results[fixture.name] = (ranks or (lambda p: {one: rng.randint(1, 2) for one in p}))(
                party
            )
    return now, results


def by_seed(party):
    """Let the better seed win."""
    return {one: place for place, one in enumerate(sorted(party, key=lambda p: int(p[1:])), 1)}
