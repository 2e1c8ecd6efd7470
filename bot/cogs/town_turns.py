"""Members who live in a town: their questions, which only they see, and their answers."""

import asyncio
from collections.abc import Iterator
from typing import TYPE_CHECKING

import discord

from bot.arena.table import Table
from bot.arena.towns import is_for_people
from bot.cogs.answers import STALE
from bot.cogs.controls import Pressed, button, data_of, modal, modal_values, typed, view
from bot.cogs.replies import language_of, tell
from bot.cogs.rights import need_welcome
from bot.cogs.speech import plain
from bot.cogs.town_office import mayor_text, next_time
from bot.cogs.town_posts import issue
from bot.cogs.town_rights import mayor_of, resident_of
from bot.cogs.town_shown import game_of, now_of, status_text
from bot.cogs.town_teller import map_file
from bot.errors import AlreadyDone, ShownToUser
from games.core import Ask, NotYourTurn, Seat, listed
from towns.affairs import term_told
from towns.events import MAYOR
from towns.prompts import Briefing, told
from towns.questions import briefing_of
from towns.wishes import governs

if TYPE_CHECKING:
    from bot.cogs.client import ParlourClient

_ANSWER_SECONDS = 1.5
"""How long somebody who has answered waits for the next question to come along."""


class TownTurns:
    """Takes what members press below a town."""

    def __init__(self, client: "ParlourClient") -> None:
        self._client = client

    async def turn(self, interaction: discord.Interaction, pressed: Pressed) -> None:
        """Show a member what they are asked; one who was away is back with that.

        The mayor, for whom everybody waits, is asked before the resident who is the same member.
        """
        if await self._shown_to_mayor(interaction, pressed.match_id):
            return
        table, seat = await self._seat_at(interaction, pressed.match_id)
        await self._show(interaction, table, seat)

    async def open(self, interaction: discord.Interaction, pressed: Pressed) -> None:
        """Open the form in which a question is answered."""
        table, seat = await self._seat_at(interaction, pressed.match_id)
        ask = _asked(table, seat, pressed)
        made = modal(pressed.match_id, pressed.rest[0], ask, language_of(interaction))
        made.custom_id = Pressed("tm", pressed.match_id, pressed.rest).custom_id
        await interaction.response.send_modal(made)

    async def submitted(self, interaction: discord.Interaction, pressed: Pressed) -> None:
        """Take an answer, and show the next question if it comes at once."""
        table, seat = await self._seat_at(interaction, pressed.match_id)
        ask = _asked(table, seat, pressed)
        text = typed(ask, modal_values(data_of(interaction).get("components")))
        await interaction.response.defer(ephemeral=True, thinking=True)
        try:
            await table.submit(seat, text, ask_id=pressed.rest[0], cause=f"i:{interaction.id}")
        except AlreadyDone:
            raise ShownToUser("That has counted already.") from None
        self._client.services.arena.play(table)
        for _ in range(10):
            if _is_asked(table, seat):
                break
            await asyncio.sleep(_ANSWER_SECONDS / 10)
        await self._show(interaction, table, seat)

    async def nothing(self, interaction: discord.Interaction, pressed: Pressed) -> None:
        """Let the mayor's hour pass without a decision."""
        table = await self._table(interaction, pressed.match_id)
        if mayor_of(table) != interaction.user.id:
            raise ShownToUser("You are not the mayor here.")
        if MAYOR not in table.match.asks or pressed.rest != (table.match.ask_id(MAYOR),):
            raise NotYourTurn(STALE)
        await interaction.response.defer(ephemeral=True, thinking=True)
        default = table.match.asks[MAYOR].default or ""
        await table.submit(MAYOR, default, ask_id=pressed.rest[0], cause=f"i:{interaction.id}")
        self._client.services.arena.play(table)
        await tell(interaction, "Nothing changes this hour.")

    async def look(self, interaction: discord.Interaction, pressed: Pressed) -> None:
        """Show the map, the newspaper or the status to whoever wants to see it."""
        table = await self._table(interaction, pressed.match_id)
        await interaction.response.defer(ephemeral=True, thinking=True)
        match pressed.rest:
            case ("map",):
                await tell(interaction, "The town as it stands.", file=await map_file(table))
            case ("news",):
                day = game_of(table).start.clock.at(now_of(table.match.state)).day
                post = await issue(table, day)
                await tell(interaction, post.utterance.text)
            case _:
                town = self._client.towns.town(pressed.match_id)
                cost = await self._client.services.accounts.cost_of_match(pressed.match_id)
                await tell(interaction, status_text(town, table, cost))

    async def _table(self, interaction: discord.Interaction, match_id: str) -> Table:
        await need_welcome(interaction, self._client.services.administration)
        town = self._client.towns.town(match_id)
        if interaction.guild_id != town.guild:
            raise ShownToUser("That town is not in this server.")
        return await self._client.services.arena.wake(match_id)

    async def _shown_to_mayor(self, interaction: discord.Interaction, match_id: str) -> bool:
        """Show a member who is the mayor what is to be decided; return whether there was that."""
        table = await self._table(interaction, match_id)
        user = interaction.user.id
        if mayor_of(table) != user or table.paused or not governs(table.match.state):
            return False
        await table.come_back(MAYOR)
        self._client.services.arena.play(table)
        if MAYOR in table.match.asks:
            pressed = Pressed("office", match_id, (table.match.ask_id(MAYOR),))
            shown = view([button("Do nothing", pressed)])
            await tell(interaction, mayor_text(table.match.asks[MAYOR]), view=shown)
            return True
        if resident_of(table, user):
            return False
        await tell(interaction, f"{next_time(table)} {term_told(table.match.state)}")
        return True

    async def _seat_at(self, interaction: discord.Interaction, match_id: str) -> tuple[Table, Seat]:
        table = await self._table(interaction, match_id)
        seat = resident_of(table, interaction.user.id)
        if seat is None:
            raise ShownToUser("You do not live here; /town resident become changes that.")
        if not table.over and table.players[seat] != f"person:{interaction.user.id}":
            await table.come_back(seat)
            self._client.services.arena.play(table)
        return table, seat

    async def _show(self, interaction: discord.Interaction, table: Table, seat: Seat) -> None:
        match_id = table.setup.match_id
        if table.paused:
            raise ShownToUser("The town stands still; /town start goes on.")
        if not _is_asked(table, seat):
            again = button("Your turn", Pressed("tt", match_id), discord.ButtonStyle.primary)
            await tell(interaction, _doing(table, seat), view=view([again]))
            return
        ask, ask_id = table.match.asks[seat], table.match.ask_id(seat)
        answer = button("Answer", Pressed("to", match_id, (ask_id,)), discord.ButtonStyle.primary)
        await tell(interaction, question_text(ask), view=view([answer]))


