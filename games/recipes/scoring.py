"""What answers are worth: a fixed set of rules, each of which reads one phase's answers."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from games.core import Seat
from games.recipes.play import Reply
from games.recipes.recipe import ANSWER, EVERYONE, Amount, Cell, Condition, Points, Rule, Sign

Shares = Mapping[Seat, float]
"""How often each seat gets the points of a rule."""
Given = Mapping[Seat, tuple[str, ...]]
"""One part of everybody's answers; of a vote, the seat that was named."""


@dataclass(frozen=True)
class Facts:
    """What the rules look at."""

    seats: Sequence[Seat]
    roles: Mapping[Seat, str]
    replies: Mapping[str, Mapping[Seat, Reply]]
    """By phase."""
    value: Callable[[str, Seat], Cell | None]
    """Returns a drawn value as it is for a seat; None where it is not known."""
    option: Callable[[str], int]
    """Returns what is chosen for an option; a yes is 1."""
    won: Mapping[Seat, float]
    """Points so far."""

    def amount(self, amount: Amount) -> int:
        """Return a number, or the one that an option holds."""
        return amount if isinstance(amount, int) else self.option(amount)

    def given(self, phase: str, part: str) -> Given:
        """Return one part of everybody's answers."""
        replies = self.replies.get(phase, {}).items()
        return {seat: told for seat, reply in replies if (told := _part(reply, part))}


@dataclass(frozen=True)
class Case:
    """One rule, and the answers that it is for."""

    points: Points
    facts: Facts
    given: Given


def gains(points: Points, facts: Facts) -> Mapping[Seat, float]:
    """Return what each seat gets by one rule; seats that get nothing are left out."""
    shares = RULES[points.rule](Case(points, facts, facts.given(points.phase, points.part)))
    each = facts.amount(points.points)
    got = {
        seat: each * shares[seat]
        for seat in facts.seats
        if shares.get(seat) and points.to in (EVERYONE, facts.roles.get(seat))
    }
    return {seat: won for seat, won in got.items() if won}


def holds(condition: Condition, facts: Facts) -> bool:
    """Return whether a condition is met."""
    match condition.sign:
        case Sign.POINTS:
            return max(facts.won.values(), default=0) >= facts.amount(condition.points)
        case Sign.OPTION:
            return bool(facts.option(condition.subject))
        case Sign.CAUGHT:
            rule = Points(Rule.CAUGHT, condition.subject, 1, role=condition.value)
            return bool(gains(rule, facts))
    replies = [
        tuple(told for part in reply.picks.values.values() for told in part)
        + tuple(reply.picks.votes.values())
        for reply in facts.replies.get(condition.subject, {}).values()
    ]
    if condition.sign is Sign.AGREED:
        return len(replies) > 1 and len(set(replies)) == 1 and bool(replies[0])
    return any(_same((told,), (condition.value,)) for reply in replies for told in reply)


def _matching(case: Case) -> Shares:
    counts = Counter(case.given.values())
    return _once([seat for seat, said in case.given.items() if counts[said] > 1])


def _unique(case: Case) -> Shares:
    counts = Counter(case.given.values())
    return _once([seat for seat, said in case.given.items() if counts[said] == 1])


def _most_given(case: Case) -> Shares:
    counts = Counter(case.given.values())
    most = max(counts.values(), default=0)
    return _once([seat for seat, said in case.given.items() if counts[said] == most])


def _highest(case: Case) -> Shares:
    return _best(_numbers(case))


def _lowest(case: Case) -> Shares:
    return _best({seat: -number for seat, number in _numbers(case).items()})


def _nearest(case: Case) -> Shares:
    return _best(
        {
            seat: -abs(number - float(right))
            for seat, number in _numbers(case).items()
            for right in _right(case, seat)
        }
    )


def _numbers(case: Case) -> Shares:
    return {seat: float(said) for seat, (said,) in case.given.items()}


def _equals(case: Case) -> Shares:
    return _once([seat for seat, said in case.given.items() if _same(said, _right(case, seat))])


def _chosen(case: Case) -> Shares:
    return Counter(Seat(vote) for (vote,) in case.given.values())


def _most_chosen(case: Case) -> Shares:
    return _best(_chosen(case))


def _names_role(case: Case) -> Shares:
    roles = {seat: case.facts.roles.get(Seat(vote)) for seat, (vote,) in case.given.items()}
    return _once([seat for seat, role in roles.items() if role == case.points.role])


def _caught(case: Case) -> Shares:
    most = _most_chosen(case)
    caught = most and all(case.facts.roles.get(seat) == case.points.role for seat in most)
    return _once(case.facts.seats if caught else ())


def _escaped(case: Case) -> Shares:
    return _once(() if _caught(case) else case.facts.seats)


def _payoff(case: Case) -> Shares:
    pairs = case.points.payoff
    return {
        seat: sum(
            pairs.get((mine[0], theirs[0]), 0)
            for other, theirs in case.given.items()
            if other != seat
        )
        for seat, mine in case.given.items()
    }


RULES: Mapping[Rule, Callable[[Case], Shares]] = {
    Rule.MATCHING: _matching,
    Rule.UNIQUE: _unique,
    Rule.MOST_GIVEN: _most_given,
    Rule.HIGHEST: _highest,
    Rule.LOWEST: _lowest,
    Rule.NEAREST: _nearest,
    Rule.NUMBER: _numbers,
    Rule.EQUALS: _equals,
    Rule.CHOSEN: _chosen,
    Rule.MOST_CHOSEN: _most_chosen,
    Rule.NAMES_ROLE: _names_role,
    Rule.CAUGHT: _caught,
    Rule.ESCAPED: _escaped,
    Rule.PAYOFF: _payoff,
}


def _once(seats: Iterable[Seat]) -> Shares:
    return dict.fromkeys(seats, 1.0)


def _best(numbers: Shares) -> Shares:
    best = max(numbers.values(), default=0)
    return _once([seat for seat, number in numbers.items() if number == best])


def _same(said: tuple[str, ...], right: tuple[str, ...]) -> bool:
    """Return whether two answers are the same; 7 and 7.0 are."""
    try:
        return said == right or [*map(float, said)] == [*map(float, right)]
    except ValueError:
        return False


def _part(reply: Reply, part: str) -> tuple[str, ...]:
    vote = reply.picks.votes.get(part)
    return tuple(reply.picks.values.get(part, ())) if vote is None else (vote,)


def _right(case: Case, seat: Seat) -> tuple[str, ...]:
    """Return the right answer for a seat; nothing where it is not known."""
    points, facts = case.points, case.facts
    if points.answer:
        return (points.answer,)
    if points.answer_in:
        return next(iter(facts.given(points.answer_in, ANSWER).values()), ())
    cell = facts.value(points.answer_of, seat)
    return (cell,) if isinstance(cell, str) else cell or ()
