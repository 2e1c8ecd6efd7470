"""Pairings: who meets whom in one round."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import combinations

from tournaments.plan import Meeting

Parties = list[tuple[str, ...]]
_BYE = ""
"""Whom one meets who has a bye."""


@lru_cache(maxsize=64)  # asked for at each look at a tournament
def round_robin(entrants: tuple[str, ...], table: int) -> Sequence[Sequence[Meeting]]:
    """Return the rounds in which everybody meets everybody equally often.

    At tables for two that is once; at larger ones, every party of that size plays.
    Source: J. Schurig's tables, in the form of the circle method.
    """
    if table == 2:
        return [_meetings(number, part) for number, part in enumerate(_circle(entrants), start=1)]
    rounds: list[Parties] = []
    for party in combinations(entrants, table):
        free = (one for one in rounds if not any(set(party) & set(other) for other in one))
        chosen = next(free, None)
        if chosen is None:
            rounds.append(chosen := [])
        chosen.append(party)
    return [_meetings(number, part) for number, part in enumerate(rounds, start=1)]


def swiss(number: int, points: Mapping[str, float], before: Sequence[Meeting]) -> Sequence[Meeting]:
    """Return a round between two at each table; `points` are in the order of the standing.

    Nobody meets anybody again and nobody has a second bye, as long as `Plan.most_rounds` allows.
    The bye goes as far down as possible.
    """
    met = _met(before)
    left: list[str] = [*points]
    pairs: list[tuple[str, str]] = []
    if len(left) % 2:
        free = [one for one in left if not met[frozenset((one, _BYE))]]
        pairs.append((free[-1], _BYE))
        left.remove(free[-1])
    unpaired: list[str] = []
    while left:
        one = left.pop(0)
        rival = next((r for r in _rivals(one, left, points) if not met[frozenset((one, r))]), None)
        if rival is None:
            unpaired.append(one)
        else:
            pairs.append((one, rival))
            left.remove(rival)
    while unpaired:
        _repair(pairs, unpaired.pop(0), unpaired.pop(), met)
    pairs.sort(key=lambda pair: (pair[1] == _BYE, [*points].index(pair[0])))
    return _meetings(number, [(one,) if other == _BYE else (one, other) for one, other in pairs])


def swiss_tables(
    number: int, order: Sequence[str], before: Sequence[Meeting], table: int
) -> Sequence[Meeting]:
    """Return a round at larger tables, each filled from the top with whom it has met least."""
    met, byes = _met(before), _byes(before)
    upwards = sorted(order, key=lambda one: (byes[one], -order.index(one)))
    rests = upwards[: len(order) % table]
    left = [one for one in order if one not in rests]
    parties: Parties = []
    while left:
        party = [left.pop(0)]
        while len(party) < table:
            known = {one: sum(met[frozenset((one, other))] for other in party) for one in left}
            party.append(min(left, key=known.__getitem__))
            left.remove(party[-1])
        parties.append(tuple(party))
    return _meetings(number, [*parties, *((one,) for one in rests)])


def knockout(number: int, alive: Sequence[str], table: int) -> Sequence[Meeting]:
    """Return a round of a knockout; `alive` are those left, the best seed first.

    Byes are given in the first round only, to the best seeds; afterwards every table is full.
    The best seeds meet as late as possible.
    """
    size = table
    while size < len(alive):
        size *= table
    out = len(alive) - size // table
    full, rest = divmod(out, table - 1)
    sizes = [table] * full + ([rest + 1] if rest else [])
    playing = sum(sizes)
    byes = [(one,) for one in alive[: len(alive) - playing]]
    return _meetings(number, [*byes, *_snaked(alive[len(alive) - playing :], sizes)])


def _snaked(entrants: Sequence[str], sizes: Sequence[int]) -> Parties:
    """Deal entrants to tables there and back again, so that all tables are about as strong."""
    parties: list[list[str]] = [[] for _ in sizes]
    way = list(range(len(sizes)))
    left = list(entrants)
    while left:
        for at in way:
            if left and len(parties[at]) < sizes[at]:
                parties[at].append(left.pop(0))
        way.reverse()
    return [tuple(party) for party in parties]


def _circle(entrants: Sequence[str]) -> Iterable[Parties]:
    """Yield the rounds of a round robin for two: one stays, the others go round."""
    ring: list[str | None] = [*entrants, *([None] if len(entrants) % 2 else [])]
    half = len(ring) // 2
    for number in range(len(ring) - 1):
        pairs = list(zip(ring[:half], reversed(ring[half:]), strict=True))
        if number % 2:
            pairs[0] = pairs[0][::-1]
        played = [(a, b) for a, b in pairs if a is not None and b is not None]
        resting = [one for pair in pairs if None in pair for one in pair if one is not None]
        yield [*played, *((one,) for one in resting)]
        ring = [ring[0], ring[-1], *ring[1:-1]]


def _rivals(one: str, others: Sequence[str], points: Mapping[str, float]) -> Sequence[str]:
    """Return whom somebody meets best: of those with as many points, the upper half the lower."""
    alike = [other for other in others if points[other] == points[one]]
    half = max(0, (len(alike) + 1) // 2 - 1)
    apart = [other for other in others if points[other] != points[one]]
    return [*alike[half:], *reversed(alike[:half]), *apart]


def _repair(
    pairs: list[tuple[str, str]], one: str, other: str, met: Mapping[frozenset[str], int]
) -> None:
    """Pair two that are left over and have met, by parting the lowest pair that can be parted.

    Where everybody has yet to meet half of the others, there is such a pair.
    """
    for at in reversed(range(len(pairs))):
        for a, b in (pairs[at], pairs[at][::-1]):
            if not (met[frozenset((one, a))] or met[frozenset((other, b))]):
                pairs[at] = (one, a)
                pairs.append((other, b))
                return
    raise AssertionError("within most_rounds there is always a round without a rematch")


def _met(meetings: Sequence[Meeting]) -> Counter[frozenset[str]]:
    """Return how often two have met; who had a bye has met nobody."""
    return Counter(
        frozenset(pair)
        for meeting in meetings
        for pair in combinations((*meeting.entrants, *([_BYE] if meeting.is_bye else [])), 2)
    )


def _byes(meetings: Sequence[Meeting]) -> Counter[str]:
    return Counter(meeting.entrants[0] for meeting in meetings if meeting.is_bye)


def _meetings(number: int, parties: Iterable[tuple[str, ...]]) -> list[Meeting]:
    return [Meeting(number, table, party) for table, party in enumerate(parties, start=1)]
