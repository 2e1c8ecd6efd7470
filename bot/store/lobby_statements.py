"""The table of lobbies, and the statements that write it, in the order of their execution."""

from typing import Final

from sqlalchemy import BigInteger, Column, String, Table, Text, bindparam, delete, insert

from bot.store.tables import metadata

lobbies = Table(
    "lobbies",
    metadata,
    Column("lobby_id", String, primary_key=True),
    Column("guild", BigInteger, nullable=False, index=True),
    Column("thread", BigInteger, nullable=False, index=True, doc="0 while there is none."),
    Column("state", String, nullable=False, index=True),
    Column("cause", String, nullable=False, unique=True),
    Column("created_at", BigInteger, nullable=False),
    Column("place", Text, nullable=False, doc="JSON."),
    Column("body", Text, nullable=False, doc="JSON."),
)

NEW_LOBBY = insert(lobbies)
NO_LOBBY = delete(lobbies).where(lobbies.c.lobby_id == bindparam("lobby_id"))

ORDER: Final = (NO_LOBBY, NEW_LOBBY)