def question_text(ask: Ask) -> str:
    """Return what a member needs to answer for a resident."""
    lines = [*_moment(briefing_of(ask)), f"**{plain(str(_question(ask)))}**"]
    return "\n".join(lines)[:2000]


def _moment(briefing: Briefing) -> Iterator[str]:
    now = briefing.situation
    where = f"at {now.here}" if now.here else "on the street"
    yield f"You are **{plain(briefing.who)}**, {plain(where)}. It is {now.time}."
    yield f"You have {now.cash:,} coins. Your needs: {now.needs}."
    if now.goods:
        yield f"You carry {plain(listed([good.name for good in now.goods]))}."
    if now.in_sight:
        yield f"In sight: {plain(listed(now.in_sight))}."
    if now.plan:
        yield f"Your plan: {plain(now.plan.place)}, {plain(now.plan.purpose)}."
    for act in now.acts:
        yield f"- {plain(told(act))}"
    if talk := briefing.talk:
        yield f"You talk with {plain(listed(talk.others))}."
        yield from (f"- **{plain(one.speaker)}**: {plain(one.words)}" for one in talk.lines[-4:])


def _question(ask: Ask) -> str:
    """Return a question without its briefing."""
    return briefing_of(ask).about


def _asked(table: Table, seat: Seat, pressed: Pressed) -> Ask:
    """Return the question that a control belongs to.  Raises NotYourTurn."""
    if table.paused:
        raise ShownToUser("The town stands still; /town start goes on.")
    if not _is_asked(table, seat) or pressed.rest != (table.match.ask_id(seat),):
        raise NotYourTurn(STALE)
    return table.match.asks[seat]


def _is_asked(table: Table, seat: Seat) -> bool:
    """Return whether a member has a question to answer; one only remembers without being asked."""
    ask = table.match.asks.get(seat)
    return ask is not None and is_for_people(ask)


def _doing(table: Table, seat: Seat) -> str:
    """Return what a resident is about while nothing is asked."""
    state = table.match.state
    clock = game_of(table).start.clock
    if table.over:
        return f"The days of the town are over. You were **{plain(seat)}**."
    if seat not in state.residents:
        return f"**{plain(seat)}** has moved away; /town resident become makes you somebody else."
    one = state.residents[seat]
    now = now_of(state)
    where = state.ground.place_at(one.at(now)) or "the street"
    doing = f"{one.use.operation} at {where}" if one.use else f"on the way, at {where}"
    if one.talk:
        doing = f"in a talk at {where}"
    return (
        f"You are **{plain(seat)}**: {plain(doing)}. It is {clock.at(now)}; you decide again at "
        f"{clock.at(one.tick).time}, and nothing is asked of you before."
    )
