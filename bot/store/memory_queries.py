"""What is read of memories: which rows are meant, and rows as memories and JSON values."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any, Final, TypeVar

from sqlalchemy import (
    ColumnElement,
    Executable,
    Select,
    and_,
    bindparam,
    column,
    exists,
    func,
    or_,
    select,
    text,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.memories import EVERYWHERE, ChatSummary, Consent, MemorySettings, Which
from bot.store.card_statements import cards
from bot.store.memory_tables import chat_summaries, memories, memory_members
from bot.store.rows import moment
from bot.store.tables import entries
from characters.memory import Memory, MemoryKind, Scope, Source

LIKELY: Final = 0.5
"""Share of the best score below which memories are like a question by chance."""
FEW: Final = 5
"""The best memories, which are taken for likely however low their score."""

One = TypeVar("One")

_COLUMNS: Final = {"user": "user_id"}
"""Of the fields of Which, those whose column has another name."""
_NARROWER: Final = (Consent.OPTED_OUT, Consent.PAUSED, Consent.REMEMBER)


def meant(which: Which, table: Any = memories) -> ColumnElement[bool]:
    """Return the condition that a row is meant."""
    given = {field.name: getattr(which, field.name) for field in fields(which)}
    return and_(
        *[
            table.c[_COLUMNS.get(name, name)] == value
            for name, value in given.items()
            if value is not None
        ]
    )


def going(which: Which) -> ColumnElement[bool]:
    """Return the condition that a row goes when these are forgotten: reflections go with them."""
    other = memories.alias("other")
    rests_on_it = exists().where(
        meant(which, other),
        *[other.c[name] == memories.c[name] for name in ("guild", "character", "user_id")],
    )
    return or_(meant(which), and_(memories.c.kind == str(MemoryKind.REFLECTION), rests_on_it))


def summaries_of(which: Which) -> ColumnElement[bool]:
    """Return the condition that a summary may hold what is forgotten."""
    column = chat_summaries.c.match_id
    found: list[ColumnElement[bool]] = [column.in_(select(memories.c.match_id).where(going(which)))]
    if which.match_id is not None:
        found.append(column == which.match_id)
    elif which.user is not None and which.id is None:
        sat = entries.c.events.contains(f'"person:{which.user}"')  # who has left, too
        found.append(exists().where(entries.c.match_id == column, sat))
    return or_(*found)


def newest(which: Which, limit: int) -> Select[Any]:
    """Return the query for memories, newest first."""
    order = (memories.c.created_at.desc(), memories.c.id.desc())
    return select(memories).where(meant(which)).order_by(*order).limit(limit)


def with_words(
    words: Sequence[str], scopes: Sequence[Scope], limit: int, dialect: str
) -> Executable:
    """Return the query for memories in which some of these marked words occur, best first.

    Each has a `score`, higher for a better one.
    """
    if dialect == "sqlite":
        return _MATCHING.columns(*_READ, column("score")).bindparams(
            query=" OR ".join(f'"{word}"' for word in words),
            guilds=sorted({scope.guild for scope in scopes}),
            characters=sorted({scope.character for scope in scopes}),
            users=sorted({scope.user for scope in scopes}),
            most=limit,
        )
    wanted = func.to_tsquery("english", " | ".join(f"'{word}'" for word in words))
    document = func.to_tsvector("english", memories.c.terms)
    score = func.ts_rank(document, wanted).label("score")
    return (
        select(memories, score)
        .where(in_scopes(scopes), document.op("@@")(wanted))
        .order_by(score.desc(), memories.c.id)
        .limit(limit)
    )


_READ: Final = [one for one in memories.c if one.name != "terms"]
_NAMES: Final = ", ".join(f"memories.{one.name}" for one in _READ)
# The index is asked first and alone, and CROSS JOIN keeps it so; otherwise it would be asked anew
# for every row. Words carry the mark of their scope; the columns are asked as well, as two scopes
# could share a mark.
_MATCHING: Final = text(
    f"SELECT {_NAMES}, found.score FROM "  # noqa: S608  # names of columns
    "(SELECT rowid AS id, -bm25(memory_words) AS score FROM memory_words "
    "WHERE memory_words MATCH :query ORDER BY score DESC, rowid LIMIT :most) AS found "
    "CROSS JOIN memories ON memories.id = found.id WHERE memories.guild IN :guilds "
    "AND memories.character IN :characters AND memories.user_id IN :users "
    "ORDER BY found.score DESC, memories.id"
).bindparams(*[bindparam(name, expanding=True) for name in ("guilds", "characters", "users")])


def likely(found: Sequence[tuple[float, One]]) -> Sequence[tuple[float, One]]:
    """Return what was found, best first and each with its score, without what is like by chance.

    A few stay in any case, so that little is found rather than nothing.
    """
    return [
        (score, one)
        for place, (score, one) in enumerate(found)
        if place < FEW or score >= LIKELY * found[0][0]
    ]


def in_scopes(scopes: Iterable[Scope]) -> ColumnElement[bool]:
    """Return the condition that a memory is in one of these scopes."""
    return or_(
        *[meant(Which(user=one.user, guild=one.guild, character=one.character)) for one in scopes]
    )


async def decided(read: AsyncConnection, user: int) -> Mapping[int, MemorySettings]:
    """Return what a member has decided, by server."""
    wanted = select(memory_members).where(memory_members.c.user_id == user)
    return {row.guild: _settings_of(row) for row in await read.execute(wanted)}


def _settings_of(row: Any) -> MemorySettings:
    """Return the settings in a row of members."""
    return MemorySettings(Consent(row.consent), bool(row.shared))


def consent_in(found: Mapping[int, MemorySettings], guild: int) -> Consent:
    """Return the narrower of what a member has decided for a server and for everywhere."""
    both = {found.get(where, MemorySettings()).consent for where in (guild, EVERYWHERE)}
    return next(consent for consent in _NARROWER if consent in both)


def readable(scope: Scope, found: Mapping[int, MemorySettings]) -> Sequence[Scope]:
    """Return the scopes of which a character may know here: its own, and those that share."""
    if consent_in(found, scope.guild) is Consent.OPTED_OUT:
        return ()
    here = found.get(scope.guild, MemorySettings())
    others = [
        Scope(guild, scope.character, scope.user)
        for guild, there in found.items()
        if here.shared
        and there.shared
        and guild != scope.guild
        and consent_in(found, guild) is not Consent.OPTED_OUT
    ]
    return (scope, *others)


async def of_one_character(read: AsyncConnection, scopes: Sequence[Scope]) -> Sequence[Scope]:
    """Return the first of these scopes, and the others in which its character is the same one.

    A character that a server has brought itself is another one than its namesake elsewhere.
    """
    (here, *others) = scopes
    if not others:
        return scopes
    named = cards.c.character == here.character
    brought = set(await read.scalars(select(cards.c.guild).where(named)))
    if here.guild in brought:
        return (here,)
    return (here, *(there for there in others if there.guild not in brought))


def memory_of(row: Any) -> Memory:
    """Return the memory in a row."""
    return Memory(
        row.id,
        Scope(row.guild, row.character, row.user_id),
        MemoryKind(row.kind),
        row.about,
        row.text,
        row.importance,
        moment(row.created_at),
        moment(row.accessed_at),
        Source(row.match_id, row.line),
    )


def summary_of(row: Any) -> ChatSummary:
    """Return the summary in a row."""
    return ChatSummary(row.match_id, row.seat, row.upto_line, row.text)


async def exported(read: AsyncConnection, which: Which) -> Mapping[str, Any]:
    """Return what is remembered, and what a member has decided, as JSON values."""
    kept = select(memories).where(meant(which)).order_by(memories.c.id)
    settings = {} if which.user is None else await decided(read, which.user)
    return {
        "memories": [_exported(memory_of(row)) for row in await read.execute(kept)],
        "settings": [
            {"guild": guild, "consent": str(one.consent), "shared": one.shared}
            for guild, one in sorted(settings.items())
            if which.guild in (None, guild)
        ],
    }


def _exported(memory: Memory) -> Mapping[str, Any]:
    """Return a memory as JSON values."""
    return {
        "guild": memory.scope.guild,
        "character": memory.scope.character,
        "kind": str(memory.kind),
        "about": memory.about,
        "text": memory.text,
        "importance": memory.importance,
        "created": memory.created_at.isoformat(),
        "recalled": memory.accessed_at.isoformat(),
        "match": memory.source.match_id,
        "line": memory.source.line,
    }
