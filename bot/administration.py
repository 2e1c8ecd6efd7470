"""What admins of a server decide, and what its members have cost: settings, models, budgets, bans.

A server is a guild of Discord, by its id; 0 stands for everything outside any server, and as a
user for nobody in particular.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, Final, Protocol, Self

from pydantic import TypeAdapter, ValidationError

WARN_AT: Final = 80
"""Per cent of a budget at which its admins are told, once a day."""
MICRO: Final = 1_000_000
"""Money is counted in millionths; a price for a million tokens is millionths for one."""


class MayCreate(StrEnum):
    """Who may open a lobby, where it is no role."""

    EVERYONE = "everyone"
    ADMINS = "admins"


class _Kept:
    """Something that is kept as JSON."""

    def to_json(self) -> str:
        """Return all of it; equal values give the same text."""
        return _adapter(type(self)).dump_json(self).decode()  # type: ignore[arg-type]  # a class has a hash

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return what `to_json` wrote; what this version cannot read is as if it was never set."""
        try:
            found: Self = _adapter(cls).validate_json(text)  # type: ignore[arg-type]  # so has this
        except ValidationError:
            return cls()
        return found


@cache  # to make one takes a millisecond
def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


@dataclass(frozen=True)
class ServerSettings(_Kept):
    """What `/admin setup` sets for one server."""

    channels: tuple[int, ...] = ()
    """Where lobbies may be opened, by channel id; everywhere when empty."""
    games: tuple[str, ...] = ()
    """What may be played, by name; everything when empty."""
    default_model: str = ""
    may_create: MayCreate | int = MayCreate.EVERYONE
    """A number is the id of the one role that may."""
    seconds: int | None = None
    """Time limit for a person's answer; None leaves it to the game."""
    language: str = "en"
    """What members read and models speak, as an ISO 639-1 code."""
    text_boards: bool = False
    """Whether boards are shown as text instead of pictures."""
    notices: int = 0
    """The channel in which admins hear that a budget runs low; 0 for none."""

    def allows_channel(self, channel: int) -> bool:
        """Return whether lobbies may be opened in a channel."""
        return not self.channels or channel in self.channels

    def allows_game(self, name: str) -> bool:
        """Return whether a game may be played."""
        return not self.games or name in self.games

    def lets_create(self, roles: Collection[int], *, admin: bool) -> bool:
        """Return whether a member with these roles may open a lobby; an admin always may."""
        return admin or self.may_create == MayCreate.EVERYONE or self.may_create in roles


@dataclass(frozen=True)
class ServerModel:
    """A model that a server's admins have added; its key is kept sealed and apart from this."""

    guild: int
    name: str
    base_url: str
    model: str
    """What its server calls it."""
    key: str = ""
    """As it may be shown, such as "sk-…abcd"; "" where none is needed."""
    price_in: float = 0.0
    """Money for a million tokens of prompt."""
    price_out: float = 0.0
    """Money for a million tokens of answer."""


@dataclass(frozen=True)
class SealedModel:
    """A server's model with its key as nobody can read it without the master key."""

    model: ServerModel
    sealed: str = field(repr=False)
    """"" where it has no key."""


@dataclass(frozen=True)
class Amount:
    """What model calls use up."""

    requests: int = 0
    tokens: int = 0
    money: int = 0
    """In millionths."""

    def __add__(self, other: "Amount") -> "Amount":
        return Amount(
            self.requests + other.requests, self.tokens + other.tokens, self.money + other.money
        )


