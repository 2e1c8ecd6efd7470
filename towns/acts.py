"""What a resident does: walks, uses and pays, works and earns, all by the tables of the town."""

from typing import Final

from games.core import Seat
from towns.courses import walk
from towns.events import Chose, Doing, Finished, Hired, Refused, Used, Waited, Walked
from towns.ledger import TOWN, Outside, building_account, resident_account
from towns.memory import Act
from towns.perception import alone, free_jobs, free_pieces
from towns.policies import Tax
from towns.situation import Offer, Situation
from towns.unfolding import Unfolding

_WAIT: Final = 15
"""Minutes that a resident waits where it finds nothing to do, and that a new job takes."""
_LOST: Final = 5
"""Minutes that a refusal costs."""


def act(unfolding: Unfolding, seat: Seat, tick: int) -> None:
    """Let a resident do what it has chosen, or go on with what it does again."""
    resident = unfolding.resident(seat)
    wanted = resident.chosen
    if wanted is None and resident.again:
        _again(unfolding, seat, tick)
        return
    assert wanted is not None, "everybody who steps has chosen"
    match wanted.doing:
        case Doing.GO:
            assert resident.plan is not None, "who goes has a plan"
            unfolding.tell(Walked(seat, tick, resident.plan.place))
        case Doing.USE:
            _use(unfolding, seat, tick, wanted)
        case Doing.APPLY:
            _apply(unfolding, seat, tick)
        case _:
            until = tick + unfolding.state.ground.start.clock.ticks(_WAIT)
            unfolding.tell(Waited(seat, tick, until))


def _apply(unfolding: Unfolding, seat: Seat, tick: int) -> None:
    """Give a resident a job where it is, if nobody was faster."""
    ground = unfolding.state.ground
    place = ground.place_at(unfolding.resident(seat).place)
    if free_jobs(unfolding.state, place):
        until = tick + ground.start.clock.ticks(_WAIT)
        unfolding.tell(Hired(seat, tick, place, until))
    else:
        refuse(unfolding, seat, tick, f"There is no job at {place} now: somebody was faster.")


def refuse(unfolding: Unfolding, seat: Seat, tick: int, why: str) -> None:
    """Let a resident know why what it wanted cannot be."""
    until = tick + unfolding.state.ground.start.clock.ticks(_LOST)
    unfolding.tell(Refused(seat, tick, why, until))


def finish(unfolding: Unfolding, seat: Seat, tick: int) -> None:
    """Let the use of a resident be over: what it gives is there, and wages are paid."""
    use = unfolding.resident(seat).use
    assert use is not None, "only what was begun can be finished"
    ground = unfolding.state.ground
    offer = ground.offer(use.place, use.equipment, use.operation, use.good)
    assert offer is not None, "only what is on offer can be begun"
    pays = offer.operation.pays
    tax = ground.guide.taxes.of(Tax.WAGES, pays)
    told = _told(offer, use.paid, tax)
    done = Act(use.equipment, use.operation, use.good, use.amount, offer.operation.minutes, told)
    unfolding.tell(Finished(seat, tick, done))
    if pays:
        payer, account = building_account(use.place), resident_account(seat)
        if unfolding.can_pay(tick, payer, account, pays):
            payer = Outside.WAGES
        unfolding.pay(tick, payer, account, pays, f"wage: {use.operation}")
        unfolding.pay(tick, account, TOWN, tax, f"tax on {Tax.WAGES}")


def _told(offer: Offer, paid: int, tax: int) -> str:
    if pays := offer.operation.pays:
        return f"earned {pays:,} coins" + (f", {tax:,} of them for the town" if tax else "")
    if paid:
        return f"paid {paid:,} coins"
    return f"has {offer.operation.gives.name}" if offer.operation.gives else ""


def _again(unfolding: Unfolding, seat: Seat, tick: int) -> None:
    done = unfolding.resident(seat).again[0]
    wanted = Chose(seat, Doing.USE, *done.doing, amount=done.amount)
    unfolding.tell(wanted)
    _use(unfolding, seat, tick, wanted)


def _use(unfolding: Unfolding, seat: Seat, tick: int, wanted: Chose) -> None:
    """Begin a use, or say why it cannot be."""
    state = unfolding.state
    now = alone(state, seat, tick)
    doing = (wanted.equipment, wanted.operation, wanted.good)
    offer = next((one for one in now.offers_here() if one.doing == doing), None)
    cost = offer.costs * max(1, wanted.amount) if offer else 0
    if offer is None:
        refuse(unfolding, seat, tick, _why_not(now, wanted))
    elif cost > now.cash:
        refuse(unfolding, seat, tick, f"This costs {cost:,} coins, and you have {now.cash:,}.")
    else:
        _begin(unfolding, now, offer, wanted)


def _begin(unfolding: Unfolding, now: Situation, offer: Offer, wanted: Chose) -> None:
    state, seat = unfolding.state, wanted.seat
    place = state.ground.map.buildings[now.here]
    here = unfolding.resident(seat).place
    ways = {
        piece: walk(state.ground, here, place.equipment[piece].stands, now.tick)
        for piece in free_pieces(state, now.here, offer.equipment, now.tick)
    }
    piece = min(ways, key=lambda name: len(ways[name].path))
    until = ways[piece].until + now.clock.ticks(offer.operation.minutes)
    taken = [good.name for good in now.goods if good.kind in offer.operation.takes]
    cost = offer.costs * max(1, wanted.amount)
    payer, account = resident_account(seat), building_account(now.here)
    tax = now.guide.taxes.of(Tax.PURCHASES, cost)
    unfolding.pay(now.tick, payer, account, cost - tax, offer.operation.name)
    unfolding.pay(now.tick, payer, TOWN, tax, f"tax on {Tax.PURCHASES}")
    used = Used(
        seat=seat,
        tick=now.tick,
        place=now.here,
        piece=piece,
        equipment=offer.equipment,
        operation=offer.operation.name,
        good=wanted.good,
        amount=wanted.amount,
        takes=taken[0] if taken else "",
        until=until,
        paid=cost,
    )
    unfolding.tell(used)


def _why_not(now: Situation, wanted: Chose) -> str:
    place = now.guide.places.get(now.here)
    if place is None or not place.hours.has(now.time):
        return f"{now.here or 'The street'} is closed now."
    if wanted.equipment in now.full:
        return f"There is no room at the {wanted.equipment} now: somebody was faster."
    return f"You cannot {wanted.operation} now: you lack the money, the goods or the right to."
