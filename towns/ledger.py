"""The money of a town in double entry: what one account pays, another gets."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from games.core import Seat
from towns.errors import TransferRefused

TOWN: Final = "town"
"""The account that the mayor pays from."""
_RESIDENT: Final = "resident:"
MOST_AT_ONCE: Final = 1_000_000_000
"""Coins in one transfer."""


class Outside(StrEnum):
    """The accounts through which money comes into a town and leaves it; they may be below zero."""

    WAGES = "world:wages"
    """Pays for work."""
    CASH = "world:cash"
    """What people and the town own at the start, and take along when they leave."""
    FEES = "world:fees"
    """Gets what building and inviting cost."""


def resident_account(name: str) -> str:
    """Return the account of a resident."""
    return f"{_RESIDENT}{name}"


def resident_of(account: str) -> Seat | None:
    """Return whose account it is; None where it is no resident's."""
    name = account.removeprefix(_RESIDENT)
    return None if name == account else Seat(name)


def building_account(name: str) -> str:
    """Return the account of a building."""
    return f"building:{name}"


@dataclass(frozen=True)
class Transfer:
    """One entry: the debited account has paid the credited one."""

    number: int
    """Counted from 1, without gaps."""
    tick: int
    debit: str
    credit: str
    amount: int
    """Coins, more than 0."""
    why: str


def is_gift(transfer: Transfer) -> bool:
    """Return whether it is cash that somebody begins with, given and not earned."""
    return transfer.debit in (Outside.CASH, TOWN)


@dataclass(frozen=True)
class Ledger:
    """What each account holds; the sum of all is always 0."""

    balances: Mapping[str, int] = field(default_factory=lambda: dict.fromkeys([TOWN, *Outside], 0))
    """Coins by account; only those of the outside may be below 0."""
    transfers: int = 0
    """How many there have been."""

    def opened(self, account: str) -> "Ledger":
        """Return the ledger with an account, which holds nothing if it is new."""
        return replace(self, balances={account: 0, **self.balances})

    def checked(self, tick: int, debit: str, credit: str, amount: object, why: str) -> Transfer:
        """Return the next transfer, if it may be made.  Raises TransferRefused."""
        for account in (debit, credit):
            if account not in self.balances:
                raise TransferRefused(f"There is no account “{account}”: name one of the town's.")
        if debit == credit:
            raise TransferRefused("Nobody can pay themselves: name somebody else.")
        if isinstance(amount, bool) or not isinstance(amount, int):
            raise TransferRefused("An amount is a whole number of coins: name one.")
        if not 0 < amount <= MOST_AT_ONCE:
            raise TransferRefused(f"An amount is from 1 to {MOST_AT_ONCE:,} coins: name another.")
        held = self.balances[debit]
        if held < amount and debit not in tuple(Outside):
            raise TransferRefused(
                f"This costs {amount:,}, and only {held:,} is there: earn more or take less."
            )
        return Transfer(self.transfers + 1, tick, debit, credit, amount, why)

    def after(self, transfer: Transfer) -> "Ledger":
        """Return the ledger after a transfer that was checked against it."""
        moved = {
            transfer.debit: self.balances[transfer.debit] - transfer.amount,
            transfer.credit: self.balances[transfer.credit] + transfer.amount,
        }
        return Ledger({**self.balances, **moved}, transfer.number)
