"""The tables behind administration; guilds and users by Discord's ids, money in millionths."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Float,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from bot.store.tables import metadata


def _whole(name: str) -> Column[int]:
    return Column(name, BigInteger, nullable=False)


def _key(name: str) -> Column[int]:
    return Column(name, BigInteger, primary_key=True, autoincrement=False)


server_models = Table(
    "server_models",
    metadata,
    _key("guild"),
    Column("name", String, primary_key=True),
    Column("base_url", String, nullable=False),
    Column("model", String, nullable=False),
    Column("key", String, nullable=False, doc='As it is shown, such as "sk-…abcd".'),
    Column("sealed", Text, nullable=False, doc="The key, unreadable without the master key."),
    Column("price_in", Float, nullable=False),
    Column("price_out", Float, nullable=False),
)

spending = Table(
    "spending",
    metadata,
    _key("guild"),
    _key("user_id"),
    Column("day", String, primary_key=True, doc="UTC, such as 2026-01-31."),
    _whole("requests"),
    _whole("tokens_in"),
    _whole("tokens_out"),
    _whole("money"),
    _whole("reserved_requests"),
    _whole("reserved_tokens"),
    _whole("reserved_money"),
    # Whoever reserves writes the limit that holds, so the database itself refuses to overrun it;
    # whoever settles takes it away, as a call that has cost more than expected must be counted.
    Column("limit_requests", BigInteger),
    Column("limit_tokens", BigInteger),
    Column("limit_money", BigInteger),
    Column("warned", Integer, nullable=False),
    CheckConstraint("requests + reserved_requests <= limit_requests", name="requests"),
    CheckConstraint("tokens_in + tokens_out + reserved_tokens <= limit_tokens", name="tokens"),
    CheckConstraint("money + reserved_money <= limit_money", name="money"),
)

reservations = Table(
    "reservations",
    metadata,
    Column("reservation_id", String, primary_key=True),
    _whole("guild"),
    _whole("user_id"),
    Column("day", String, nullable=False),
    _whole("requests"),
    _whole("tokens_in"),
    _whole("tokens_out"),
    _whole("money"),
    Column("at", BigInteger, nullable=False, index=True),
    Column("match_id", String, nullable=False, server_default="", doc='"" outside any match.'),
)

# Without a foreign key: what a call has cost must be counted whatever becomes of its match.
match_costs = Table(
    "match_costs",
    metadata,
    Column("match_id", String, primary_key=True),
    _whole("requests"),
    _whole("tokens_in"),
    _whole("tokens_out"),
    _whole("money"),
)

audit = Table(
    "audit",
    metadata,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    _whole("guild"),
    _whole("who"),
    Column("what", String, nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    _whole("at"),
)
Index("ix_audit_guild", audit.c.guild, audit.c.number)

bans = Table(
    "bans",
    metadata,
    _key("guild"),
    _key("user_id"),
    Column("reason", Text, nullable=False),
    Column("until", BigInteger, doc="Empty for ever."),
)
