"""Vectors of texts, from any model of models.toml that makes embeddings.

Numpy comes with the extra "vectors", and with local models; it is imported when it is needed.
"""

import asyncio
import time
from collections.abc import Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.errors import ModelError, OperatorError
from bot.models.config import ModelSettings, find_model
from bot.models.faults import Fault
from bot.models.llama.asking import Unanswered
from bot.models.llama.client import in_words
from bot.models.llama.engines import LocalEngines
from bot.models.llama.registry import LocalModelSettings
from bot.settings import Settings

if TYPE_CHECKING:  # the connection imports the SDK, which the first call does
    from bot.memories import Vectors
    from bot.models.connection import Connection

AT_ONCE: Final = 32
"""Texts in one request."""


class _Row(BaseModel):
    model_config = ConfigDict(allow_inf_nan=False)

    index: int
    embedding: list[float]


class _Answer(BaseModel):
    data: list[_Row]


class ServerEmbedder:
    """A model behind a server that speaks OpenAI's interface for embeddings."""

    def __init__(self, settings: ModelSettings) -> None:
        self._settings = settings
        self._connection: Connection | None = None
        self._opening = asyncio.Lock()

    @property
    def name(self) -> str:
        """Which model it is."""
        return f"{self._settings.name}:{self._settings.model}"

    async def embed(self, texts: Sequence[str]) -> "Vectors":
        """Return [n, dimension] float32, one row for each text.  Raises ModelError."""
        rows: list[list[float]] = []
        try:
            async with asyncio.timeout(self._settings.seconds):
                for begin in range(0, len(texts), AT_ONCE):
                    rows += await self._some(texts[begin : begin + AT_ONCE])
            return _matrix(rows)
        except TimeoutError:
            why = f"made no embeddings within {self._settings.seconds:g} s"
        except Fault as fault:
            why = str(fault)
        raise ModelError(f"The model {self._settings.name} {why}.")

    async def close(self) -> None:
        """Close the connections to the server."""
        if self._connection is not None:
            await self._connection.close()
            self._connection = None

    async def _some(self, texts: Sequence[str]) -> list[list[float]]:
        async with self._opening:
            if self._connection is None:
                self._connection = await asyncio.to_thread(_connect, self._settings)
        body = await self._connection.embed(self._settings.model, texts)
        try:
            found = await asyncio.to_thread(_Answer.model_validate_json, body)
        except ValidationError:
            raise Fault("sent no embeddings; check that it is a model that makes them") from None
        by_index = {row.index: row.embedding for row in found.data}
        if sorted(by_index) != list(range(len(texts))):
            raise Fault("left out embeddings that it was asked for; look at the server's log")
        return [by_index[index] for index in range(len(texts))]


class LocalEmbedder:
    """A model of this machine."""

    def __init__(self, settings: LocalModelSettings, engines: LocalEngines) -> None:
        self._settings = settings
        self._engines = engines

    @property
    def name(self) -> str:
        """Which model it is."""
        return f"{self._settings.name}:{self._settings.file}"

    async def embed(self, texts: Sequence[str]) -> "Vectors":
        """Return [n, dimension] float32, one row for each text.

        Raises ModelError, and OperatorError for a file that cannot be loaded.
        """
        loaded = await self._engines.loaded(self._settings)
        allowed = self._settings.seconds
        ends = time.monotonic() + allowed
        try:
            found = [await loaded.process.embed(text, ends - time.monotonic()) for text in texts]
            return _matrix([vector for vector, _ in found])
        except Unanswered as why:
            said = in_words(why, allowed)
        except Fault as fault:
            said = str(fault)
        raise ModelError(f"The model {self._settings.name} {said}.")

    async def close(self) -> None:
        """Do nothing: the worker belongs to the engines, and others may use it."""


def embedder(settings: Settings, engines: LocalEngines) -> ServerEmbedder | LocalEmbedder | None:
    """Return what makes vectors of memories; None where no model is named for it.

    Raises OperatorError.
    """
    if not settings.embedding_model:
        return None
    model = find_model(settings.embedding_model, settings.models)
    if find_spec("numpy") is None:
        raise OperatorError(
            'PARLOUR_EMBEDDING_MODEL needs the extra "vectors": install it, then start again.'
        )
    if isinstance(model, LocalModelSettings):
        return LocalEmbedder(model, engines)
    return ServerEmbedder(model)


def _connect(settings: ModelSettings) -> "Connection":
    from bot.models.connection import Connection

    return Connection(settings)


def _matrix(rows: Sequence[Sequence[float]]) -> "Vectors":
    """Return rows as [n, dimension].  Raises Fault where they are not all of one length."""
    import numpy as np

    if len({len(row) for row in rows}) != 1 or not rows[0]:
        raise Fault("sent embeddings of different lengths; look at the server's log")
    return np.array(rows, np.float32)
