"""Memories in the journal's database, found by words and, where there are vectors, by meaning."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ColumnElement, Executable, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import ShownToUser
from bot.memories import (
    EVERYWHERE,
    ChatSummary,
    Consent,
    Forgotten,
    MemorySettings,
    Recalled,
    Which,
)
from bot.store import memory_queries as to
from bot.store import memory_statements as sql
from bot.store.memory_tables import (
    chat_summaries,
    memories,
    memory_vectors,
    memory_words_docs,
)
from bot.store.memory_vectors import VectorCache, vector_rows
from bot.store.reading import Reader
from bot.store.rows import micros
from bot.store.writer import Rows, Write, Writer
from characters.memory import Learnt, Memory, MemoryKind, Scope, marked, terms, tidy

if TYPE_CHECKING:
    from bot.memories import Vectors

CANDIDATES: Final = 20
"""Memories that each way of searching brings up."""
STANDING: Final = 3
MOST_WORDS: Final = 40
"""Different words of a question that are looked for."""


class SqlMemories:
    """Keeps memories, each in its scope."""

    def __init__(self, reader: Reader, writer: Writer, dialect: str) -> None:
        self._reading = reader
        self._writer = writer
        self._dialect = dialect
        self._vectors = VectorCache()
        writer.erased.append(self._vectors.clear)

    async def settings_of(self, guild: int, user: int) -> MemorySettings:
        """Return what a member has decided for a server, or for EVERYWHERE."""
        async with self._reading() as read:
            return (await to.decided(read, user)).get(guild, MemorySettings())

    async def change_settings(self, guild: int, user: int, settings: MemorySettings) -> None:
        """Keep a member's decision; it holds from the next write and the next question on.

        Raises ShownToUser for sharing EVERYWHERE.
        """
        if guild == EVERYWHERE and settings.shared:
            raise ShownToUser("Each server shares for itself: say so in every server that may.")
        member = {"of_guild": guild, "of_user_id": user}
        now = {"now_consent": str(settings.consent), "now_shared": int(settings.shared)}
        await self._write(user, {sql.NEW_MEMBER: (member,), sql.DECIDED: ({**member, **now},)})

    async def may_remember(self, scope: Scope) -> bool:
        """Return whether the member lets anything new be kept."""
        async with self._reading() as read:
            found = await to.decided(read, scope.user)
        return to.consent_in(found, scope.guild) is Consent.REMEMBER

    async def remember(self, scope: Scope, learnt: Sequence[Learnt], heard_at: datetime) -> None:
        """Keep what was learnt, a fact in the place of an older one about the same.

        The database itself keeps nothing of a member who does not want it, nor what was heard
        before the member had memories forgotten.
        """
        facts = {one.about: one for one in learnt if one.kind is MemoryKind.FACT and one.about}
        rest = [one for one in learnt if not (one.kind is MemoryKind.FACT and one.about)]
        rows = [_row(scope, one, micros(heard_at)) for one in (*facts.values(), *rest)]
        if rows:
            replacing = rows[: len(facts)]
            added: dict[Executable, Rows] = {sql.NO_OLDER_FACT: replacing, sql.NEW_MEMORY: rows}
            indexed: dict[Executable, Rows] = {
                sql.FACT_UNINDEXED: replacing,
                sql.NEW_MEMORIES_INDEXED: _INDEX,
            }
            await self._write(scope.user, {**added, **self._in_index(indexed)})
            self._vectors.changed(scope)

    async def recall(
        self, scope: Scope, question: str, vector: "Vectors | None" = None, model: str = ""
    ) -> Recalled:
        """Return what a question brings up; nothing for a member who has opted out.

        `vector` is the question's own, [dimension], as the embedding model `model` makes it.
        """
        async with self._reading() as read:
            scopes = to.readable(scope, await to.decided(read, scope.user))
            if not scopes:
                return Recalled()
            scopes = await to.of_one_character(read, scopes)
            by_words = await self._with_words(read, scopes, question, CANDIDATES)
            near: Sequence[int] = ()
            if vector is not None:
                near = await self._vectors.nearest(read, scopes, model, vector, CANDIDATES)
            return Recalled(
                [one for _, one in to.likely(by_words)],
                await _by_id(read, scopes, near),
                await _standing(read, scopes),
            )

    async def accessed(self, ids: Collection[int], at: datetime) -> None:
        """Note that memories were recalled."""
        rows = [{"of_id": one, "now": micros(at)} for one in ids]
        if rows:
            await self._writer.write(Write("memories recalled", {sql.RECALLED: rows}))

    async def view(self, which: Which, limit: int = 10_000) -> Sequence[Memory]:
        """Return memories, newest first."""
        async with self._reading() as read:
            return [to.memory_of(row) for row in await read.execute(to.newest(which, limit))]

    async def remembered(self) -> Sequence[tuple[int, int]]:
        """Return each member who is remembered in a server: the server and the user."""
        who = (memories.c.guild, memories.c.user_id)
        wanted = select(*who).where(memories.c.guild != 0).distinct().order_by(*who)
        async with self._reading() as read:
            return [(guild, user) for guild, user in await read.execute(wanted)]

    async def search(self, which: Which, text: str, limit: int = CANDIDATES) -> Sequence[Memory]:
        """Return the memories of one member in which words of a text occur, best first.

        Raises ValueError without a user.
        """
        if which.user is None:
            raise ValueError("say whose memories")
        columns = (memories.c.guild, memories.c.character, memories.c.user_id)
        async with self._reading() as read:
            held = await read.execute(select(*columns).where(to.meant(which)).distinct())
            scopes = [Scope(*row) for row in held]
            return [one for _, one in await self._with_words(read, scopes, text, limit)]

    async def forget(self, which: Which, at: datetime) -> Forgotten:
        """Forget memories and all that was made of them; return what went.

        Reflections of the same scope go too, as they may rest on what is forgotten. What a member
        said before `at` and nobody has learnt from yet is not kept afterwards.
        """
        await self._write(which.user or 0, _since(which, at))
        gone = Forgotten()
        while True:  # again, as something may have been kept between reading and writing
            async with self._reading() as read:
                rows, found = await self.erasing(read, which)
            if not found:
                return gone
            await self._write(which.user or 0, rows, erases=True)
            gone += found

    async def erasing(
        self, read: AsyncConnection, which: Which
    ) -> tuple[dict[Executable, Rows], Forgotten]:
        """Return the rows that forget memories and all that was made of them, and what that is."""
        goes = to.going(which)
        ids = list(await read.scalars(select(memories.c.id).where(goes)))
        matches = select(chat_summaries.c.match_id).where(to.summaries_of(which))
        summaries = list(await read.scalars(matches))
        vectors = select(func.count()).where(
            memory_vectors.c.memory_id.in_(select(memories.c.id).where(goes))
        )
        gone = [{"of_id": one} for one in ids]
        rows: dict[Executable, Rows] = {
            sql.NO_MEMORY: gone,
            sql.NO_SUMMARIES: [{"match_id": one} for one in set(summaries)],
            **self._in_index({sql.MEMORY_UNINDEXED: gone, sql.WORDS_MERGED: _MERGE}),
        }
        found = Forgotten(
            len(ids),
            await self._indexed(read, goes),
            await read.scalar(vectors) or 0,
            len(summaries),
        )
        return rows, found

    async def correct(self, user: int, memory_id: int, text: str, at: datetime) -> Memory:
        """Put a text of the member's own in the place of a memory, which is forgotten.

        Raises ShownToUser: the member has no such memory, or the text is empty.
        """
        if not terms(text):
            raise ShownToUser("Say what is right instead, in a few words.")
        which = Which(user=user, id=memory_id)
        async with self._reading() as read:
            row = (await read.execute(to.newest(which, 1))).one_or_none()
            rows, _ = await self.erasing(read, which)
        if row is None:
            raise ShownToUser("You have no such memory here; it may be forgotten already.")
        old = to.memory_of(row)
        right = Learnt(old.kind, tidy(text), old.importance, old.about, old.source)
        new = _row(old.scope, right, micros(at))
        indexed = self._in_index({sql.NEW_MEMORIES_INDEXED: _INDEX})
        await self._write(user, {**rows, sql.CORRECTED: (new,), **indexed}, erases=True)
        same = [memories.c[name] == new[name] for name in ("user_id", "created_at", "text")]
        async with self._reading() as read:
            found = await read.execute(select(memories).where(*same).order_by(memories.c.id.desc()))
            return to.memory_of(found.first())

    async def export(self, which: Which) -> Mapping[str, Any]:
        """Return all that is remembered and decided, as JSON values."""
        async with self._reading() as read:
            return await to.exported(read, which)

    async def unlearnt(self, scope: Scope) -> Sequence[Memory]:
        """Return what was learnt since the last reflection, oldest first."""
        mine = to.in_scopes([scope])
        reflection = memories.c.kind == str(MemoryKind.REFLECTION)
        last = select(func.coalesce(func.max(memories.c.id), 0)).where(mine, reflection)
        since = select(memories).where(mine, memories.c.id > last.scalar_subquery())
        async with self._reading() as read:
            return [to.memory_of(row) for row in await read.execute(since.order_by(memories.c.id))]

    async def without_vector(self, scope: Scope, model: str, limit: int = 64) -> Sequence[Memory]:
        """Return memories of a scope that an embedding model has yet to see, newest first."""
        seen = select(memory_vectors.c.memory_id).where(memory_vectors.c.model == model)
        wanted = select(memories).where(to.in_scopes([scope]), memories.c.id.not_in(seen))
        async with self._reading() as read:
            if not to.readable(scope, await to.decided(read, scope.user)):
                return ()
            newest = wanted.order_by(memories.c.id.desc()).limit(limit)
            return [to.memory_of(row) for row in await read.execute(newest)]

    async def keep_vectors(self, model: str, seen: Sequence[Memory], vectors: "Vectors") -> None:
        """Keep the vectors of memories that are still there; `vectors` is [n, dimension].

        Raises ValueError for vectors that are not finite or have no length.
        """
        rows = vector_rows(model, [memory.id for memory in seen], vectors)
        write = Write("memory vectors", {sql.NO_VECTOR: rows, sql.NEW_VECTOR: rows})
        await self._writer.write(write)
        for scope in {memory.scope for memory in seen}:
            self._vectors.changed(scope)

    async def summary_of(self, match_id: str, seat: str) -> ChatSummary | None:
        """Return the newest summary of a chat for a seat; None where there is none."""
        which = (chat_summaries.c.match_id == match_id, chat_summaries.c.seat == seat)
        async with self._reading() as read:
            row = (await read.execute(select(chat_summaries).where(*which))).one_or_none()
        return to.summary_of(row) if row else None

    async def keep_summary(self, summary: ChatSummary, at: datetime) -> None:
        """Keep a summary in the place of an older one."""
        row = {
            "match_id": summary.match_id,
            "seat": summary.seat,
            "upto_line": summary.upto,
            "text": summary.text,
            "at": micros(at),
        }
        rows: dict[Executable, Rows] = {sql.NO_SUMMARY: (row,), sql.NEW_SUMMARY: (row,)}
        await self._writer.write(Write(f"summary {summary.match_id}", rows))

    async def _with_words(
        self, read: AsyncConnection, scopes: Sequence[Scope], text: str, limit: int
    ) -> Sequence[tuple[float, Memory]]:
        """Return memories, best first, each with its score."""
        words = list(dict.fromkeys(terms(text)))[-MOST_WORDS:]
        wanted = [word for scope in scopes for word in marked(scope, words)]
        if not wanted:
            return ()
        query = to.with_words(wanted, scopes, limit, self._dialect)
        return [(row.score, to.memory_of(row)) for row in await read.execute(query)]

    async def _indexed(self, read: AsyncConnection, which: ColumnElement[bool]) -> int:
        """Return how many memories stand in the full-text index."""
        if self._dialect != "sqlite":
            return 0
        there = memory_words_docs.c.id.in_(select(memories.c.id).where(which))
        wanted = select(func.count()).select_from(memory_words_docs).where(there)
        return await read.scalar(wanted) or 0

    def _in_index(self, rows: Mapping[Executable, Rows]) -> Mapping[Executable, Rows]:
        """Return what keeps SQLite's index in step; nothing where it has none."""
        return rows if self._dialect == "sqlite" else {}

    async def _write(
        self, user: int, rows: Mapping[Executable, Rows], *, erases: bool = False
    ) -> None:
        some = {statement: of_it for statement, of_it in rows.items() if of_it}
        await self._writer.write(Write(f"memories {user}", some, erases=erases))


