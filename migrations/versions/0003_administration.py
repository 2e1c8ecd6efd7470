"""Servers' models, spending, bans, and an audit log that the database itself never changes."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

APPEND_ONLY = "The audit log is only ever added to."


def upgrade() -> None:
    op.create_table(
        "server_models",
        *_whole("guild"),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("base_url", sa.String, nullable=False),
        sa.Column("model", sa.String, nullable=False),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("sealed", sa.Text, nullable=False),
        sa.Column("price_in", sa.Float, nullable=False),
        sa.Column("price_out", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("guild", "name", name="pk_server_models"),
    )
    _spending()
    op.create_table(
        "bans",
        *_whole("guild", "user_id"),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("until", sa.BigInteger),
        sa.PrimaryKeyConstraint("guild", "user_id", name="pk_bans"),
    )
    op.create_table(
        "audit",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False),
        *_whole("guild", "who"),
        sa.Column("what", sa.String, nullable=False),
        sa.Column("before", sa.Text, nullable=False),
        sa.Column("after", sa.Text, nullable=False),
        *_whole("at"),
        sa.PrimaryKeyConstraint("number", name="pk_audit"),
    )
    op.create_index("ix_audit_guild", "audit", ["guild", "number"])
    _only_add_to_audit()


def _whole(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger, nullable=False) for name in names]


def _spending() -> None:
    op.create_table(
        "spending",
        *_whole("guild", "user_id"),
        sa.Column("day", sa.String, nullable=False),
        *_whole("requests", "tokens_in", "tokens_out", "money"),
        *_whole("reserved_requests", "reserved_tokens", "reserved_money"),
        sa.Column("limit_requests", sa.BigInteger),
        sa.Column("limit_tokens", sa.BigInteger),
        sa.Column("limit_money", sa.BigInteger),
        sa.Column("warned", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("guild", "user_id", "day", name="pk_spending"),
        sa.CheckConstraint(
            "requests + reserved_requests <= limit_requests", name=op.f("ck_spending_requests")
        ),
        sa.CheckConstraint(
            "tokens_in + tokens_out + reserved_tokens <= limit_tokens",
            name=op.f("ck_spending_tokens"),
        ),
        sa.CheckConstraint("money + reserved_money <= limit_money", name=op.f("ck_spending_money")),
    )
    op.create_table(
        "reservations",
        sa.Column("reservation_id", sa.String, nullable=False),
        *_whole("guild", "user_id"),
        sa.Column("day", sa.String, nullable=False),
        *_whole("requests", "tokens_in", "tokens_out", "money", "at"),
        sa.PrimaryKeyConstraint("reservation_id", name="pk_reservations"),
    )
    op.create_index("ix_reservations_at", "reservations", ["at"])


def _only_add_to_audit() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for what in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_no_{what.lower()} BEFORE {what} ON audit "
                f"BEGIN SELECT RAISE(ABORT, '{APPEND_ONLY}'); END"
            )
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION refuse_change_of_audit() RETURNS trigger AS $$ "
        f"BEGIN RAISE EXCEPTION '{APPEND_ONLY}'; END $$ LANGUAGE plpgsql"
    )
    op.execute(
        "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_audit()"
    )
