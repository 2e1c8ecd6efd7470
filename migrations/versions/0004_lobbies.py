"""Lobbies: tables that are being filled, and where their matches are shown."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "lobbies",
        sa.Column("lobby_id", sa.String, nullable=False),
        sa.Column("guild", sa.BigInteger, nullable=False),
        sa.Column("thread", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("cause", sa.String, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("lobby_id", name="pk_lobbies"),
        sa.UniqueConstraint("cause", name="uq_lobbies_cause"),
    )
    for column in ("guild", "thread", "state"):
        op.create_index(f"ix_lobbies_{column}", "lobbies", [column])
