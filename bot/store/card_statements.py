"""The table of the cards that servers have brought, and the statements that write it, in order."""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    LargeBinary,
    String,
    Table,
    Text,
    bindparam,
    delete,
    insert,
    update,
)

from bot.store.tables import metadata

cards = Table(
    "cards",
    metadata,
    Column("guild", BigInteger, primary_key=True, autoincrement=False, doc="0: the terminal."),
    Column("character", String, primary_key=True),
    Column("document", Text, nullable=False, doc="The card's JSON, whole."),
    Column("picture", LargeBinary, nullable=False, doc="PNG; empty where there is none."),
    Column("archive", LargeBinary, nullable=False, doc="CHARX; empty for other kinds."),
    Column("added_by", BigInteger, nullable=False, index=True),
    Column("added_at", BigInteger, nullable=False),
    Column("source", String, nullable=False),
)

NEW_CARD = insert(cards)
NO_CARD = delete(cards).where(
    cards.c.guild == bindparam("of_guild"), cards.c.character == bindparam("of_character")
)
CARD_CHANGED = (
    update(cards)
    .where(cards.c.guild == bindparam("of_guild"), cards.c.character == bindparam("of_character"))
    .values(document=bindparam("now_document"))
)
CARDS_OF_NOBODY = (
    update(cards).where(cards.c.added_by == bindparam("user")).values(added_by=0, source="")
)

ORDER: Final = (NO_CARD, NEW_CARD, CARD_CHANGED, CARDS_OF_NOBODY)
