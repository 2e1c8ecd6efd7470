"""The tables as the newest migration leaves them; times are microseconds since 1970, UTC."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)


def _of_match(*, key: bool = True) -> Column[str]:
    return Column("match_id", String, ForeignKey("matches.match_id"), primary_key=key)


matches = Table(
    "matches",
    metadata,
    Column("match_id", String, primary_key=True),
    Column("game", Text, nullable=False, doc="Name and options, as JSON."),
    Column("seats", Text, nullable=False, doc="A JSON list, in seat order."),
    Column("seed", String, nullable=False, doc="Decimal digits: a seed has no largest value."),
    Column("room", String, nullable=False),
    Column("opened_at", BigInteger, nullable=False, index=True),
    Column("outcome", Text, doc="JSON; set when the match is closed."),
)

entries = Table(
    "entries",
    metadata,
    _of_match(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("previous", Integer, doc="The number before; the database refuses a gap by it."),
    Column("seat", String, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("cause", String, unique=True),
    Column("events", Text, nullable=False, doc="A JSON list of [kind, fields]."),
    ForeignKeyConstraint(["match_id", "previous"], ["entries.match_id", "entries.number"]),
    CheckConstraint("coalesce(previous, 0) = number - 1", name="no_gap"),
)

texts = Table(
    "texts",
    metadata,
    _of_match(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("part", Integer, primary_key=True, autoincrement=False, doc="From 0, in each entry."),
    Column("seat", String, nullable=False, doc="Who said it."),
    Column("text", Text, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    _of_match(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("audience", String, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("reference", String, doc="What the room calls it; set when it has arrived."),
)

due = Table(
    "due",
    metadata,
    _of_match(),
    Column("seat", String, primary_key=True),
    Column("ask_id", String, nullable=False),
    Column("at", BigInteger, nullable=False, index=True),
)

seats = Table(
    "seats",
    metadata,
    _of_match(),
    Column("seat", String, primary_key=True),
    Column("player", String, nullable=False, doc='A player spec such as "house:hard".'),
)

snapshots = Table(
    "snapshots",
    metadata,
    _of_match(),
    Column("number", Integer, nullable=False, doc="The last entry that is in it."),
    Column("rules", String, nullable=False, doc="The rules that made it; others cannot read it."),
    Column("state", Text, nullable=False, doc="JSON."),
)

settings = Table(
    "settings",
    metadata,
    Column("scope", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("value", Text, nullable=False),
)

_waiting = outbox.c.reference.is_(None)
Index("ix_outbox_waiting", outbox.c.at, sqlite_where=_waiting, postgresql_where=_waiting)
