"""Where towns live."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "towns",
        sa.Column("match_id", sa.String, nullable=False),
        sa.Column("guild", sa.BigInteger, nullable=False),
        sa.Column("opener", sa.BigInteger, nullable=False),
        sa.Column("cause", sa.String, nullable=False),
        sa.Column("open", sa.Boolean, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("match_id", name="pk_towns"),
        sa.UniqueConstraint("cause", name="uq_towns_cause"),
    )
    op.create_index("ix_towns_guild", "towns", ["guild"])
    op.create_index("ix_towns_opener", "towns", ["opener"])
