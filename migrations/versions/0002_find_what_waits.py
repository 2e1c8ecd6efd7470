"""Indexes, so that a long past costs nothing: newest matches, waiting messages, time limits."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_index("ix_matches_opened_at", "matches", ["opened_at"])
    op.create_index("ix_due_at", "due", ["at"])
    waiting = sa.text("reference IS NULL")
    op.create_index(
        "ix_outbox_waiting", "outbox", ["at"], sqlite_where=waiting, postgresql_where=waiting
    )
