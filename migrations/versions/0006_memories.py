"""What characters remember of members, how members want it, and summaries of long chats."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "memories",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False),
        *_whole("guild"),
        sa.Column("character", sa.String, nullable=False),
        *_whole("user_id"),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("about", sa.String, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("terms", sa.Text, nullable=False),
        sa.Column("importance", sa.Integer, nullable=False),
        *_whole("created_at", "accessed_at"),
        sa.Column("match_id", sa.String, nullable=False),
        sa.Column("line", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_memories"),
        sqlite_autoincrement=True,
    )
    columns = ["user_id", "guild", "character", "importance"]
    op.create_index("ix_memories_user_id", "memories", columns)
    op.create_index("ix_memories_guild", "memories", ["guild"])
    op.create_index("ix_memories_match_id", "memories", ["match_id", "line"])
    op.create_table(
        "memory_vectors",
        *_whole("memory_id"),
        sa.Column("model", sa.String, nullable=False),
        sa.Column("dimension", sa.Integer, nullable=False),
        sa.Column("vector", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("memory_id", name="pk_memory_vectors"),
        sa.ForeignKeyConstraint(
            ["memory_id"],
            ["memories.id"],
            name="fk_memory_vectors_memory_id",
            ondelete="CASCADE",
        ),
    )
    op.create_table(
        "memory_members",
        *_whole("guild", "user_id"),
        sa.Column("consent", sa.String, nullable=False),
        sa.Column("shared", sa.Integer, nullable=False),
        *_whole("forgotten_at"),
        sa.PrimaryKeyConstraint("guild", "user_id", name="pk_memory_members"),
    )
    op.create_index("ix_memory_members_user_id", "memory_members", ["user_id"])
    op.create_table(
        "chat_summaries",
        sa.Column("match_id", sa.String, nullable=False),
        sa.Column("seat", sa.String, nullable=False),
        sa.Column("upto_line", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        *_whole("at"),
        sa.PrimaryKeyConstraint("match_id", "seat", name="pk_chat_summaries"),
    )
    if op.get_bind().dialect.name == "sqlite":
        _index_words()


def _whole(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger, nullable=False) for name in names]


def _index_words() -> None:
    """Index the terms of memories; triggers may not, as SQLite trusts no schema with FTS5."""
    op.execute(
        "CREATE VIRTUAL TABLE memory_words USING fts5("
        "terms, content='memories', content_rowid='id', tokenize='porter unicode61')"
    )
