"""Where chats are held, and the messages that show their lines."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "chats",
        sa.Column("match_id", sa.String, nullable=False),
        sa.Column("guild", sa.BigInteger, nullable=False),
        sa.Column("channel", sa.BigInteger, nullable=False),
        sa.Column("place", sa.BigInteger, nullable=False),
        sa.Column("opener", sa.BigInteger, nullable=False),
        sa.Column("cause", sa.String, nullable=False),
        sa.Column("read_to", sa.BigInteger, nullable=False),
        sa.Column("open", sa.Boolean, nullable=False),
        sa.Column("quiet", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("match_id", name="pk_chats"),
        sa.UniqueConstraint("cause", name="uq_chats_cause"),
    )
    op.create_index("ix_chats_guild", "chats", ["guild"])
    op.create_index("ix_chats_opener", "chats", ["opener"])
    op.create_table(
        "chat_messages",
        sa.Column("match_id", sa.String, nullable=False),
        sa.Column("line", sa.Integer, nullable=False),
        sa.Column("part", sa.Integer, nullable=False),
        sa.Column("message", sa.BigInteger, nullable=False),
        sa.Column("speaker", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("match_id", "line", "part", name="pk_chat_messages"),
    )
    op.create_index("ix_chat_messages_message", "chat_messages", ["message"])
