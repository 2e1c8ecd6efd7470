"""What the panel of /admin setup looks like.  Pure."""

from collections.abc import Sequence
from typing import Any, Final

import discord
from discord import ui

from bot.administration import MayCreate, ServerSettings
from bot.cogs.controls import Pressed, button, cut, view
from bot.cogs.forms import form, labelled, line
from bot.cogs.speech import plain
from bot.languages import codes, language

MOST: Final = 25
"""Options of a select, and channels that can be chosen."""
SHORTEST: Final = 10
LONGEST: Final = 7 * 86_400
"""Seconds that a person may be given for an answer, a week at most."""
ROLE: Final = "role"
OTHER_GAMES: Final = "other games"
"""Picked where there are more games than a select has options."""
_CHANNELS: Final = [discord.ChannelType.text, discord.ChannelType.news]


def panel_text(settings: ServerSettings) -> str:
    """Return how a server wants its tables, in words."""
    channels = ", ".join(f"<#{one}>" for one in settings.channels)
    seconds = settings.seconds
    lines = [
        "**How this server plays.** A change counts from the next table on.",
        f"Tables are opened in: {channels or 'every channel'}",
        f"Games: {', '.join(settings.games) or 'all'}",
        f"Default model: {plain(settings.default_model) or 'none'}",
        f"Who may open a table: {_who(settings.may_create)}",
        f"Time for a person's answer: {f'{seconds} seconds' if seconds else 'as each game says'}",
        f"Boards: {'text' if settings.text_boards else 'pictures'}",
        f"Language: {language(settings.language).own_name}",
        "Notices to admins, such as a budget running low: "
        + (f"<#{settings.notices}>" if settings.notices else "in /admin audit only"),
    ]
    return "\n".join(lines)[:2000]


def panel(settings: ServerSettings, models: Sequence[str], games: Sequence[str]) -> ui.View:
    """Return the controls of the panel; every channel of the settings must exist."""
    items: list[ui.Item[Any]] = [
        _channels(settings),
        _games(settings, games),
        _who_select(settings),
        button("Time limit", _pressed("seconds"), row=4),
        button(
            "Boards as pictures" if settings.text_boards else "Boards as text",
            _pressed("boards"),
            row=4,
        ),
        button("Notices", _pressed("notices"), row=4),
        button("Language", _pressed("language"), row=4),
    ]
    if models:
        chosen = [settings.default_model]
        items.append(_choice("model", "Default model: none", models[:MOST], chosen, row=2))
    return view(items)


def _pressed(what: str, *rest: str) -> Pressed:
    return Pressed("setup", what, rest)


def _channels(settings: ServerSettings) -> ui.ChannelSelect[Any]:
    chosen = [discord.Object(one, type=discord.abc.GuildChannel) for one in settings.channels]
    return ui.ChannelSelect(
        custom_id=_pressed("channels").custom_id,
        channel_types=_CHANNELS,
        placeholder="Channels: all",
        min_values=0,
        max_values=MOST,
        default_values=chosen,
        row=0,
    )


def games_in_view(games: Sequence[str]) -> Sequence[str]:
    """Return the games that the panel itself shows; a form has the others too."""
    return games if len(games) <= MOST else games[: MOST - 1]


def _games(settings: ServerSettings, games: Sequence[str]) -> ui.Select[Any]:
    shown = games_in_view(games)
    made = _choice("games", "Games: all", shown, settings.games, row=1, several=True)
    if len(shown) < len(games):
        made.add_option(label="Other games …", value=OTHER_GAMES)
        made.max_values = len(made.options)
    return made


def _choice(
    what: str,
    placeholder: str,
    names: Sequence[str],
    chosen: Sequence[str],
    *,
    row: int,
    several: bool = False,
) -> ui.Select[Any]:
    options = [
        discord.SelectOption(label=cut(name, 100), value=name, default=name in chosen)
        for name in names
    ]
    return ui.Select(
        custom_id=_pressed(what).custom_id,
        placeholder=placeholder,
        options=options,
        min_values=0,
        max_values=len(options) if several else 1,
        row=row,
    )


def _who_select(settings: ServerSettings) -> ui.Select[Any]:
    options = [
        discord.SelectOption(label=label, value=value, default=value == settings.may_create)
        for value, label in (
            (MayCreate.EVERYONE, "Everybody may open tables"),
            (MayCreate.ADMINS, "Only admins may open tables"),
            (ROLE, "One role may open tables …"),
        )
    ]
    return ui.Select(
        custom_id=_pressed("who").custom_id,
        placeholder="Who may open tables: one role",  # seen while no option is the present one
        options=options,
        row=3,
    )


def _languages(settings: ServerSettings) -> ui.Select[Any]:
    options = [
        discord.SelectOption(
            label=language(code).own_name, value=code, default=code == settings.language
        )
        for code in codes()
    ]
    return ui.Select(custom_id="value", options=options)


def _who(may_create: MayCreate | int) -> str:
    match may_create:
        case MayCreate.EVERYONE:
            return "everybody"
        case MayCreate.ADMINS:
            return "admins"
    return f"<@&{may_create}>"


def games_modal(settings: ServerSettings, games: Sequence[str]) -> ui.Modal:
    """Return the modal with all games, MOST in each of its selects."""
    fields = []
    for start in range(0, min(len(games), 5 * MOST), MOST):
        names = games[start : start + MOST]
        options = [
            discord.SelectOption(label=cut(name, 100), value=name, default=name in settings.games)
            for name in names
        ]
        select: ui.Select[Any] = ui.Select(
            custom_id=f"games{start}",
            options=options,
            min_values=0,
            max_values=len(options),
            required=False,
        )
        told = "None here or below: all games may be played."
        fields.append(labelled(f"Games {start + 1} to {start + len(names)}", told, select))
    return form("How this server plays", _pressed("games", "given"), fields)


def panel_modal(what: str, settings: ServerSettings) -> ui.Modal:
    """Return the modal for what no select or button can set."""
    match what:
        case "seconds":
            now = str(settings.seconds or "")
            told = f"{SHORTEST} to {LONGEST}; empty: as each game says"
            field = line("value", "Seconds for an answer", told, value=now, most=6)
        case "language":
            told = "What members read here; characters and models speak it, too."
            field = labelled("Language", told, _languages(settings))
        case "who":
            roles: ui.RoleSelect[Any] = ui.RoleSelect(custom_id="value", required=True)
            field = labelled("Role", "Its members may open tables; admins always may.", roles)
        case _:
            channels: ui.ChannelSelect[Any] = ui.ChannelSelect(
                custom_id="value", channel_types=_CHANNELS, min_values=0, required=False
            )
            told = "Best one that only admins see; none: /admin audit only"
            field = labelled("Channel for notices", told, channels)
    return form("How this server plays", _pressed(what, "given"), [field])
