"""Every statement behind administration that writes, in the order of their execution.

A parameter that begins with `of_` says which row is meant.
"""

from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Executable,
    String,
    Table,
    bindparam,
    delete,
    exists,
    insert,
    literal,
    select,
    update,
)

from bot.store.administration_tables import (
    audit,
    bans,
    match_costs,
    reservations,
    server_models,
    spending,
)


def _is(table: Table, *names: str) -> list[ColumnElement[bool]]:
    return [table.c[name] == bindparam(f"of_{name}", type_=table.c[name].type) for name in names]


def _more(name: str, table: Table = spending) -> ColumnElement[Any]:
    return table.c[name] + bindparam(f"more_{name}", type_=BigInteger)


def _less(name: str) -> ColumnElement[Any]:
    return spending.c[name] - bindparam(f"less_{name}", type_=BigInteger)


_ACCOUNT: Final = ("guild", "user_id", "day")
_COUNTED: Final = ("requests", "tokens_in", "tokens_out", "money")
_RESERVED: Final = ("reserved_requests", "reserved_tokens", "reserved_money")
_LIMITS: Final = ("limit_requests", "limit_tokens", "limit_money")

NEW_ACCOUNT = insert(spending).from_select(
    [*_ACCOUNT, *_COUNTED, *_RESERVED, "warned"],
    select(
        bindparam("of_guild", type_=BigInteger),
        bindparam("of_user_id", type_=BigInteger),
        bindparam("of_day", type_=String),
        *[literal(0, BigInteger).label(name) for name in (*_COUNTED, *_RESERVED, "warned")],
    ).where(~exists().where(*_is(spending, *_ACCOUNT))),
)
"""Does nothing where there is the account."""
NEW_RESERVATION = insert(reservations)

# A call is counted once: whoever comes after its reservation is gone changes nothing.
_STILL_RESERVED = exists().where(*_is(reservations, "reservation_id"))
SETTLED = (
    update(spending)
    .where(*_is(spending, *_ACCOUNT), _STILL_RESERVED)
    .values(
        {name: _more(name) for name in _COUNTED}
        | {name: _less(name) for name in _RESERVED}
        | dict.fromkeys(_LIMITS)
    )
)
NEW_MATCH_COST = insert(match_costs).from_select(
    ["match_id", *_COUNTED],
    select(
        reservations.c.match_id, *[literal(0, BigInteger).label(name) for name in _COUNTED]
    ).where(
        *_is(reservations, "reservation_id"),
        reservations.c.match_id != "",
        ~exists().where(match_costs.c.match_id == reservations.c.match_id),
    ),
)
"""Does nothing where there is one, or the call was for no match, or was counted already."""
MATCH_COST = (
    update(match_costs)
    .where(
        match_costs.c.match_id
        == select(reservations.c.match_id)
        .where(*_is(reservations, "reservation_id"))
        .scalar_subquery()
    )
    .values({name: _more(name, match_costs) for name in _COUNTED})
)
NO_RESERVATION = delete(reservations).where(*_is(reservations, "reservation_id"))
RESERVED = (
    update(spending)
    .where(*_is(spending, *_ACCOUNT))
    .values({name: _more(name) for name in _RESERVED} | {name: bindparam(name) for name in _LIMITS})
)
"""Refused by the table's own constraints where it would overrun a limit."""
WARNED = update(spending).where(*_is(spending, *_ACCOUNT)).values(warned=1)

NO_SERVER_MODEL = delete(server_models).where(*_is(server_models, "guild", "name"))
NEW_SERVER_MODEL = insert(server_models)
RESEALED = (
    update(server_models)
    .where(*_is(server_models, "guild", "name", "sealed"))
    .values(sealed=bindparam("now_sealed"))
)

NO_BAN = delete(bans).where(*_is(bans, "guild", "user_id"))
NEW_BAN = insert(bans)

NEW_AUDIT_LINE = insert(audit)

ORDER: Final[tuple[Executable, ...]] = (
    NEW_ACCOUNT,
    SETTLED,
    NEW_MATCH_COST,
    MATCH_COST,
    NO_RESERVATION,
    NEW_RESERVATION,
    RESERVED,
    WARNED,
    NO_SERVER_MODEL,
    NEW_SERVER_MODEL,
    RESEALED,
    NO_BAN,
    NEW_BAN,
    NEW_AUDIT_LINE,
)
