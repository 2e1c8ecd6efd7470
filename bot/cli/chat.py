"""`chat`: talk with characters at this terminal, and go on another day."""

import asyncio
import logging
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from bot.arena.arena import Arena
from bot.arena.table import Table
from bot.cast import Cast, Member
from bot.cli.chat_desk import ChatDesk, mode_named
from bot.cli.play import ROOM, own_name
from bot.errors import ShownToUser
from bot.log import write_log
from bot.models.config import find_model, usual_model
from bot.models.embed import embedder
from bot.models.opened import local_engines
from bot.players.away import Away
from bot.players.chat_memories import HERE, ChatMemory
from bot.players.remembering import Remembering
from bot.settings import Settings
from bot.terminal.chat_screen import ChatScreen
from bot.terminal.lines import lines
from bot.terminal.room import Screen
from bot.wiring import Wiring
from characters import host
from characters.chat import Chat
from characters.host import HOST
from characters.moment import greetings
from games.core import Seat


@dataclass(frozen=True)
class Invitation:
    """What was asked for on the command line."""

    characters: Sequence[str]
    model: str
    name: str
    resume: str
    greeting: int
    mode: str


def hold_chat(wish: Invitation) -> None:
    """Talk with characters until the person goes."""
    write_log(logging.ERROR)
    if bool(wish.characters) == bool(wish.resume):
        raise ShownToUser("Say with whom to talk, as in: python bot.py chat socrates.")
    asyncio.run(_chat(wish))


async def _chat(wish: Invitation) -> None:
    settings = Settings()
    model = wish.model or usual_model(settings.models)
    find_model(model, settings.models)  # before anything is opened
    engines = local_engines(settings)
    vectors = embedder(settings, engines)
    wiring = Wiring(settings, person=lambda _: Away(), engines=engines)
    async with wiring.store() as store, wiring.arena_over(store) as arena:
        cast = Cast(store.cards)
        guests = [await _guest(cast, name, wish) for name in wish.characters]
        table = await (_resumed(arena, wish) if wish.resume else _opened(arena, wish))
        speaker, _ = wiring.paid_for(model, table.setup)
        remembering = Remembering(store.memories, speaker, vectors)
        desk = _desk(table, wiring, cast, remembering, model)
        try:
            await _sit(desk, guests, wish, arena)
        finally:
            await remembering.close()
            if vectors:
                await vectors.close()


async def _guest(cast: Cast, name: str, wish: Invitation) -> Member:
    """Return a character that has the greeting which was asked for.  Raises ShownToUser."""
    member = await cast.find(HERE, name)
    count = len(greetings(member.card, Seat(""), company=len(wish.characters) > 1))
    if wish.greeting > max(1, count):
        raise ShownToUser(f"{member.card.called} has greetings 1 to {count}; 0 is for none.")
    return member


async def _opened(arena: Arena, wish: Invitation) -> Table:
    game = Chat(mode=mode_named(wish.mode or "natural"))
    me = Seat(wish.name) if wish.name else own_name()
    game.check_seats([me])
    table = await arena.open(game, {HOST: "person"}, room=ROOM)
    await table.admit(me, "me", by=HOST, answer=host.join_person(me))
    return table


async def _resumed(arena: Arena, wish: Invitation) -> Table:
    match_id = wish.resume
    table = await arena.wake(match_id)
    if not isinstance(table.setup.game, Chat):
        raise ShownToUser(f"{match_id} is no chat; go on with: python bot.py resume {match_id}.")
    if table.over:
        raise ShownToUser(f"The chat {match_id} is over; see it: python bot.py replay {match_id}.")
    for seat, player in list(table.players.items()):
        kind, character, *_ = f"{player}:".split(":")
        if kind == "character" and wish.model:
            await table.reseat(seat, f"character:{character}:{wish.model}")
    return table


def _desk(
    table: Table,
    wiring: Wiring,
    cast: Cast,
    remembering: Remembering,
    model: str,
) -> ChatDesk:
    me = next(seat for seat, player in table.players.items() if player == "me")
    screen = ChatScreen(Screen(highlight=False), me)
    wiring.draft = lambda _match, seat, words: screen.draft(seat, words)
    wiring.recollection = lambda _setup, seat, character, speaker: ChatMemory(
        remembering, speaker, HERE, character, seat, lambda: table
    )
    return ChatDesk(table, screen, lines(sys.stdout), cast, remembering, wiring.characters, model)


async def _sit(desk: ChatDesk, guests: Sequence[Member], wish: Invitation, arena: Arena) -> None:
    table, screen = desk.table, desk.screen
    if wish.resume:
        desk.recap()
        await table.resume()
    else:
        screen.note("What you say is remembered on this machine: /memory shows it. /help has more.")
        for member in guests:
            await desk.invite(member, greeting=wish.greeting, company=len(guests) > 1)
    await desk.sit(arena.play)
    if not table.over:
        match_id = table.setup.match_id
        screen.note(f"The chat is kept. Go on with: python bot.py chat --resume {match_id}")
