"""What the models of each match have cost."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "match_costs",
        sa.Column("match_id", sa.String, nullable=False),
        *[
            sa.Column(name, sa.BigInteger, nullable=False)
            for name in ("requests", "tokens_in", "tokens_out", "money")
        ],
        sa.PrimaryKeyConstraint("match_id", name="pk_match_costs"),
    )
    op.add_column(
        "reservations", sa.Column("match_id", sa.String, nullable=False, server_default="")
    )