@dataclass(frozen=True)
class Limit:
    """The most that may be used on one day, UTC; None for no limit."""

    requests: int | None = None
    tokens: int | None = None
    money: int | None = None
    """In millionths."""

    def within(self, cap: "Limit") -> "Limit":
        """Return the lower of both, unit by unit."""
        both = {unit: (limit, getattr(cap, unit)) for unit, limit in vars(self).items()}
        return Limit(
            **{
                unit: min((limit for limit in limits if limit is not None), default=None)
                for unit, limits in both.items()
            }
        )

    def reached(self, used: Amount, per_cent: int = 100) -> str | None:
        """Return the first limit of which at least so much is used, in words; None for none."""
        for unit, limit in vars(self).items():
            if limit is not None and getattr(used, unit) * 100 >= limit * per_cent:
                return in_words(unit, limit)
        return None

    def exceeded(self, used: Amount, wanted: Amount) -> str | None:
        """Return what stands in the way of using more, in words; None where nothing does."""
        for unit, limit in vars(self).items():
            have, more = getattr(used, unit), getattr(wanted, unit)
            if limit is not None and have + more > limit:
                return (
                    f"{in_words(unit, limit)} a day (used or reserved: {in_words(unit, have)}, "
                    f"the next answer may need {in_words(unit, more)})"
                )
        return None


@dataclass(frozen=True)
class Budget(_Kept):
    """What models may cost a server."""

    guild: Limit = Limit()
    """For all members together."""
    user: Limit = Limit()
    """For each member."""

    def of(self, user: int) -> Limit:
        """Return the limit of a member, or with 0 of the whole server."""
        return self.user if user else self.guild


@dataclass(frozen=True)
class Payer:
    """Whose budgets pay for a model's answers."""

    guild: int
    user: int = 0
    """Who seated the model; with 0 the server alone pays."""
    match_id: str = ""
    """The match it answers in; "" outside any."""

    @property
    def accounts(self) -> Sequence[tuple[int, int]]:
        """Both accounts, as guild and user."""
        return [(self.guild, 0), *([(self.guild, self.user)] if self.user else [])]


@dataclass(frozen=True)
class Cost:
    """What one model call has cost, or may cost."""

    tokens_in: int
    tokens_out: int
    money: int
    """In millionths."""
    requests: int = 1

    @property
    def amount(self) -> Amount:
        """The same as budgets count it."""
        return Amount(self.requests, self.tokens_in + self.tokens_out, self.money)


@dataclass(frozen=True)
class Spent:
    """What an account has used on one day."""

    guild: int
    user: int
    day: date
    """UTC."""
    requests: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    money: int = 0
    """In millionths."""
    reserved: Amount = Amount()
    """For calls that have not ended yet."""
    warned: bool = False
    """Whether somebody was told that little is left."""

    @property
    def used(self) -> Amount:
        """Without what is only reserved."""
        return Amount(self.requests, self.tokens_in + self.tokens_out, self.money)


@dataclass(frozen=True)
class Reservation:
    """A part of today's budgets that is kept for one call."""

    reservation_id: str
    payer: Payer
    cost: Cost
    at: datetime
    """UTC; its day is the one that pays."""


@dataclass(frozen=True)
class AuditLine:
    """Something an admin did; such lines are never changed or deleted."""

    guild: int
    who: int
    what: str
    """Such as "settings" or "model gpt"."""
    before: str
    after: str
    """"" where there is nothing any more."""
    at: datetime
    """UTC."""


@dataclass(frozen=True)
class Ban:
    """A member who may not play here."""

    guild: int
    user: int
    reason: str
    until: datetime | None = None
    """UTC; None for ever."""


