"""The characters that servers have brought along themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "cards",
        sa.Column("guild", sa.BigInteger, nullable=False),
        sa.Column("character", sa.String, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("picture", sa.LargeBinary, nullable=False),
        sa.Column("archive", sa.LargeBinary, nullable=False),
        sa.Column("added_by", sa.BigInteger, nullable=False),
        sa.Column("added_at", sa.BigInteger, nullable=False),
        sa.Column("source", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("guild", "character", name="pk_cards"),
    )
    op.create_index("ix_cards_added_by", "cards", ["added_by"])
