"""Matches in threads: the live message, and what happens when a thread dies."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import discord
import structlog
from discord import ui

from bot.administration import Amount, in_words
from bot.arena.lobbies import Lobby, LobbyState, title_of
from bot.arena.outbox import Letter
from bot.arena.table import Table
from bot.arena.transcript import result
from bot.cogs.controls import Pressed, answer_controls, button, is_typed, view
from bot.cogs.live_messages import Shown
from bot.cogs.speech import plain
from bot.errors import ParlourError, RoomGone
from bot.languages import Language
from bot.pictures import card_alt_text, render, render_card, standings
from bot.ports import Entry
from games.core import SPECTATOR, Board, Outcome, Seat, Text

if TYPE_CHECKING:
    from bot.cogs.client import ParlourClient

log = structlog.get_logger(__name__)

PAGE: Final = 10
"""Entries after which the live message is posted anew, so that its controls stay in sight."""
END: Final = 999
"""The page of the result, which comes last."""
NONCE: Final = 25
"""Characters; Discord's limit."""


class TableHost:
    """Shows every match that goes on in this process."""

    def __init__(self, client: "ParlourClient") -> None:
        self._client = client
        self.threads: dict[int, str] = {}
        """Which match is played in a thread, for those that go on."""
        self._shown_in: dict[str, int] = {}

    def seated(self, table: Table) -> None:
        """Follow a table that was loaded."""
        if not table.setup.room.startswith("discord:"):
            return
        match_id = table.setup.match_id

        def changed(_: Entry) -> None:
            if table.over or match_id not in self._shown_in:
                self._client.spawn(self.refresh_match(match_id))
            else:
                self._refresh(match_id, self._shown_in[match_id])

        table.watchers.append(changed)

    async def refresh_match(self, match_id: str) -> None:
        """Bring the live message of a match up to date, and its lobby when the match is over."""
        lobby = await self._client.services.lobbies.lobby(match_id)
        if lobby is None:
            return
        table = await self._client.services.arena.wake(match_id)
        if table.over:  # a model that was cut short by the end has its call counted first
            await asyncio.wait([self._client.services.arena.play(table)])
        self.refresh(lobby)
        if table.over and lobby.state is LobbyState.STARTED:
            # Closed once its end is shown: nobody would look at it again after a restart.
            await self._client.live.settle(lobby.place.thread, message_key(match_id))
            await self._client.lobbies.change(match_id, Lobby.close)
        if table.over:
            self.threads.pop(lobby.place.thread, None)
            self._shown_in.pop(match_id, None)

    def refresh(self, lobby: Lobby) -> None:
        """Bring the live message of a match up to date."""
        if lobby.state is LobbyState.STARTED:
            self.threads[lobby.place.thread] = lobby.lobby_id
            self._shown_in[lobby.lobby_id] = lobby.place.thread
        self._refresh(lobby.lobby_id, lobby.place.thread)

    def _refresh(self, match_id: str, thread: int) -> None:
        async def posted(message: int) -> None:
            await self._tidy(match_id)
            await self._client.lobbies.change(
                match_id, lambda one: one.at(table_message=message, old_table_message=0)
            )

        self._client.live.refresh(
            thread, message_key(match_id), lambda: self._shown(match_id), posted
        )

    async def _paged(self, lobby: Lobby, table: Table) -> Lobby:
        """Begin a new live message where the old one has scrolled out of sight, or at the end."""
        page = END if table.over else table.entries // PAGE
        message = lobby.place.table_message
        if not message or page == lobby.place.table_page:
            return lobby
        return await self._client.lobbies.change(
            lobby.lobby_id,
            lambda one: one.at(table_page=page, table_message=0, old_table_message=message),
        )

    async def _tidy(self, match_id: str) -> None:
        """Delete the live message that another has followed."""
        place = (await self._client.lobbies.lobby(match_id)).place
        if place.old_table_message:
            thread = self._client.get_partial_messageable(place.thread, guild_id=place.guild)
            with suppress(discord.NotFound, discord.Forbidden):
                await thread.get_partial_message(place.old_table_message).delete()

    def gone(self, letter: Letter, why: RoomGone) -> None:
        """Pause a match whose thread is closed to the bot."""
        self._client.spawn(self.pause(letter.message.match_id, why.args[0]))

    async def pause(self, match_id: str, reason: Text | str) -> None:
        """Pause a match and say why; the sentence waits in the outbox until it can be told."""
        try:
            table = await self._client.services.arena.wake(match_id)
            await table.pause(Text("{reason}", reason=reason))
        except ParlourError as why:
            log.warning("a match could not be paused", match=match_id, why=str(why))

    async def _shown(self, match_id: str) -> Shown | None:
        table = await self._client.services.arena.wake(match_id)
        if table.over:  # the result comes last
            await self._client.services.arena.outbox.heard(table.setup.room)
        lobby = await self._paged(await self._client.lobbies.lobby(match_id), table)
        settings = await self._client.settings_of(lobby.place.guild)
        place = lobby.place
        match = table.match
        language = self._client.language_of(place.guild)
        picture, alt_text, text_board = await drawn(
            match.board(), match.outcome, table, language, as_text=settings.text_boards
        )
        due = await self._client.services.store.due_of(match_id)
        cost = await self._client.services.accounts.cost_of_match(match_id)
        text = table_text(table, due, text_board, cost, language)
        return Shown(
            place.thread,
            place.guild,
            place.table_message,
            f"table-{match_id}-{place.thread % 10**6:06d}-{place.table_page}"[:NONCE],
            text,
            table_controls(table, language),
            picture,
            alt_text,
        )


