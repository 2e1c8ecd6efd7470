"""The journal, the texts, and what is written together with them."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "matches",
        sa.Column("match_id", sa.String, nullable=False),
        sa.Column("game", sa.Text, nullable=False),
        sa.Column("seats", sa.Text, nullable=False),
        sa.Column("seed", sa.String, nullable=False),
        sa.Column("room", sa.String, nullable=False),
        sa.Column("opened_at", sa.BigInteger, nullable=False),
        sa.Column("outcome", sa.Text),
        sa.PrimaryKeyConstraint("match_id", name="pk_matches"),
    )
    op.create_table(
        "entries",
        sa.Column("match_id", sa.String, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("previous", sa.Integer),
        sa.Column("seat", sa.String, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("cause", sa.String),
        sa.Column("events", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("match_id", "number", name="pk_entries"),
        sa.UniqueConstraint("cause", name="uq_entries_cause"),
        sa.ForeignKeyConstraint(["match_id"], ["matches.match_id"], "fk_entries_match_id"),
        sa.ForeignKeyConstraint(
            ["match_id", "previous"],
            ["entries.match_id", "entries.number"],
            "fk_entries_match_id_previous",
        ),
        sa.CheckConstraint("coalesce(previous, 0) = number - 1", name=op.f("ck_entries_no_gap")),
    )
    _of_match(
        "texts",
        ["number", "part"],
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("part", sa.Integer, nullable=False),
        sa.Column("seat", sa.String, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
    )
    _of_match(
        "outbox",
        ["number", "audience"],
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("audience", sa.String, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("reference", sa.String),
    )
    _of_match(
        "due",
        ["seat"],
        sa.Column("seat", sa.String, nullable=False),
        sa.Column("ask_id", sa.String, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    _of_match(
        "seats",
        ["seat"],
        sa.Column("seat", sa.String, nullable=False),
        sa.Column("player", sa.String, nullable=False),
    )
    _of_match(
        "snapshots",
        [],
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("rules", sa.String, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
    )
    op.create_table(
        "settings",
        sa.Column("scope", sa.String, nullable=False),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("scope", "key", name="pk_settings"),
    )


def _of_match(table: str, key: list[str], *columns: sa.Column) -> None:
    op.create_table(
        table,
        sa.Column("match_id", sa.String, nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("match_id", *key, name=f"pk_{table}"),
        sa.ForeignKeyConstraint(["match_id"], ["matches.match_id"], f"fk_{table}_match_id"),
    )
