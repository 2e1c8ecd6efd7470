"""A purse: accounts that let no more be spent than is in it, whatever the day."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from bot.administration import MICRO, Accounts, Amount, Cost, Reservation, Spent
from bot.errors import BudgetSpent


class Purse:
    """Counts like the accounts behind it, and besides refuses a call that it cannot pay for."""

    def __init__(self, accounts: Accounts, most: int | None = None, spent: int = 0) -> None:
        """Fill it with `most` less what is `spent`, in millionths; None is without end."""
        self.most = most
        self.used = spent
        """In millionths."""
        self.cap = accounts.cap
        self._accounts = accounts
        self._reserved: dict[str, int] = {}

    async def reserve(self, reservation: Reservation) -> None:
        """Keep a part for a call.  Raises BudgetSpent; then nothing is kept."""
        kept, wanted = self.used + sum(self._reserved.values()), reservation.cost.money
        if self.most is not None and kept + wanted > self.most:
            raise BudgetSpent(
                f"The budget of {self.most / MICRO:,.2f} has no room for another answer: "
                f"{kept / MICRO:,.4f} is used or reserved, {wanted / MICRO:,.4f} may be needed.",
                datetime.now(UTC),
            )
        self._reserved[reservation.reservation_id] = wanted
        try:
            await self._accounts.reserve(reservation)
        except BudgetSpent:
            self._reserved.pop(reservation.reservation_id, None)
            raise

    async def settle(self, reservation: Reservation, cost: Cost | None) -> Sequence[str]:
        """Count what a call has cost in the place of what was reserved; None for no call."""
        if self._reserved.pop(reservation.reservation_id, None) is not None and cost:
            self.used += cost.money
        return await self._accounts.settle(reservation, cost)

    async def count_stale(self, now: datetime) -> int:
        """Count as spent what was reserved over an hour ago; return how many calls that were."""
        return await self._accounts.count_stale(now)

    async def spent(self, guild: int, user: int, day: date) -> Spent:
        """Return what an account has used on a day."""
        return await self._accounts.spent(guild, user, day)

    async def cost_of_match(self, match_id: str) -> Amount:
        """Return what the models of a match have used so far, over all days."""
        return await self._accounts.cost_of_match(match_id)
