"""A town as a room: what its table does is told in the thread; the rest is told hour by hour."""

import time
from typing import TYPE_CHECKING, Final

from bot.arena.events import (
    Aborted,
    Answered,
    HandedOver,
    Paused,
    Reminded,
    Resumed,
    Substituted,
    player_name,
)
from bot.arena.lobbies import person_in
from bot.arena.towns import NOBODY
from bot.cogs.room import NOTHING_TOLD
from bot.cogs.speech import BOT, Utterance, plain, split
from bot.cogs.town_results import results_text
from bot.cogs.town_shown import game_of
from bot.cogs.voices import Where, outbox_errors
from bot.ports import Message, Part
from games.core import SPECTATOR, Text
from towns.events import MAYOR

if TYPE_CHECKING:
    from bot.cogs.client import ParlourClient

_TOLD: Final = (Paused, Resumed, HandedOver, Reminded, Aborted)
FAULT_SECONDS: Final = 3600.0
"""A model that fails is told of once in so long a time."""


class TownRoom:
    """The thread of one town."""

    def __init__(self, match_id: str, client: "ParlourClient") -> None:
        self.match_id = match_id
        self._client = client

    async def deliver(self, message: Message) -> str:
        """Tell what the table does.  Raises RoomGone, OSError."""
        wanted = [part for part in message.parts if message.again or self._is_told(part)]
        wanted = [part for part in wanted if isinstance(part.event, (*_TOLD, Substituted))]
        answers = [part.event for part in message.parts if isinstance(part.event, Answered)]
        if message.audience != SPECTATOR or not (wanted or answers):
            return NOTHING_TOLD
        town = await self._client.services.towns.town(self.match_id)
        if town is None or not town.thread:
            return NOTHING_TOLD  # nobody reads it yet
        where = Where(town.guild, town.channel, town.channel if answers else town.thread)
        said = [self._utterance(part, message) for part in wanted]
        if answers:
            table = await self._client.services.arena.wake(self.match_id)
            said = [Utterance(BOT, results_text(answers, game_of(table).start.clock))]
        arrived: list[int] = []
        async with outbox_errors(_stays):
            if message.again:
                last = await self._client.services.store.last_reference(self.match_id)
                arrived = await self._client.voices.arrived(where, said, last)
            for index, utterance in enumerate(said):
                if index >= len(arrived):
                    nonce = f"{message.nonce}-{index}"
                    arrived.append(await self._client.voices.say(where, utterance, nonce))
        return str(arrived[-1])

    def _is_told(self, part: Part) -> bool:
        if isinstance(part.event, Substituted):
            now, told = time.monotonic(), self._client.towns.faults
            if now - told.get(self.match_id, -FAULT_SECONDS) < FAULT_SECONDS:
                return False
            told[self.match_id] = now
        return True

    def _utterance(self, part: Part, message: Message) -> Utterance:
        """Return what is said; whoever is called is woken."""
        event = part.event
        if isinstance(event, Reminded) and (user := person_in(message.players[event.seat])):
            text = f"<@{user}>, {plain(event.seat)} is asked, and your time is nearly up."
            muted = user in self._client.muted
            return Utterance(BOT, text, frozenset() if muted else frozenset({user}))
        (text, *_) = split(f"-# {plain(str(_told(part)))}")
        return Utterance(BOT, text)


def _told(part: Part) -> Text:
    """Return what is told, in a town's own words where a match would say it otherwise."""
    match part.event:
        case Paused(reason):
            return Text("The town stands still: {reason}", reason=reason)
        case Resumed():
            return Text("Time passes again.")
        case HandedOver(seat=seat) if seat == MAYOR:
            return _governs(part.event)
    return part.text


def _governs(event: HandedOver) -> Text:
    """Return who is the mayor from now on."""
    if event.player != NOBODY:
        return Text("The mayor is {player} from now on.", player=player_name(event.player))
    if event.for_good:
        return Text("Nobody governs the town from now on.")
    return Text("The mayor has run out of time; nothing is decided until they are back.")


async def _stays() -> None:
    """Nobody moves a town."""
