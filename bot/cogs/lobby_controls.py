"""The buttons of a lobby: each press changes the lobby, or says privately why it does not."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.arena.arena import new_id
from bot.arena.lobbies import Lobby
from bot.arena.tournaments import need_free
from bot.cogs import lobby_characters
from bot.cogs.controls import (
    PLACEHOLDER,
    TITLE,
    Pressed,
    button,
    cut,
    data_of,
    modal_values,
    picked,
    view,
)
from bot.cogs.replies import language_of, tell
from bot.cogs.rights import is_host, need_creation, need_here, need_host, need_welcome
from bot.cogs.speech import plain
from bot.cogs.table_host import seat_of
from bot.errors import ShownToUser
from bot.languages import Language
from games.core import Game, Text
from games.core.options import Option, options_of

if TYPE_CHECKING:
    from bot.cogs.client import ParlourClient

PAGE = 5
"""Inputs in a modal at most."""
MOST_MODELS = 25


class LobbyControls:
    """What the controls of a lobby do."""

    def __init__(self, client: "ParlourClient") -> None:
        self._client = client

    async def press(self, interaction: discord.Interaction, pressed: Pressed) -> None:
        """Do what a button of a lobby says."""
        lobby = await self._client.lobbies.lobby(pressed.match_id)
        need_here(interaction, lobby)
        verb = pressed.rest[0] if pressed.rest else ""
        if verb == "rules":
            rules = language_of(interaction).say(lobby.game.without_hidden().rules())
            await tell(interaction, plain(rules))
            return
        await need_welcome(interaction, self._client.services.administration)
        need_free(lobby)
        if verb in {"house", "model", "character", "start", "options", "cancel"}:
            need_host(interaction, lobby)
        match verb:
            case "model":
                await self._offer_models(interaction, lobby)
            case "character":
                await lobby_characters.offer(interaction, lobby)
            case "options":
                await self.offer_options(interaction, lobby, pressed.rest[1:])
            case "start":
                await self.start(interaction, lobby)
            case _:
                await self._change(interaction, lobby, verb)

    async def start(self, interaction: discord.Interaction, lobby: Lobby) -> None:
        """Begin the match."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        names = await self._client.services.models.names(lobby.place.guild)
        for seat, spec in lobby.seats.items():
            kind, _, name = spec.partition(":")
            if kind == "model" and name not in names:
                told = "The model of {seat} is not there any more; /arena kick frees the seat."
                raise ShownToUser(Text(told, seat=plain(seat)))
        lobby = await self._client.lobbies.start(lobby.lobby_id)
        thread = f"<#{lobby.place.thread}>"
        await tell(interaction, Text("The match has begun: {thread}", thread=thread))

    async def model_picked(self, interaction: discord.Interaction, pressed: Pressed) -> None:
        """Sit the model down that was picked."""
        lobby = await self._client.lobbies.lobby(pressed.match_id)
        need_here(interaction, lobby)
        need_host(interaction, lobby)
        await need_welcome(interaction, self._client.services.administration)
        await self.add_model(interaction, lobby, "".join(picked(interaction)[:1]))

    async def add_model(self, interaction: discord.Interaction, lobby: Lobby, name: str) -> None:
        """Sit a model down by its name."""
        if name not in await self._client.services.models.names(lobby.place.guild):
            raise ShownToUser("That model is not there any more; choose another.")
        await self._client.lobbies.change(
            lobby.lobby_id, lambda one: one.add(f"model:{name}", name.split("/")[-1])
        )
        await tell(interaction, Text("{name} sits down.", name=plain(name)))

    async def rematch(self, interaction: discord.Interaction, pressed: Pressed) -> None:
        """Open a lobby with the same players, each one seat on."""
        lobby = await self._client.lobbies.lobby(pressed.match_id)
        need_here(interaction, lobby)
        await need_welcome(interaction, self._client.services.administration)
        table = await self._client.services.arena.wake(lobby.lobby_id)
        if not table.over:
            raise ShownToUser("The match is not over yet.")
        if not (is_host(interaction, lobby) or seat_of(table, interaction.user.id)):
            raise ShownToUser("Only who played, or an admin, can ask for a rematch.")
        settings = await self._client.settings_of(lobby.place.guild)
        need_creation(interaction, settings, lobby.game.name)
        # One rematch for each match, however many of its players press the button.
        again = lobby.rotated(
            new_id(), f"rematch:{lobby.lobby_id}", interaction.user.id, datetime.now(UTC)
        )
        again = await self._client.lobbies.keep_new(again)
        channel = f"<#{again.place.channel}>"
        told = "A lobby for the rematch stands in {channel}."
        await tell(interaction, Text(told, channel=channel))

    async def options_given(self, interaction: discord.Interaction, pressed: Pressed) -> None:
        """Take the options of a modal."""
        lobby = await self._client.lobbies.lobby(pressed.match_id)
        need_here(interaction, lobby)
        need_host(interaction, lobby)
        await need_welcome(interaction, self._client.services.administration)
        user = interaction.user.id
        allowed = {option.name for option in offered(lobby, user)}
        given = {
            name: value if isinstance(value, str) else ",".join(value)
            for name, value in modal_values(data_of(interaction).get("components")).items()
            if name in allowed  # whoever sat down since the modal opened may fix nothing hidden
        }
        await self._client.lobbies.change(
            lobby.lobby_id, lambda one: one.with_game(with_options(one.game, given), user)
        )
        await tell(interaction, "The options are set.")

    async def offer_options(
        self, interaction: discord.Interaction, lobby: Lobby, page: Sequence[str]
    ) -> None:
        """Show a modal with the options of the game; more than fit are shown page by page."""
        lobby.need_open()
        options = offered(lobby, interaction.user.id)
        if not options:
            raise ShownToUser(Text("{game} has no options.", game=lobby.game.name))
        pages = [options[at : at + PAGE] for at in range(0, len(options), PAGE)]
        if len(pages) > 1 and not page:
            items: list[ui.Item[Any]] = [
                button(
                    ", ".join(option.name for option in part),
                    Pressed("l", lobby.lobby_id, ("options", str(number))),
                )
                for number, part in enumerate(pages)
            ]
            await tell(interaction, "Which options?", view=view(items))
            return
        number = int(page[0]) if page and page[0].isascii() and page[0].isdecimal() else 0
        part = pages[min(number, len(pages) - 1)]
        modal = options_modal(lobby, part, language_of(interaction))
        await interaction.response.send_modal(modal)

    async def _offer_models(self, interaction: discord.Interaction, lobby: Lobby) -> None:
        names = await self._client.services.models.names(lobby.place.guild)
        if not names:
            raise ShownToUser(
                "No models are set up; an admin can add one with /admin model add. "
                "House bots need none."
            )
        first = (await self._client.settings_of(lobby.place.guild)).default_model
        names = sorted(names, key=lambda name: name != first)
        select: ui.Select[Any] = ui.Select(
            custom_id=Pressed("lm", lobby.lobby_id).custom_id,
            placeholder=language_of(interaction).say("Which model?"),
            options=[discord.SelectOption(label=name, value=name) for name in names[:MOST_MODELS]],
        )
        await tell(interaction, "Who should play?", view=view([select]))

    async def _change(self, interaction: discord.Interaction, lobby: Lobby, verb: str) -> None:
        user = interaction.user
        match verb:
            case "join":
                after = await self._client.lobbies.change(
                    lobby.lobby_id, lambda one: one.join(user.id, user.display_name)
                )
                seat = after.seat_of(user.id)
                told = "You sit down as **{seat}**. Press Ready when you are."
                sentence = Text(told, seat=plain(seat or ""))
            case "leave":
                await self._client.lobbies.change(lobby.lobby_id, lambda one: one.leave(user.id))
                sentence = Text("You have left the table.")
            case "ready":
                after = await self._client.lobbies.change(
                    lobby.lobby_id, lambda one: one.say_ready(user.id)
                )
                ready = after.seat_of(user.id) in after.ready
                sentence = Text("You are ready." if ready else "You are not ready any more.")
            case "house":
                await self._client.lobbies.change(
                    lobby.lobby_id, lambda one: one.add("house:medium")
                )
                sentence = Text("A house bot sits down.")
            case "cancel":
                await self._client.lobbies.change(lobby.lobby_id, Lobby.cancel)
                sentence = Text("The lobby is cancelled.")
            case _:
                raise ShownToUser("That control is not known any more.")
        await tell(interaction, sentence)


