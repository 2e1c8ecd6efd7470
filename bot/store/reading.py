"""Reading: each look at the database sees one moment of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.store.writer import trouble


class Reader:
    """Gives connections that only read."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[AsyncConnection]:
        """Give a connection whose reads all see the same moment.  Raises OperatorError."""
        try:
            async with self._engine.connect() as connection:
                yield connection
        except SQLAlchemyError as why:
            raise trouble(why, "The database cannot be read") from why
