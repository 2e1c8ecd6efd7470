"""Small modals for whatever is typed outside a match."""

from collections.abc import Mapping, Sequence
from typing import Any

import discord
from discord import ui

from bot.cogs.controls import PLACEHOLDER, TITLE, Pressed, cut, data_of, modal_values


def form(title: str, pressed: Pressed, fields: Sequence[ui.Label[Any]]) -> ui.Modal:
    """Return a modal that says what it does by its custom id alone."""
    made = ui.Modal(title=cut(title, TITLE), custom_id=pressed.custom_id)
    for field in fields:
        made.add_item(field)
    made.stop()
    return made


def labelled(label: str, description: str, component: ui.Item[Any]) -> ui.Label[Any]:
    """Return an input with what people read above it."""
    return ui.Label(
        text=cut(label, TITLE),
        description=cut(description, 100) if description else None,
        component=component,
    )


def line(
    custom_id: str,
    label: str,
    description: str = "",
    *,
    value: str = "",
    example: str = "",
    most: int = 200,
    required: bool = False,
    long: bool = False,
) -> ui.Label[Any]:
    """Return an input for a text of at most so many characters."""
    field: ui.TextInput[Any] = ui.TextInput(
        custom_id=custom_id,
        default=value or None,
        placeholder=cut(example, PLACEHOLDER) if example else None,
        max_length=most,
        required=required,
        style=discord.TextStyle.paragraph if long else discord.TextStyle.short,
    )
    return labelled(label, description, field)


def typed_in(interaction: discord.Interaction[Any]) -> Mapping[str, str]:
    """Return what was typed or picked in a modal, by custom id; of several picks the first."""
    values = modal_values(data_of(interaction).get("components"))
    return {
        name: (value if isinstance(value, str) else "".join(value[:1])).strip()
        for name, value in values.items()
    }
