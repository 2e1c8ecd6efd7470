"""Statements that delete what is kept about a person or a server, in the order of execution."""

from typing import Final

from sqlalchemy import Executable, Table, bindparam, delete, func, update

from bot.store.administration_tables import (
    bans,
    match_costs,
    reservations,
    server_models,
    spending,
)
from bot.store.card_statements import cards
from bot.store.chat_statements import chat_messages, chats
from bot.store.lobby_statements import lobbies
from bot.store.memory_tables import chat_summaries
from bot.store.tables import due, entries, matches, outbox, seats, settings, snapshots, texts
from bot.store.tournament_statements import tournaments
from bot.store.town_statements import towns

PLAYER_GONE = (
    update(seats).where(seats.c.player == bindparam("was")).values(player=bindparam("now"))
)
ROOM_WITHOUT = (
    update(matches)
    .where(matches.c.room.contains(bindparam("creator")))
    .values(room=func.replace(matches.c.room, bindparam("creator"), ":0:"))
)
"""A room's name says who created its match, and so who pays for its models."""
ENTRY_REWRITTEN = (
    update(entries)
    .where(entries.c.match_id == bindparam("of_match"), entries.c.number == bindparam("of_number"))
    .values(seat=bindparam("now_seat"), events=bindparam("now_events"))
)
MATCH_REWRITTEN = (
    update(matches)
    .where(matches.c.match_id == bindparam("of_match"))
    .values(
        game=bindparam("now_game"), seats=bindparam("now_seats"), outcome=bindparam("now_outcome")
    )
)
SPEAKER_RENAMED = (
    update(texts)
    .where(texts.c.match_id == bindparam("of_match"), texts.c.seat == bindparam("was"))
    .values(seat=bindparam("now"))
)
SEAT_RENAMED = (
    update(seats)
    .where(seats.c.match_id == bindparam("of_match"), seats.c.seat == bindparam("was"))
    .values(seat=bindparam("now"))
)
AUDIENCE_RENAMED = (
    update(outbox)
    .where(outbox.c.match_id == bindparam("of_match"), outbox.c.audience == bindparam("was"))
    .values(audience=bindparam("now"))
)

NO_SPENDING_OF_USER = delete(spending).where(spending.c.user_id == bindparam("user"))
USER_NOT_RESERVING = (
    update(reservations).where(reservations.c.user_id == bindparam("user")).values(user_id=0)
)
NO_REASON = update(bans).where(bans.c.user_id == bindparam("user")).values(reason="")
NO_SETTINGS = delete(settings).where(settings.c.scope == bindparam("scope"))


def _of_guild(table: Table) -> Executable:
    return delete(table).where(table.c.guild == bindparam("guild"))


def _of_match(table: Table) -> Executable:
    return delete(table).where(table.c.match_id == bindparam("match_id"))


NOTHING_OF_GUILD: Final = [
    _of_guild(table)
    for table in (
        server_models,
        spending,
        reservations,
        bans,
        lobbies,
        cards,
        chats,
        tournaments,
        towns,
    )
]
NOTHING_OF_MATCH: Final = [
    _of_match(table)
    for table in (
        match_costs,
        texts,
        outbox,
        due,
        seats,
        snapshots,
        chat_summaries,
        chat_messages,
        entries,
        matches,
    )
]

ORDER: Final[tuple[Executable, ...]] = (
    PLAYER_GONE,
    ROOM_WITHOUT,
    ENTRY_REWRITTEN,
    MATCH_REWRITTEN,
    SPEAKER_RENAMED,
    SEAT_RENAMED,
    AUDIENCE_RENAMED,
    NO_SPENDING_OF_USER,
    USER_NOT_RESERVING,
    NO_REASON,
    NO_SETTINGS,
    *NOTHING_OF_GUILD,
    *NOTHING_OF_MATCH,
)
