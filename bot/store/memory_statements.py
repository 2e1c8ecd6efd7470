"""Statements that write what characters remember, in the order of their execution.

Those about words are for SQLite alone; elsewhere the database indexes the column itself.
"""

from typing import Final

from sqlalchemy import (
    BigInteger,
    bindparam,
    delete,
    exists,
    insert,
    literal,
    or_,
    select,
    text,
    update,
)

from bot.memories import EVERYWHERE, Consent
from bot.store.memory_tables import (
    chat_summaries,
    memories,
    memory_members,
    memory_vectors,
    memory_words,
)
from characters.memory import MemoryKind

_NEW: Final = [name for name in memories.c.keys() if name != "id"]  # noqa: SIM118  # no mapping
_VECTOR: Final = memory_vectors.c.keys()

_THIS_MEMBER: Final = (
    memory_members.c.guild == bindparam("of_guild", type_=BigInteger),
    memory_members.c.user_id == bindparam("of_user_id", type_=BigInteger),
)
NEW_MEMBER = insert(memory_members).from_select(
    memory_members.c.keys(),
    select(
        bindparam("of_guild", type_=BigInteger),
        bindparam("of_user_id", type_=BigInteger),
        literal(str(Consent.REMEMBER)),
        literal(0),
        literal(0),
    ).where(~exists().where(*_THIS_MEMBER)),
)
"""Does nothing for a member who has decided before."""
DECIDED = (
    update(memory_members)
    .where(*_THIS_MEMBER)
    .values(consent=bindparam("now_consent"), shared=bindparam("now_shared"))
)
FORGOTTEN_SINCE = (
    update(memory_members).where(*_THIS_MEMBER).values(forgotten_at=bindparam("now_forgotten_at"))
)
NO_MEMBERS_WISHES = delete(memory_members).where(
    memory_members.c.consent == str(Consent.REMEMBER),
    or_(
        memory_members.c.user_id == bindparam("of_user_id", type_=BigInteger),
        memory_members.c.guild == bindparam("of_guild", type_=BigInteger),
    ),
)
"""Leaves those who want nothing remembered, or whoever deletes all would be remembered anew."""

MEMORY_UNINDEXED = text(
    "INSERT INTO memory_words (memory_words, rowid, terms) "
    "SELECT 'delete', id, terms FROM memories WHERE id = :of_id"
)
NO_MEMORY = delete(memories).where(memories.c.id == bindparam("of_id"))
"""Takes its vector with it."""

_wanted = memory_members.c
# 0 stands for all members of a server, whose memories an admin has had forgotten.
_ALLOWED = ~exists().where(
    or_(_wanted.user_id == bindparam("user_id"), _wanted.user_id == 0),
    or_(_wanted.guild == bindparam("guild"), _wanted.guild == EVERYWHERE),
    or_(
        _wanted.consent != str(Consent.REMEMBER),
        _wanted.forgotten_at >= bindparam("created_at"),
    ),
)
_OLDER = (
    memories.c.kind == str(MemoryKind.FACT),
    *[memories.c[name] == bindparam(name) for name in ("guild", "character", "user_id", "about")],
    _ALLOWED,
)
FACT_UNINDEXED = insert(memory_words).from_select(
    ["memory_words", "rowid", "terms"],
    select(literal("delete"), memories.c.id, memories.c.terms).where(*_OLDER),
)
NO_OLDER_FACT = delete(memories).where(*_OLDER)
NEW_MEMORY = insert(memories).from_select(
    _NEW,
    select(*[bindparam(name, type_=memories.c[name].type) for name in _NEW]).where(_ALLOWED),
)
"""Does nothing for a member who does not want it, or had memories forgotten since."""
CORRECTED = insert(memories)
"""Asks for no consent: the member has written it."""
NEW_MEMORIES_INDEXED = text(
    "INSERT INTO memory_words (rowid, terms) SELECT id, terms FROM memories WHERE id > "
    "(SELECT coalesce(max(id), :first) FROM memory_words_docsize)"
)
RECALLED = (
    update(memories).where(memories.c.id == bindparam("of_id")).values(accessed_at=bindparam("now"))
)

NO_VECTOR = delete(memory_vectors).where(memory_vectors.c.memory_id == bindparam("memory_id"))
NEW_VECTOR = insert(memory_vectors).from_select(
    _VECTOR,
    select(*[bindparam(name, type_=memory_vectors.c[name].type) for name in _VECTOR]).where(
        exists().where(memories.c.id == bindparam("memory_id"))
    ),
)
"""Does nothing for a memory that is forgotten by now."""

NO_SUMMARIES = delete(chat_summaries).where(chat_summaries.c.match_id == bindparam("match_id"))
NO_SUMMARY = NO_SUMMARIES.where(chat_summaries.c.seat == bindparam("seat"))
NEW_SUMMARY = insert(chat_summaries)

WORDS_MERGED = text("INSERT INTO memory_words (memory_words) VALUES (:command)")
"""Writes the whole index anew: until then it holds the words of what was deleted."""

ORDER: Final = (
    NO_MEMBERS_WISHES,
    NEW_MEMBER,
    DECIDED,
    FORGOTTEN_SINCE,
    MEMORY_UNINDEXED,
    NO_MEMORY,
    FACT_UNINDEXED,
    NO_OLDER_FACT,
    NEW_MEMORY,
    CORRECTED,
    NEW_MEMORIES_INDEXED,
    RECALLED,
    NO_VECTOR,
    NEW_VECTOR,
    NO_SUMMARIES,
    NO_SUMMARY,
    NEW_SUMMARY,
    WORDS_MERGED,
)
