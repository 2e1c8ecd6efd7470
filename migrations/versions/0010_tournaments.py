"""Tournaments in channels."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "tournaments",
        sa.Column("tournament_id", sa.String, nullable=False),
        sa.Column("guild", sa.BigInteger, nullable=False),
        sa.Column("cause", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("tournament_id", name="pk_tournaments"),
        sa.UniqueConstraint("cause", name="uq_tournaments_cause"),
    )
    op.create_index("ix_tournaments_guild", "tournaments", ["guild"])
    op.create_index("ix_tournaments_state", "tournaments", ["state"])
