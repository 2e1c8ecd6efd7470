"""The table of towns, and its statements, in the order of their execution."""

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, String, Table, Text, bindparam, delete, insert

from bot.store.tables import metadata

towns = Table(
    "towns",
    metadata,
    Column("match_id", String, primary_key=True),
    Column("guild", BigInteger, nullable=False, index=True),
    Column("opener", BigInteger, nullable=False, index=True),
    Column("cause", String, nullable=False, unique=True),
    Column("open", Boolean, nullable=False),
    Column("body", Text, nullable=False, doc="JSON."),
)

NEW_TOWN = insert(towns)
NO_TOWN = delete(towns).where(towns.c.match_id == bindparam("match_id"))

ORDER: Final = (NO_TOWN, NEW_TOWN)
