"""The tables of chats and of the messages that show them, and their statements, in order."""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Integer,
    String,
    Table,
    bindparam,
    delete,
    insert,
    update,
)

from bot.store.tables import metadata

chats = Table(
    "chats",
    metadata,
    Column("match_id", String, primary_key=True),
    Column("guild", BigInteger, nullable=False, index=True),
    Column("channel", BigInteger, nullable=False),
    Column("place", BigInteger, nullable=False, doc="The channel, or a thread of it."),
    Column("opener", BigInteger, nullable=False, index=True),
    Column("cause", String, nullable=False, unique=True),
    Column("read_to", BigInteger, nullable=False),
    Column("open", Boolean, nullable=False),
    Column("quiet", String, nullable=False, doc="JSON; empty for no quiet hours."),
)

chat_messages = Table(
    "chat_messages",
    metadata,
    Column("match_id", String, primary_key=True),
    Column("line", Integer, primary_key=True, autoincrement=False, doc="0: a draft."),
    Column("part", Integer, primary_key=True, autoincrement=False),
    Column("message", BigInteger, nullable=False, index=True),
    Column("speaker", String, nullable=False),
)

NEW_CHAT = insert(chats)
NO_CHAT = delete(chats).where(chats.c.match_id == bindparam("match_id"))
CHATS_OF_NOBODY = update(chats).where(chats.c.opener == bindparam("user")).values(opener=0)

NEW_PART = insert(chat_messages)
NO_PART = delete(chat_messages).where(
    chat_messages.c.match_id == bindparam("of_match"),
    chat_messages.c.line == bindparam("of_line"),
    chat_messages.c.part == bindparam("of_part"),
)

ORDER: Final = (NO_CHAT, NEW_CHAT, CHATS_OF_NOBODY, NO_PART, NEW_PART)
