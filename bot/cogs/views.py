"""What a person may look at: the own view, the rules, a replay, and how one has played."""

import asyncio
import io
from typing import TYPE_CHECKING, Any

import discord

from bot.arena.lobbies import person_in, title_of
from bot.arena.transcript import export
from bot.cogs.answers import own_view
from bot.cogs.controls import Pressed, answer_controls, button, is_typed, view
from bot.cogs.replies import language_of, tell
from bot.cogs.rights import need_here
from bot.cogs.speech import plain
from bot.pictures import render
from games.core import Text

if TYPE_CHECKING:
    from bot.cogs.client import ParlourClient


class Views:
    """Private looks at a match; each can be had again whenever it is asked for."""

    def __init__(self, client: "ParlourClient") -> None:
        self._client = client

    async def mine(self, interaction: discord.Interaction, pressed: Pressed) -> None:
        """Show what the seat of this person knows: role, word, hand, notes, and its board."""
        table, seat = await self._client.answers.seat_at(interaction, pressed.match_id)
        await interaction.response.defer(ephemeral=True, thinking=True)
        more: dict[str, Any] = {}
        language = language_of(interaction)
        if board := table.match.board(seat):
            picture = await asyncio.to_thread(render, language.board(board))
            told = board.alt_text(language.translate)
            file = discord.File(io.BytesIO(picture), "board.png", description=told)
            more["file"] = file
        if not table.over and not table.paused and (ask := table.match.asks.get(seat)):
            match_id, ask_id = pressed.match_id, table.match.ask_id(seat)
            items = [*answer_controls(match_id, ask_id, ask, language)]
            if is_typed(ask):
                label, style = language.say("Answer"), discord.ButtonStyle.primary
                answer = button(label, Pressed("t", match_id), style)
                items.insert(0, answer)
            more["view"] = view(items)
        *before, last = own_view(table, seat, language)
        for page in before:
            await tell(interaction, page)
        await tell(interaction, last, **more)

    async def rules(self, interaction: discord.Interaction, pressed: Pressed) -> None:
        """Show the rules of a match with its options."""
        lobby = await self._client.lobbies.lobby(pressed.match_id)
        need_here(interaction, lobby)
        rules = language_of(interaction).say(lobby.game.without_hidden().rules())
        await tell(interaction, plain(rules))

    async def replay(self, interaction: discord.Interaction, pressed: Pressed) -> None:
        """Hand out the public record of a match as a file."""
        lobby = await self._client.lobbies.lobby(pressed.match_id)
        need_here(interaction, lobby)
        await interaction.response.defer(ephemeral=True, thinking=True)
        stored = await self._client.services.store.load(pressed.match_id)
        text = await asyncio.to_thread(export, stored, "public", "html")
        name = f"{stored.setup.game.name}-{pressed.match_id}.html"
        file = discord.File(io.BytesIO(text.encode()), name, description="The record of the match")
        await tell(interaction, "The whole match, to read in a browser.", file=file)

    async def stats(self, interaction: discord.Interaction, pressed: Pressed) -> None:
        """Show how whoever asks has played this game in this server."""
        lobby = await self._client.lobbies.lobby(pressed.match_id)
        need_here(interaction, lobby)
        await interaction.response.defer(ephemeral=True, thinking=True)
        user = interaction.user.id
        played = [
            result.outcome.ranks[seat]
            for result in await self._client.services.lobbies.results(
                lobby.place.guild, title_of(lobby.game)
            )
            for seat, spec in result.players.items()
            if person_in(spec) == user and seat in result.outcome.ranks
        ]
        told = "{game} here: you have played {matches} matches and won {won}."
        if len(played) == 1:
            told = "{game} here: you have played 1 match and won {won}."
        values = {"game": title_of(lobby.game), "matches": len(played), "won": played.count(1)}
        await tell(interaction, Text(told, **values))
