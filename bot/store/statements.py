"""Every statement that writes, in the order in which a transaction executes them."""

from typing import Final

from sqlalchemy import bindparam, delete, insert, update

from bot.store import (
    administration_statements,
    card_statements,
    chat_statements,
    lobby_statements,
    memory_statements,
    privacy_statements,
    tournament_statements,
    town_statements,
)
from bot.store.tables import due, entries, matches, outbox, seats, settings, snapshots, texts

NEW_MATCH = insert(matches)
NEW_ENTRY = insert(entries)
NEW_TEXT = insert(texts)
NEW_MESSAGE = insert(outbox)

ARRIVED = (
    update(outbox)
    .where(
        outbox.c.match_id == bindparam("of_match"),
        outbox.c.number == bindparam("of_number"),
        outbox.c.audience == bindparam("of_audience"),
    )
    .values(reference=bindparam("called"))
)

NO_DUE = delete(due).where(due.c.match_id == bindparam("match_id"), due.c.seat == bindparam("seat"))
THIS_DUE_DONE = delete(due).where(
    due.c.match_id == bindparam("match_id"),
    due.c.seat == bindparam("seat"),
    due.c.ask_id == bindparam("ask_id"),
    due.c.at == bindparam("at"),
)
NEW_DUE = insert(due)

NO_PLAYER = delete(seats).where(
    seats.c.match_id == bindparam("match_id"), seats.c.seat == bindparam("seat")
)
NEW_PLAYER = insert(seats)

CLOSED = (
    update(matches)
    .where(matches.c.match_id == bindparam("of_match"))
    .values(outcome=bindparam("ended"))
)
NO_DUES = delete(due).where(due.c.match_id == bindparam("match_id"))

FORGOTTEN = (
    update(texts)
    .where(
        texts.c.match_id == bindparam("of_match"),
        texts.c.number == bindparam("of_number"),
        texts.c.part == bindparam("of_part"),
    )
    .values(text="")
)

ENTRY_FORGOTTEN = (
    update(texts)
    .where(
        texts.c.match_id == bindparam("of_match"),
        texts.c.number == bindparam("of_number"),
    )
    .values(text="")
)

NO_SNAPSHOT = delete(snapshots).where(snapshots.c.match_id == bindparam("match_id"))
NEW_SNAPSHOT = insert(snapshots)

NO_SETTING = delete(settings).where(
    settings.c.scope == bindparam("scope"), settings.c.key == bindparam("key")
)
NEW_SETTING = insert(settings)

ORDER: Final = (
    NEW_MATCH,
    NEW_ENTRY,
    NEW_TEXT,
    NEW_MESSAGE,
    ARRIVED,
    NO_DUE,
    THIS_DUE_DONE,
    NEW_DUE,
    NO_PLAYER,
    NEW_PLAYER,
    CLOSED,
    NO_DUES,
    FORGOTTEN,
    ENTRY_FORGOTTEN,
    NO_SNAPSHOT,
    NEW_SNAPSHOT,
    NO_SETTING,
    NEW_SETTING,
    *administration_statements.ORDER,
    *card_statements.ORDER,
    *chat_statements.ORDER,
    *lobby_statements.ORDER,
    *memory_statements.ORDER,
    *tournament_statements.ORDER,
    *town_statements.ORDER,
    *privacy_statements.ORDER,
)