def offered(lobby: Lobby, user: int) -> Sequence[Option]:
    """Return the options that somebody may set: hidden draws only who does not play."""
    return [
        option
        for option in options_of(type(lobby.game))
        if not option.hidden or lobby.seat_of(user) is None
    ]


def options_modal(lobby: Lobby, options: Sequence[Option], language: Language) -> ui.Modal:
    """Return a modal with a field for each option and its present value."""
    made = ui.Modal(
        title=cut(language.say(Text("{game}: options", game=lobby.game.name)), TITLE),
        custom_id=Pressed("lo", lobby.lobby_id).custom_id,
    )
    for option in options:
        value = "" if option.hidden else written(getattr(lobby.game, option.name))
        usual = Text("default: {value}", value=written(option.default) or Text("none"))
        field: ui.TextInput[Any] = ui.TextInput(
            custom_id=option.name,
            default=value[:4000] or None,
            required=False,
            placeholder=cut(language.say(usual), PLACEHOLDER),
            style=discord.TextStyle.paragraph if len(value) > 80 else discord.TextStyle.short,
        )
        made.add_item(
            ui.Label(
                text=cut(option.name, TITLE),
                description=cut(language.say(option.help), 100),
                component=field,
            )
        )
    made.stop()
    return made


def written(value: object) -> str:
    """Return a value as `Option.read` takes it."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case tuple():
            return ", ".join(map(str, value))
    return str(value)


def with_options(game: Game[Any, Any, Any], given: Mapping[str, str]) -> Game[Any, Any, Any]:
    """Return a game with some options changed; "" means the default.  Raises BadSetup."""
    known = {option.name: option for option in options_of(type(game))}
    changes = {
        name: known[name].read(text) if text.strip() else known[name].default
        for name, text in given.items()
        if name in known
    }
    changed: Game[Any, Any, Any] = replace(game, **changes)  # type: ignore[type-var]  # every Game is a dataclass
    return changed