class Administration(Protocol):
    """Keeps what admins decide; every change writes its audit line in the same transaction.

    `by` is the user who does it.
    """

    async def settings_of(self, guild: int) -> ServerSettings:
        """Return a server's settings; the defaults where nothing was set."""

    async def change_settings(self, guild: int, settings: ServerSettings, by: int) -> None:
        """Put other settings in the place of a server's own."""

    async def budget_of(self, guild: int) -> Budget:
        """Return a server's budget; without limits where none was set."""

    async def change_budget(self, guild: int, budget: Budget, by: int) -> None:
        """Put another budget in the place of a server's own; it holds from the next call on."""

    async def models(self, guild: int | None = None) -> Sequence[SealedModel]:
        """Return the models of a server, or of all, by name."""

    async def put_model(self, model: SealedModel, by: int) -> None:
        """Add a model, or put it in the place of the one with its name."""

    async def remove_model(self, guild: int, name: str, by: int) -> None:
        """Remove a model and its key.  Raises ShownToUser where there is none."""

    async def reseal(self, guild: int, name: str, old: str, new: str) -> None:
        """Keep a key under another master key, unless it was changed since."""

    async def bans(self, guild: int) -> Sequence[Ban]:
        """Return who is banned from a server or was, by user."""

    async def banned(self, guild: int, user: int, now: datetime) -> Ban | None:
        """Return the ban that keeps a user out now; None where none does."""

    async def ban(self, ban: Ban, by: int) -> None:
        """Ban a user, or change the ban."""

    async def unban(self, guild: int, user: int, by: int) -> None:
        """Lift a ban.  Raises ShownToUser where there is none."""

    async def note(self, line: AuditLine) -> None:
        """Write an audit line for something that is kept elsewhere."""

    async def audit(self, guild: int, limit: int = 50) -> Sequence[AuditLine]:
        """Return what was done in a server, newest first."""


class Accounts(Protocol):
    """Counts what model calls cost, before and after each."""

    cap: Limit
    """The most that the operator lets any one server use, whatever its admins have set."""

    async def reserve(self, reservation: Reservation) -> None:
        """Keep a part of both budgets for a call.  Raises BudgetSpent; then nothing is kept."""

    async def settle(self, reservation: Reservation, cost: Cost | None) -> Sequence[str]:
        """Count what a call has cost in the place of what was reserved; None for no call at all.

        Returns a sentence for each budget that little is left of now, once a day.
        """

    async def count_stale(self, now: datetime) -> int:
        """Count as spent what was reserved over an hour ago; return how many calls that were."""

    async def spent(self, guild: int, user: int, day: date) -> Spent:
        """Return what an account has used on a day."""

    async def cost_of_match(self, match_id: str) -> Amount:
        """Return what the models of a match have used so far, over all days."""


class Privacy(Protocol):
    """What is kept about a person or a server, to be handed out and to be deleted."""

    async def export_of(self, user: int) -> Mapping[str, Any]:
        """Return all that is kept about a person, as JSON values."""

    async def delete_of(self, user: int) -> int:
        """Delete what is kept about a person; return how many texts were emptied.

        Raises ShownToUser while the person sits in a match that goes on.
        """

    async def export_of_guild(self, guild: int) -> Mapping[str, Any]:
        """Return all that is kept about a server, as JSON values.

        Keys are not in it, nor what was said: that is its members' own, and may be secret.
        """

    async def delete_of_guild(self, guild: int, by: int) -> int:
        """Delete what is kept about a server but its audit log; return how many lobbies it had.

        Raises ShownToUser while a match goes on.
        """


Warn = Callable[[Payer, str], None]
"""Is told that little is left of a budget; must neither block nor raise."""


def begins_anew(now: datetime) -> datetime:
    """Return when budgets are whole again: the next midnight, UTC."""
    return datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), time(), UTC)


def cost_of(tokens_in: int, tokens_out: int, price_in: float, price_out: float) -> Cost:
    """Return the cost of a call; prices are for a million tokens, parts of a millionth count up."""
    exact = tokens_in * price_in + tokens_out * price_out
    return Cost(tokens_in, tokens_out, -int(-exact // 1))


def in_words(unit: str, count: int) -> str:
    """Return "1,200 tokens"; money is in millionths and has no name."""
    if unit == "money":
        digits = 6 if 0 < count < MICRO / 100 else 2
        return f"{count / MICRO:,.{digits}f} in money"
    return f"{count:,} {unit if count != 1 else unit.removesuffix('s')}"
