"""What model calls cost, counted in the database, which itself refuses to overrun a limit."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Executable, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.administration import (
    WARN_AT,
    Amount,
    Budget,
    Cost,
    Limit,
    Payer,
    Reservation,
    Spent,
    begins_anew,
)
from bot.errors import BudgetSpent, ParlourError
from bot.store import administration_statements as sql
from bot.store.administration_tables import match_costs, reservations, spending
from bot.store.reading import Reader
from bot.store.rows import micros, moment
from bot.store.sql_administration import BUDGET, setting_of
from bot.store.writer import Rows, Write, Writer

STALE: Final = timedelta(hours=1)
"""No call takes that long, so whoever made the reservation was killed before it settled."""

_COUNTED: Final = ("requests", "tokens_in", "tokens_out", "money")


class SqlAccounts:
    """The spending of each server and of each of its members, by day."""

    def __init__(self, reader: Reader, writer: Writer, cap: Limit) -> None:
        self.cap = cap
        self._reading = reader
        self._writer = writer
        self._warned: set[tuple[int, int, str]] = set()

    async def reserve(self, reservation: Reservation) -> None:
        """Keep a part of both budgets for a call.  Raises BudgetSpent; then nothing is kept."""
        async with self._reading() as read:
            budget = await self._budget(read, reservation.payer)
            if refused := await self._why_refused(read, reservation, budget):
                raise refused  # most end here; what is decided at once the database decides
        accounts = _accounts(reservation.payer, _day(reservation))
        wanted = {f"more_{name}": value for name, value in _reserved(reservation.cost).items()}
        rows: dict[Executable, Rows] = {
            sql.NEW_ACCOUNT: accounts,
            sql.NEW_RESERVATION: (_row(reservation),),
            sql.RESERVED: [
                {**account, **wanted, **_limits(budget.of(account["of_user_id"]))}
                for account in accounts
            ],
        }

        async def explain(write: AsyncConnection) -> ParlourError | None:
            return await self._why_refused(write, reservation, budget)

        await self._writer.write(Write(reservation.reservation_id, rows, explain))

    async def settle(self, reservation: Reservation, cost: Cost | None) -> Sequence[str]:
        """Count what a call has cost in the place of what was reserved; None for no call at all.

        Returns a sentence for each budget that little is left of now, once a day.
        """
        # The write is handed over before anything is awaited: a caller who is cancelled settles.
        await self._writer.write(_settling(reservation, cost or Cost(0, 0, 0, requests=0)))
        async with self._reading() as read:
            budget = await self._budget(read, reservation.payer)
            found = await _limited(read, reservation, budget)
        return [
            warning
            for spent, limit in found
            if not spent.warned and (words := limit.reached(spent.used, WARN_AT))
            for warning in await self._warn(spent, words, reservation.at)
        ]

    async def count_stale(self, now: datetime) -> int:
        """Count as spent what was reserved over an hour ago; return how many calls that were.

        Nobody knows whether those calls were made, and a provider may have billed them; giving
        the money back would let a bot that crashes at each call spend without end.
        """
        old = select(reservations).where(reservations.c.at <= micros(now - STALE))
        async with self._reading() as read:
            stale = [_reservation(row) for row in await read.execute(old)]
        for reservation in stale:
            await self._writer.write(_settling(reservation, reservation.cost))
        return len(stale)

    async def spent(self, guild: int, user: int, day: date) -> Spent:
        """Return what an account has used on a day."""
        async with self._reading() as read:
            return await _spent(read, guild, user, day)

    async def cost_of_match(self, match_id: str) -> Amount:
        """Return what the models of a match have used so far, over all days."""
        wanted = select(match_costs).where(match_costs.c.match_id == match_id)
        async with self._reading() as read:
            row = (await read.execute(wanted)).one_or_none()
        if row is None:
            return Amount()
        return Cost(row.tokens_in, row.tokens_out, row.money, row.requests).amount

    async def _budget(self, read: AsyncConnection, payer: Payer) -> Budget:
        """Return what holds: a server's own budget, and never more than the operator's cap."""
        own = Budget.from_json(await setting_of(read, payer.guild, BUDGET))
        return replace(own, guild=own.guild.within(self.cap))

    async def _why_refused(
        self, write: AsyncConnection, reservation: Reservation, budget: Budget
    ) -> ParlourError | None:
        for spent, limit in await _limited(write, reservation, budget):
            kept, wanted = spent.used + spent.reserved, reservation.cost.amount
            capped = None if spent.user else self.cap.exceeded(kept, wanted)
            if wrong := capped or limit.exceeded(kept, wanted):
                more = "; only the operator of this bot can raise it" if capped else ""
                return BudgetSpent(
                    f"{_whose(spent.user).capitalize()} budget for models is spent: {wrong}"
                    f"{more}; {_anew(reservation.at)}.",
                    begins_anew(reservation.at),
                )
        return None

    async def _warn(self, spent: Spent, limit: str, at: datetime) -> Sequence[str]:
        """Return the warning, unless somebody else is giving it."""
        day = spent.day.isoformat()
        account = (spent.guild, spent.user, day)
        if account in self._warned:
            return ()
        self._warned = {one for one in self._warned if one[2] == day} | {account}
        row = {"of_guild": spent.guild, "of_user_id": spent.user, "of_day": day}
        await self._writer.write(Write(f"warned:{account}", {sql.WARNED: (row,)}))
        used = f"{WARN_AT} % of {_whose(spent.user)} budget for models are used"
        return (f"{used}: it is {limit} a day; {_anew(at)}.",)


def _settling(reservation: Reservation, cost: Cost) -> Write:
    """Return the write that counts a call once, however often it is settled."""
    known = {"of_reservation_id": reservation.reservation_id}
    counted = {f"more_{name}": getattr(cost, name) for name in _COUNTED}
    freed = {f"less_{name}": value for name, value in _reserved(reservation.cost).items()}
    rows: dict[Executable, Rows] = {
        sql.SETTLED: [
            {**account, **known, **counted, **freed}
            for account in _accounts(reservation.payer, _day(reservation))
        ],
        sql.NEW_MATCH_COST: (known,),
        sql.MATCH_COST: ({**known, **counted},),
        sql.NO_RESERVATION: (known,),
    }
    return Write(reservation.reservation_id, rows)


def _day(reservation: Reservation) -> str:
    return reservation.at.astimezone(UTC).date().isoformat()


def _accounts(payer: Payer, day: str) -> list[dict[str, Any]]:
    return [
        {"of_guild": guild, "of_user_id": user, "of_day": day} for guild, user in payer.accounts
    ]


def _reserved(cost: Cost) -> Mapping[str, int]:
    amount = cost.amount
    return {f"reserved_{name}": value for name, value in vars(amount).items()}


def _limits(limit: Limit) -> Mapping[str, int | None]:
    return {f"limit_{name}": value for name, value in vars(limit).items()}


def _row(reservation: Reservation) -> Mapping[str, Any]:
    return {
        "reservation_id": reservation.reservation_id,
        "guild": reservation.payer.guild,
        "user_id": reservation.payer.user,
        "day": _day(reservation),
        **{name: getattr(reservation.cost, name) for name in _COUNTED},
        "at": micros(reservation.at),
        "match_id": reservation.payer.match_id,
    }


def _reservation(row: Any) -> Reservation:
    cost = Cost(row.tokens_in, row.tokens_out, row.money, row.requests)
    payer = Payer(row.guild, row.user_id, row.match_id)
    return Reservation(row.reservation_id, payer, cost, moment(row.at))


async def _spent(read: AsyncConnection, guild: int, user: int, day: date) -> Spent:
    where = [
        spending.c.guild == guild,
        spending.c.user_id == user,
        spending.c.day == day.isoformat(),
    ]
    row = (await read.execute(select(spending).where(*where))).one_or_none()
    return Spent(guild, user, day) if row is None else spent_in(row)


def spent_in(row: Any) -> Spent:
    """Return what a row of spending says."""
    return Spent(
        row.guild,
        row.user_id,
        date.fromisoformat(row.day),
        row.requests,
        row.tokens_in,
        row.tokens_out,
        row.money,
        Amount(row.reserved_requests, row.reserved_tokens, row.reserved_money),
        bool(row.warned),
    )


async def _limited(
    read: AsyncConnection, reservation: Reservation, budget: Budget
) -> Sequence[tuple[Spent, Limit]]:
    """Return what is used of each account that has a limit."""
    day = reservation.at.astimezone(UTC).date()
    return [
        (await _spent(read, guild, user, day), budget.of(user))
        for guild, user in reservation.payer.accounts
        if budget.of(user) != Limit()
    ]


def _whose(user: int) -> str:
    return "this member's" if user else "this server's"


def _anew(at: datetime) -> str:
    return f"it begins anew on {begins_anew(at):%Y-%m-%d at %H:%M} UTC"
