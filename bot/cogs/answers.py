"""Answers from Discord: presses, modals and messages, each counted once."""

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import TYPE_CHECKING

import discord

from bot.arena.table import Table
from bot.cogs.controls import (
    Pressed,
    answer_controls,
    chosen,
    data_of,
    is_typed,
    modal,
    modal_values,
    picked,
    typed,
    view,
)
from bot.cogs.replies import language_of, tell
from bot.cogs.rights import need_here, need_welcome
from bot.cogs.speech import fenced, pages, plain, split
from bot.cogs.table_host import private_events, seat_of
from bot.errors import AlreadyDone, ShownToUser
from bot.languages import Language
from bot.ports import Entry
from games.core import SPECTATOR, Ask, NotYourTurn, Seat, Text
from games.foreign_events import is_drawn

if TYPE_CHECKING:
    from bot.cogs.client import ParlourClient

STALE = "That question is no longer open."
FIRST, LAST = 10, 15
"""How many of the first and last things a seat alone knows its view shows."""
MOST_PAGES = 5
"""Messages of one view: the first, and the last ones."""


class Answers:
    """Takes what people press and type in a match."""

    def __init__(self, client: "ParlourClient") -> None:
        self._client = client

    async def press(self, interaction: discord.Interaction, pressed: Pressed) -> None:
        """Take the press of an option's button."""
        await self._choose(interaction, pressed, pressed.rest[1:])

    async def select(self, interaction: discord.Interaction, pressed: Pressed) -> None:
        """Take what was picked in a select."""
        await self._choose(interaction, pressed, picked(interaction))

    async def open(self, interaction: discord.Interaction, pressed: Pressed) -> None:
        """Show a person their own question: a modal, or controls that only they see."""
        table, seat = await self.seat_at(interaction, pressed.match_id)
        ask = asked(table, seat)
        ask_id = table.match.ask_id(seat)
        if is_typed(ask):
            language = language_of(interaction)
            await interaction.response.send_modal(modal(pressed.match_id, ask_id, ask, language))
        else:
            language = language_of(interaction)
            controls = answer_controls(pressed.match_id, ask_id, ask, language)
            await tell(interaction, plain(language.say(ask.prompt)), view=view(controls))

    async def submitted(self, interaction: discord.Interaction, pressed: Pressed) -> None:
        """Take a modal that was sent off."""
        table, seat = await self.seat_at(interaction, pressed.match_id)
        ask_id = pressed.rest[0] if pressed.rest else ""
        if seat not in table.match.asks or table.match.ask_id(seat) != ask_id:
            raise NotYourTurn(STALE)
        ask = table.match.asks[seat]
        if not is_typed(ask) or len(pressed.rest) > 1:
            raise NotYourTurn(STALE)
        text = typed(ask, modal_values(data_of(interaction).get("components")))
        text = language_of(interaction).understand(ask, text)
        await self.give(interaction, table, seat, text, ask_id)

    async def move(self, interaction: discord.Interaction, match_id: str, text: str) -> None:
        """Take an answer typed after /move."""
        table, seat = await self.seat_at(interaction, match_id)
        text = language_of(interaction).understand(asked(table, seat), text)
        await self.give(interaction, table, seat, text, table.match.ask_id(seat))

    async def give(
        self, interaction: discord.Interaction, table: Table, seat: Seat, text: str, ask_id: str
    ) -> None:
        """Submit an answer and tell its person privately what came of it."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        try:
            entry = await table.submit(seat, text, ask_id=ask_id, cause=f"i:{interaction.id}")
        except AlreadyDone:
            raise ShownToUser("That has counted already.") from None
        self._client.services.arena.play(table)
        await tell(interaction, confirmation(entry, seat, language_of(interaction)))

    async def seat_at(self, interaction: discord.Interaction, match_id: str) -> tuple[Table, Seat]:
        """Return a match and the seat of whoever acts; a seat taken over meanwhile is given back.

        Raises ShownToUser for spectators, banned members, and matches of other servers.
        """
        lobby = await self._client.lobbies.lobby(match_id)
        need_here(interaction, lobby)
        await need_welcome(interaction, self._client.services.administration)
        lobby.need_begun()
        table = await self._client.services.arena.wake(match_id)
        seat = seat_of(table, interaction.user.id)
        if seat is None:
            raise ShownToUser("You do not sit at this table; you can watch, or create your own.")
        if not table.over and table.players[seat] != f"person:{interaction.user.id}":
            await table.come_back(seat)
            self._client.services.arena.play(table)
        return table, seat

    async def _choose(
        self, interaction: discord.Interaction, pressed: Pressed, indices: Sequence[str]
    ) -> None:
        table, seat = await self.seat_at(interaction, pressed.match_id)
        ask_id = pressed.rest[0] if pressed.rest else ""
        if seat not in table.match.asks or table.match.ask_id(seat) != ask_id:
            raise NotYourTurn(STALE)
        ask = table.match.asks[seat]
        offered = answer_controls(pressed.match_id, ask_id, ask)
        known = {getattr(item, "custom_id", "") for item in offered}
        text = chosen(ask, indices) if pressed.custom_id in known else None
        if text is None:
            raise NotYourTurn(STALE)
        await self.give(interaction, table, seat, text, ask_id)


def asked(table: Table, seat: Seat) -> Ask:
    """Return what a seat is asked now.  Raises NotYourTurn."""
    if table.paused:
        raise NotYourTurn("The match is paused; /arena resume goes on.")
    ask = table.match.asks.get(seat)
    if ask is None:
        raise NotYourTurn("Nothing is asked of you now; I will call you.")
    return ask


def confirmation(entry: Entry, seat: Seat, language: Language) -> str:
    """Return what a person reads after an answer: what nobody else may see of it, or a nod."""
    told = [
        language.say(event.told())
        for event in entry.events
        if event.seen_by(seat) and not event.seen_by(SPECTATOR) and event.told().template
    ]
    return "\n".join(map(plain, told)) or language.say("Your answer counts.")


def own_view(table: Table, seat: Seat, language: Language) -> Sequence[str]:
    """Return what a seat knows that others may not, and what it is asked: a page each message."""
    secrets = private_events(table, seat, language)
    lines = [language.say(Text("You are **{seat}**.", seat=plain(seat)))]
    if len(secrets) > FIRST + LAST:  # a role is told at the beginning and holds to the end
        secrets = [*secrets[:FIRST], "…", *secrets[-LAST:]]
    lines += chain.from_iterable(map(_secret, secrets))
    lines += [] if secrets else [language.say("You know nothing secret.")]
    if not table.over and seat in table.match.asks:
        question = plain(language.say(table.match.asks[seat].prompt))
        lines.append(language.say(Text("You are asked: {question}", question=question)))
    whole = pages(lines)
    return [*whole[:1], *whole[1:][1 - MOST_PAGES :]]


def _secret(text: str) -> Iterable[str]:
    """Return something secret in pieces that fit; the columns of a drawing stay in line."""
    return fenced(text) if is_drawn(text) else split(f"- {plain(text)}")
