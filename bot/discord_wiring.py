"""Puts the Discord bot together: its client, the arena, and what admins of servers have set."""

import asyncio
import signal
from contextlib import suppress

import discord
import structlog

from bot.administration import MICRO, Limit, Payer
from bot.arena.arena import Arena
from bot.arena.chats import ROOM
from bot.arena.towns import ROOM as TOWN
from bot.cast import Cast
from bot.cogs import endpoint
from bot.cogs.client import ParlourClient
from bot.cogs.preflight import look
from bot.cogs.services import Services
from bot.errors import OperatorError
from bot.game_shelf import GameShelf, read_shelf
from bot.health import Health, health_file
from bot.memories import Embedder
from bot.models.budget import Spending
from bot.models.embed import embedder
from bot.models.keys import Keys
from bot.models.llama.engines import LocalEngines
from bot.models.opened import local_engines
from bot.models.seatable import SeatableModels
from bot.models.server_models import ServerModels
from bot.players.away import Away
from bot.players.rememberings import Rememberings
from bot.ports import Setup
from bot.settings import Settings
from bot.store.sql_store import SqlStore
from bot.wiring import Wiring, cards_in

log = structlog.get_logger(__name__)

NOT_AUTHENTICATED = 4004
"""The code with which the gateway ends a connection whose token is not valid any more."""
NOT_ACCEPTED = (
    "Discord does not accept the token; reset it in the developer portal and put the new one "
    "into .env."
)
QUIET_SECONDS = 4.0
"""How long bots and models leave an open floor to people before they speak unasked."""


async def run(settings: Settings) -> None:
    """Run the bot until it is told to stop.

    Raises OperatorError for a wrong token, a missing intent, or a database that cannot be opened.
    """
    token = settings.token()
    endpoint.use(settings.discord)
    application = await look(settings)
    settings.data_folder()
    health = Health(health_file(settings.data))
    client = ParlourClient(
        settings,
        health,
        message_content=application.message_content,
        members=application.members,
    )
    database = settings.database or settings.database_file
    store = await SqlStore.open(database, cap=cap_of(settings))
    try:
        async with client:
            await _serve(client, store, token)
    finally:
        await store.close()


async def _serve(client: ParlourClient, store: SqlStore, token: str) -> None:
    engines = local_engines(client.settings)
    vectors = embedder(client.settings, engines)
    wiring, arena = await _arena(client, store, engines, vectors)
    beating = asyncio.create_task(client.health.run(store), name="health")
    running = asyncio.create_task(client.start(token), name="discord")
    _stop_on_signals(running)
    try:
        await running
    except asyncio.CancelledError:
        log.info("stopping")
    except discord.LoginFailure:
        raise OperatorError(NOT_ACCEPTED) from None
    except discord.PrivilegedIntentsRequired:
        raise OperatorError(
            "Discord refuses an intent: look in the developer portal whether “Message Content "
            "Intent” and “Server Members Intent” are as you want them, and start again."
        ) from None
    except discord.ConnectionClosed as why:
        if why.code == NOT_AUTHENTICATED:
            raise OperatorError(NOT_ACCEPTED) from None
        raise OperatorError(f"Discord has ended the connection ({why.code}).") from None
    finally:
        await client.close()
        await arena.close()
        beating.cancel()
        await asyncio.gather(beating, return_exceptions=True)
        await client.services.remembered.close()
        if vectors:
            await vectors.close()
        await wiring.close_models()


async def _arena(
    client: ParlourClient, store: SqlStore, engines: LocalEngines, vectors: Embedder | None
) -> tuple[Wiring, Arena]:
    """Return the arena with its wiring, after the services were given to the client."""
    settings = client.settings
    own = ServerModels(store.administration, Keys(settings), settings)
    cast = Cast(store.cards)
    await own.load()
    await store.accounts.count_stale(discord.utils.utcnow())
    wiring = Wiring(
        settings,
        person=lambda _: Away(),
        quiet_seconds=QUIET_SECONDS,
        own_model=lambda setup, name: own.find(payer_of(setup).guild, name),
        spending=lambda setup: Spending(store.accounts, payer_of(setup), client.warn),
        engines=engines,
        card=cards_in(cast, lambda setup: payer_of(setup).guild),
        usual_model=client.usual_model,
        draft=client.drafts.heard,
        paid=client.towns.paid,
        language=lambda setup: client.language_of(payer_of(setup).guild).asked_for,
    )
    arena = Arena(
        store,
        wiring.seating,
        client.room,
        house_rules=client.house_rules,
        seated=client.seated,
    )
    remembered = Rememberings(
        store.memories, lambda setup: payer_of(setup).guild, arena.tables.get, vectors
    )
    wiring.recollection = remembered.recollection
    arena.outbox.gone = client.tables.gone
    client.services = Services(
        settings,
        store,
        store.lobbies,
        arena,
        store.administration,
        store.accounts,
        store.privacy,
        SeatableModels(own, settings, store.accounts, client.warn, engines),
        store.chats,
        cast,
        store.memories,
        wiring.characters,
        remembered,
        store.towns,
        store.tournaments,
        _games(settings),
    )
    return wiring, arena


def _games(settings: Settings) -> GameShelf:
    shelf = read_shelf(settings.game_files)
    for fault in shelf.faults:
        log.warning("a game is left out", why=fault)
    return shelf


def cap_of(settings: Settings) -> Limit:
    """Return the most that the operator lets any one server use in a day."""
    money = settings.budget_money
    most = None if money is None else int(money * MICRO)
    return Limit(settings.budget_requests, settings.budget_tokens, most)


def payer_of(setup: Setup) -> Payer:
    """Return whose budgets pay for the models of a match, from the name of its room."""
    kind, *parts = setup.room.split(":")
    here = kind in ("discord", ROOM, TOWN)
    guild, user = (int(parts[0]), int(parts[1])) if here else (0, 0)
    return Payer(guild, user, setup.match_id)


def _stop_on_signals(running: asyncio.Task[None]) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):  # where the system has no such signals
            loop.add_signal_handler(number, running.cancel)
