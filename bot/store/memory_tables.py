"""The tables of what characters remember, with an index of words where SQLite is."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    column,
    event,
    table,
)
from sqlalchemy.engine import Connection

from bot.store.tables import metadata

memories = Table(
    "memories",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("guild", BigInteger, nullable=False, index=True, doc="0 outside any server."),
    Column("character", String, nullable=False),
    Column("user_id", BigInteger, nullable=False),
    Column("kind", String, nullable=False),
    Column("about", String, nullable=False, doc="What a fact tells; one fact each in a scope."),
    Column("text", Text, nullable=False),
    Column("terms", Text, nullable=False, doc="What words find it, each behind its scope's mark."),
    Column("importance", Integer, nullable=False, doc="1 to 10."),
    Column("created_at", BigInteger, nullable=False),
    Column("accessed_at", BigInteger, nullable=False),
    Column("match_id", String, nullable=False, doc='Where it was said; "" for a reflection.'),
    Column("line", Integer, nullable=False, doc="Which line; 0 for a reflection."),
    sqlite_autoincrement=True,  # an id in an old message must never mean another memory
)
Index(
    "ix_memories_user_id",
    memories.c.user_id,
    memories.c.guild,
    memories.c.character,
    memories.c.importance,
)
Index("ix_memories_match_id", memories.c.match_id, memories.c.line)

memory_vectors = Table(
    "memory_vectors",
    metadata,
    Column(
        "memory_id",
        BigInteger,
        ForeignKey("memories.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("model", String, nullable=False),
    Column("dimension", Integer, nullable=False),
    Column("vector", LargeBinary, nullable=False, doc="float32, little-endian, of length 1."),
)

memory_members = Table(
    "memory_members",
    metadata,
    Column("guild", BigInteger, primary_key=True, autoincrement=False, doc="-1: in all of them."),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False, index=True),
    Column("consent", String, nullable=False),
    Column("shared", Integer, nullable=False),
    Column("forgotten_at", BigInteger, nullable=False, doc="What was heard by then stays out."),
)

chat_summaries = Table(
    "chat_summaries",
    metadata,
    Column("match_id", String, primary_key=True),
    Column("seat", String, primary_key=True, doc="Whose summary it is."),
    Column("upto_line", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
)

memory_words = table("memory_words", column("rowid"), column("terms"), column("memory_words"))
"""SQLite's full-text index; its last column is the index itself, for matching and commands."""
memory_words_docs = table("memory_words_docsize", column("id"))
"""What stands in the index, one row for each memory; FTS5 keeps it."""


@event.listens_for(memories, "after_create")
def _index_words(_table: Table, connection: Connection, **_: Any) -> None:
    """Make the index too, where it is SQLite's."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(
            "CREATE VIRTUAL TABLE memory_words USING fts5("
            "terms, content='memories', content_rowid='id', tokenize='porter unicode61')"
        )