_INDEX: Final = ({"first": 0},)
_MERGE: Final = ({"command": "optimize"},)


def _row(scope: Scope, learnt: Learnt, at: int) -> Mapping[str, Any]:
    text = tidy(learnt.text)
    return {
        "guild": scope.guild,
        "character": scope.character,
        "user_id": scope.user,
        "kind": str(learnt.kind),
        "about": learnt.about,
        "text": text,
        "terms": " ".join(marked(scope, terms(f"{learnt.about} {text}"))),
        "importance": learnt.importance,
        "created_at": at,
        "accessed_at": at,
        "match_id": learnt.source.match_id,
        "line": learnt.source.line,
    }


def _since(which: Which, at: datetime) -> Mapping[Executable, Rows]:
    """Return what keeps out all that a member, or a whole server, has said until now."""
    if which.user is None and which.guild is None:
        return {}
    guild = EVERYWHERE if which.guild is None else which.guild
    member = {"of_guild": guild, "of_user_id": which.user or 0}
    now = {**member, "now_forgotten_at": micros(at)}
    return {sql.NEW_MEMBER: (member,), sql.FORGOTTEN_SINCE: (now,)}


async def _by_id(
    read: AsyncConnection, scopes: Sequence[Scope], ids: Sequence[int]
) -> Sequence[Memory]:
    """Return memories in the order of the ids, as far as they are there."""
    if not ids:
        return ()
    wanted = select(memories).where(memories.c.id.in_(ids), to.in_scopes(scopes))
    found = {row.id: to.memory_of(row) for row in await read.execute(wanted)}
    return [found[one] for one in ids if one in found]


async def _standing(read: AsyncConnection, scopes: Sequence[Scope]) -> Sequence[Memory]:
    wanted = (
        select(memories)
        .where(to.in_scopes(scopes))
        .order_by(memories.c.importance.desc(), memories.c.id.desc())
        .limit(STANDING)
    )
    return [to.memory_of(row) for row in await read.execute(wanted)]