def message_key(match_id: str) -> str:
    """Return how the live message of a match is called among those kept up to date."""
    return f"table {match_id}"


async def drawn(
    board: Board | None, outcome: Outcome | None, table: Table, language: Language, *, as_text: bool
) -> tuple[bytes | None, str, str]:
    """Return a picture, its description, and the board as text; each may be missing."""
    if outcome is not None and not outcome.aborted and outcome.scores and not as_text:
        title, rows = title_of(table.setup.game), standings(outcome)
        reason = language.say(outcome.reason)
        card = await asyncio.to_thread(render_card, title, rows, reason)
        return card, card_alt_text(title, rows, reason), ""
    if board is None:
        return None, "", ""
    translated = language.board(board)
    if as_text:
        return None, "", f"```\n{str(translated).replace('`', chr(0x2CB))[:1200]}\n```"
    return await asyncio.to_thread(render, translated), board.alt_text(language.translate), ""


def table_text(
    table: Table, due: Sequence[Any], text_board: str, cost: Amount, language: Language
) -> str:
    """Return what the live message of a match says; what it has cost when it is over."""
    told = "**{game}** · match `{match}`"
    head = language.say(Text(told, game=title_of(table.setup.game), match=table.setup.match_id))
    status = _status(table, due, cost, language)
    return "\n".join(line for line in (head, text_board, *status) if line)[:2000]


def cost_text(cost: Amount) -> Text | str:
    """Return "Models: 34 requests, 51,200 tokens, 0.12 in money"; "" where none has played."""
    if not cost.requests:
        return ""
    used = {unit: count for unit, count in vars(cost).items() if count}
    return Text("Models: {used}", used=", ".join(in_words(unit, n) for unit, n in used.items()))


def _status(table: Table, due: Sequence[Any], cost: Amount, language: Language) -> list[str]:
    match = table.match
    if match.outcome:
        ended = plain(language.say(result(match.outcome)))[:1690]
        return [language.say(Text("Result: {result}", result=ended)), language.say(cost_text(cost))]
    if table.paused:
        told = "Paused. `/arena resume` goes on, `/arena move` takes the match elsewhere."
        return [language.say(told)]
    limits = {one.seat: one.at for one in due}
    lines = []
    everybody = len(match.asks) >= len(match.seats)
    for seat, ask in match.asks.items():
        if ask.open_floor and everybody:
            continue
        question = f": {plain(language.say(ask.prompt))}" if ask.public else ""
        clock: Text | str = ""
        if seat in limits:
            clock = Text(" (until {when})", when=discord.utils.format_dt(limits[seat], "R"))
        told = "Asked: **{seat}**{clock}{question}"
        lines.append(language.say(Text(told, seat=plain(seat), clock=clock, question=question)))
    open_floor = language.say("The floor is open: say something, or leave it to the others.")
    return lines or [open_floor]


def table_controls(table: Table, language: Language) -> ui.View:
    """Return the controls below a match: those of a question that everybody may see, and views."""
    match_id, match = table.setup.match_id, table.match

    def press(label: str, verb: str, **more: Any) -> ui.Button[Any]:
        return button(language.say(label), Pressed(verb, match_id), row=2, **more)

    if match.over:
        return view(
            [press("Rematch", "rematch"), press("Replay", "replay"), press("Stats", "stats")]
        )
    if table.paused:
        return view([press("My view", "v"), press("Rules", "rules")])
    asks = {match.ask_id(seat): ask for seat, ask in match.asks.items() if ask.public}
    items: list[ui.Item[Any]] = []
    if len(asks) == 1 and len(asks) == len({match.ask_id(seat) for seat in match.asks}):
        ((ask_id, ask),) = asks.items()
        items += answer_controls(match_id, ask_id, ask, language)
    if not items or any(map(is_typed, asks.values())):
        items.append(press("Answer", "t", style=discord.ButtonStyle.primary))
    return view([*items, press("My view", "v"), press("Rules", "rules")])


def seat_of(table: Table, user: int) -> Seat | None:
    """Return the seat that a person fills, or was opened for; None for a spectator."""
    spec = f"person:{user}"
    for players in (table.players, table.first_players):
        for seat, player in players.items():
            if player == spec:
                return seat
    return None


def private_events(table: Table, seat: Seat, language: Language) -> list[str]:
    """Return what only this seat was told, oldest first."""
    return [
        language.say(event.told())
        for event in table.match.view(seat)
        if not event.seen_by(SPECTATOR) and event.told().template
    ]
