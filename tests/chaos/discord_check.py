"""What a storm must leave: every public message once, in order, as the journal has it."""

from collections import Counter

from bot.arena.lobbies import LobbyState
from bot.arena.outbox import outgoing, players_after, written
from bot.cogs.speech import BOT, utterances
from bot.store.sql_store import SqlStore
from games.core import SPECTATOR


async def faults_in(double, app, database, typed):
    """Hold the double's record against the journal.

    `typed`: ids of the messages with which people have answered.
    Returns: what is wrong, and how many turns and messages there were.
    """
    store = await SqlStore.open(database)
    faults, turns, told, causes = [], 0, 0, Counter()
    try:
        every = await store.lobbies.lobbies(*LobbyState, limit=100_000)
        faults += [f"{one.lobby_id} is still {one.state}" for one in every if unfinished(one)]
        faults += [f"not delivered: {message}" for message in await store.undelivered()]
        for lobby in every:
            if lobby.state is LobbyState.CLOSED:
                stored = await store.load(lobby.lobby_id)
                wanted, shown = expected(stored), heard(double, app, lobby.place.thread)
                faults += compared(lobby, wanted, shown)
                faults += live_messages(double, lobby)
                turns, told = turns + len(stored.entries), told + len(shown)
                causes.update(entry.cause for entry in stored.entries if entry.cause)
    finally:
        await store.close()
    faults += [f"{cause} has counted {n} times" for cause, n in causes.items() if n > 1]
    faults += [f"message {one} was lost" for one in typed if f"m:{one}" not in causes]
    return faults + double.record.broken, turns, told


def unfinished(lobby):
    return lobby.state is LobbyState.STARTED or (
        lobby.state is LobbyState.OPEN and lobby.place.thread
    )


def expected(stored):
    """Who says what in the thread, by the journal: None for the bot itself."""
    players = players_after(stored.entries)
    return [
        (None if said.voice is BOT else said.voice.name, said.text.strip())
        for entry, then in zip(stored.entries, players, strict=True)
        for message in outgoing(stored.setup.match_id, entry, then)
        if message.audience == SPECTATOR
        for said in utterances(written(message, entry, then), lambda _: False)
    ]


def heard(double, app, thread):
    """Who said what in the thread, by the double's record; what people alone see is left out."""
    return [
        (deed.author if deed.webhook_id else None, deed.content)
        for deed in double.record.of("created", channel_id=thread)
        if deed.app_id == app.id and deed.only_for is None
        if not str(deed.nonce).startswith(("table-", "no-"))
    ]


def compared(lobby, wanted, shown):
    if wanted == shown:
        return
    name = f"{lobby.lobby_id} ({lobby.game.name})"
    missing, more = Counter(wanted) - Counter(shown), Counter(shown) - Counter(wanted)
    yield from (f"{name}: lost {n} x {what}" for what, n in missing.items())
    yield from (f"{name}: doubled or altered {n} x {what}" for what, n in more.items())
    if not missing and not more:
        at = next(i for i, (one, two) in enumerate(zip(wanted, shown, strict=True)) if one != two)
        yield f"{name}: out of order from {at}: {shown[at : at + 3]} for {wanted[at : at + 3]}"


def live_messages(double, lobby):
    """A match ends with one live message, and nothing else was ever edited or deleted in it."""
    deeds = [deed for deed in double.record.deeds if deed.channel_id == lobby.place.thread]
    live = {deed.message_id for deed in deeds if str(deed.nonce).startswith("table-")}
    left = live - {deed.message_id for deed in deeds if deed.what == "deleted"}
    if len(left) != 1:
        yield f"{lobby.lobby_id} is left with {len(left)} live messages"
    changed = [d for d in deeds if d.what != "created" and d.only_for is None]
    yield from (
        f"{lobby.lobby_id}: {deed.what} {deed.content!r}"
        for deed in changed
        if deed.message_id not in live
    )
