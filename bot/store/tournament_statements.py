"""The table of tournaments, and its statements, in the order of their execution."""

from typing import Final

from sqlalchemy import BigInteger, Column, String, Table, Text, bindparam, delete, insert

from bot.store.tables import metadata

tournaments = Table(
    "tournaments",
    metadata,
    Column("tournament_id", String, primary_key=True),
    Column("guild", BigInteger, nullable=False, index=True),
    Column("cause", String, nullable=False, unique=True),
    Column("state", String, nullable=False, index=True),
    Column("created_at", BigInteger, nullable=False),
    Column("body", Text, nullable=False, doc="JSON."),
)

NEW_TOURNAMENT = insert(tournaments)
NO_TOURNAMENT = delete(tournaments).where(tournaments.c.tournament_id == bindparam("tournament_id"))

ORDER: Final = (NO_TOURNAMENT, NEW_TOURNAMENT)
