"""Remembering members: what is kept, how each of them wants it, and what is forgotten.

Unless a member says otherwise, a character remembers them within the server they talked in, and
nowhere else; a shell tells them so at first use.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, Protocol

from characters.memory import Learnt, Memory, Scope

if TYPE_CHECKING:  # numpy is only there where vectors are
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

EVERYWHERE: Final = -1
"""In the place of a server: in all of them, and outside of any."""


class Consent(StrEnum):
    """How far a member lets characters remember; the narrower of here and everywhere holds."""

    REMEMBER = "remember"
    PAUSED = "paused"
    """Nothing new is kept; what is known is still used."""
    OPTED_OUT = "opted out"
    """Nothing new is kept, and nothing that is known is used."""


@dataclass(frozen=True)
class MemorySettings:
    """What a member has decided for one server, or for everywhere."""

    consent: Consent = Consent.REMEMBER
    shared: bool = False
    """Whether a character may use here what it knows from other servers that share, and there
    what it learns here.
    """


@dataclass(frozen=True)
class Which:
    """Which memories are meant: those to which all that is given applies."""

    user: int | None = None
    guild: int | None = None
    character: str | None = None
    id: int | None = None
    match_id: str | None = None
    line: int | None = None
    """With `match_id`: what was learnt from this line."""

    def __post_init__(self) -> None:
        """Refuse what would mean everybody's.  Raises ValueError."""
        if self.user is None and self.guild is None and self.match_id is None:
            raise ValueError("say whose memories, of which server or from which chat")
        if self.line is not None and self.match_id is None:
            raise ValueError("a line is one of a chat")


@dataclass(frozen=True)
class Forgotten:
    """What was there and is not any more."""

    memories: int = 0
    words: int = 0
    """Entries of the full-text index; 0 where the database has no index of its own for them."""
    vectors: int = 0
    summaries: int = 0

    def __bool__(self) -> bool:
        return any(vars(self).values())

    def __add__(self, other: "Forgotten") -> "Forgotten":
        return Forgotten(*map(sum, zip(vars(self).values(), vars(other).values(), strict=True)))


@dataclass(frozen=True)
class Recalled:
    """What a question brings up, before it is weighed."""

    by_words: Sequence[Memory] = ()
    """Best first."""
    by_meaning: Sequence[Memory] = ()
    """Best first; none where there are no vectors."""
    standing: Sequence[Memory] = ()
    """Whatever is asked: the most important first."""


@dataclass(frozen=True)
class ChatSummary:
    """What happened in a chat up to a line, in short."""

    match_id: str
    seat: str
    """Whose summary it is: a character may have come late."""
    upto: int
    """The number of the last line that is in it."""
    text: str


class Memories(Protocol):
    """Keeps memories, each in its scope; what was forgotten leaves no byte in the database."""

    async def settings_of(self, guild: int, user: int) -> MemorySettings:
        """Return what a member has decided for a server, or for EVERYWHERE."""

    async def change_settings(self, guild: int, user: int, settings: MemorySettings) -> None:
        """Keep a member's decision; it holds from the next write and the next question on.

        Raises ShownToUser for sharing EVERYWHERE.
        """

    async def may_remember(self, scope: Scope) -> bool:
        """Return whether the member lets anything new be kept."""

    async def remember(self, scope: Scope, learnt: Sequence[Learnt], heard_at: datetime) -> None:
        """Keep what was learnt, a fact in the place of an older one about the same.

        The database itself keeps nothing of a member who does not want it, nor what was heard
        before the member had memories forgotten.
        """

    async def recall(
        self, scope: Scope, question: str, vector: "Vectors | None" = None, model: str = ""
    ) -> Recalled:
        """Return what a question brings up; nothing for a member who has opted out.

        `vector` is the question's own, [dimension], as the embedding model `model` makes it.
        """

    async def accessed(self, ids: Collection[int], at: datetime) -> None:
        """Note that memories were recalled."""

    async def view(self, which: Which, limit: int = 10_000) -> Sequence[Memory]:
        """Return memories, newest first."""

    async def remembered(self) -> Sequence[tuple[int, int]]:
        """Return each member who is remembered in a server: the server and the user."""

    async def search(self, which: Which, text: str, limit: int = 20) -> Sequence[Memory]:
        """Return the memories of one member in which words of a text occur, best first.

        Raises ValueError without a user.
        """

    async def forget(self, which: Which, at: datetime) -> Forgotten:
        """Forget memories and all that was made of them; return what went.

        Reflections of the same scope go too, as they may rest on what is forgotten. What a member
        said before `at` and nobody has learnt from yet is not kept afterwards.
        """

    async def correct(self, user: int, memory_id: int, text: str, at: datetime) -> Memory:
        """Put a text of the member's own in the place of a memory, which is forgotten.

        Raises ShownToUser: the member has no such memory, or the text is empty.
        """

    async def export(self, which: Which) -> Mapping[str, Any]:
        """Return all that is remembered and decided, as JSON values."""

    async def unlearnt(self, scope: Scope) -> Sequence[Memory]:
        """Return what was learnt since the last reflection, oldest first."""

    async def without_vector(self, scope: Scope, model: str, limit: int = 64) -> Sequence[Memory]:
        """Return memories of a scope that an embedding model has yet to see, newest first."""

    async def keep_vectors(self, model: str, seen: Sequence[Memory], vectors: "Vectors") -> None:
        """Keep the vectors of memories that are still there; `vectors` is [n, dimension].

        Raises ValueError for vectors that are not finite or have no length.
        """

    async def summary_of(self, match_id: str, seat: str) -> ChatSummary | None:
        """Return the newest summary of a chat for a seat; None where there is none."""

    async def keep_summary(self, summary: ChatSummary, at: datetime) -> None:
        """Keep a summary in the place of an older one."""


class Embedder(Protocol):
    """Makes vectors of texts: near to each other for texts that mean alike."""

    @property
    def name(self) -> str:
        """Which model it is; vectors of different models do not compare."""

    async def embed(self, texts: Sequence[str]) -> "Vectors":
        """Return [n, dimension] float32, one row for each text.  Raises OperatorError."""
