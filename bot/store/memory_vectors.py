"""Memories that mean alike: the vectors of a scope in memory, compared by numpy.

Numpy is imported where vectors come in, so that whoever has none need not have it.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.memory_queries import in_scopes, likely
from bot.store.memory_tables import memories, memory_vectors
from characters.memory import Scope

if TYPE_CHECKING:
    from bot.memories import Vectors

KEPT: Final = 64 << 20
"""Bytes of vectors that stay in memory; the scopes used last do."""
AT_ONCE: Final = 8 << 20
"""Numbers that are multiplied in a few milliseconds, with no thread of their own."""

_Key = tuple[Scope, str, int]
"""Scope, model and dimension."""
_Held = tuple[Sequence[int], "Vectors"]
"""Ids, and [n, dimension]."""


class VectorCache:
    """Gives the nearest memories; knows the vectors of a few scopes until these change."""

    def __init__(self) -> None:
        self._held: OrderedDict[_Key, _Held] = OrderedDict()
        self._bytes = 0
        self._changes = 0

    def clear(self) -> None:
        """Let go of all vectors."""
        self._changes += 1
        self._held.clear()
        self._bytes = 0

    def changed(self, scope: Scope) -> None:
        """Let go of the vectors of a scope."""
        self._changes += 1
        for key in [key for key in self._held if key[0] == scope]:
            self._bytes -= self._held.pop(key)[1].nbytes

    async def nearest(
        self,
        read: AsyncConnection,
        scopes: Sequence[Scope],
        model: str,
        vector: "Vectors",
        most: int,
    ) -> Sequence[int]:
        """Return ids in these scopes, nearest first; `vector` is [dimension], of any length.

        Those that are near by chance are left out.
        """
        near: list[tuple[float, int]] = []
        for scope in scopes:
            ids, matrix = await self._vectors(read, (scope, model, len(vector)))
            if ids:
                if matrix.size > AT_ONCE:
                    likeness = await asyncio.to_thread(_likeness, matrix, vector)
                else:
                    likeness = _likeness(matrix, vector)
                near += [(-float(likeness[at]), ids[at]) for at in _largest(likeness, most)]
        near.sort()
        return [one for _, one in likely([(-away, one) for away, one in near[:most]])]

    async def _vectors(self, read: AsyncConnection, key: _Key) -> _Held:
        if key in self._held:
            self._held.move_to_end(key)
            return self._held[key]
        changes = self._changes
        found = await _read(read, *key)
        if changes == self._changes:
            self._hold(key, found)
        return found

    def _hold(self, key: _Key, found: _Held) -> None:
        self._held[key] = found
        self._bytes += found[1].nbytes
        while self._bytes > KEPT:
            self._bytes -= self._held.popitem(last=False)[1][1].nbytes


async def _read(read: AsyncConnection, scope: Scope, model: str, dimension: int) -> _Held:
    import numpy as np

    wanted = (
        select(memory_vectors.c.memory_id, memory_vectors.c.vector)
        .join(memories, memories.c.id == memory_vectors.c.memory_id)
        .where(
            in_scopes([scope]),
            memory_vectors.c.model == model,
            memory_vectors.c.dimension == dimension,
        )
        .order_by(memory_vectors.c.memory_id)
    )
    rows = (await read.execute(wanted)).all()
    matrix = np.frombuffer(b"".join(row.vector for row in rows), "<f4").reshape(-1, dimension)
    return [row.memory_id for row in rows], matrix


def _likeness(matrix: "Vectors", vector: "Vectors") -> "Vectors":
    import numpy as np

    # The threads of `matrix @ vector` take ten times as long where other work fills the cores.
    found: Vectors = np.einsum("ij,j->i", matrix, vector)
    return found


def _largest(likeness: "Vectors", most: int) -> Sequence[int]:
    import numpy as np

    if len(likeness) <= most:
        return range(len(likeness))
    return [int(at) for at in np.argpartition(-likeness, most)[:most]]


def vector_rows(model: str, ids: Sequence[int], vectors: "Vectors") -> Sequence[Mapping[str, Any]]:
    """Return the rows of vectors, each made of length 1.

    Raises ValueError for one that has no length, or one that is no number.
    """
    import numpy as np

    lengths = np.linalg.norm(vectors.astype(np.float64), axis=1)
    if vectors.shape[0] != len(ids) or not (np.isfinite(lengths) & (lengths > 0)).all():
        raise ValueError("these are no vectors of texts")
    unit = (vectors / lengths[:, None]).astype("<f4")
    return [
        {
            "memory_id": one,
            "model": model,
            "dimension": unit.shape[1],
            "vector": row.tobytes(),
        }
        for one, row in zip(ids, unit, strict=True)
    ]
