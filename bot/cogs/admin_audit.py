"""/admin audit: who has changed what, newest first, page by page."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import discord
from discord import ui

from bot.administration import AuditLine
from bot.cogs.controls import Pressed, button, cut, view
from bot.cogs.interactions import Interaction
from bot.cogs.replies import tell
from bot.cogs.rights import need_admin
from bot.cogs.speech import plain

PAGE = 8
"""Lines on a page."""
LONGEST = 200
"""Characters of a line's details."""
LAST_PAGE = 1000


async def show(interaction: Interaction) -> None:
    """Show the newest page."""
    text, controls = await _page(interaction, 0)
    await tell(interaction, text, view=controls)


async def turned(interaction: Interaction, pressed: Pressed) -> None:
    """Show another page in the place of this one."""
    number = int(pressed.match_id) if pressed.match_id.isdecimal() else 0
    text, controls = await _page(interaction, min(number, LAST_PAGE))
    await interaction.response.edit_message(content=text, view=controls)


def audit_text(lines: Sequence[AuditLine]) -> str:
    """Return lines as an admin reads them."""
    return "\n".join(map(_line, lines)) or "Nothing was changed here yet."


def changes(before: str, after: str) -> str:
    """Return what differs between two states, in words."""
    old, new = _fields(before), _fields(after)
    if old is None or new is None:
        return " → ".join(cut(text, LONGEST // 2) for text in (before, after) if text)
    told = [
        f"{name}: {_short(old[name])} → {_short(new.get(name))}"
        if name in old
        else f"{name}: {_short(new[name])}"
        for name in {**old, **new}
        if old.get(name) != new.get(name)
    ]
    return ", ".join(told)


async def _page(interaction: Interaction, number: int) -> tuple[str, ui.View]:
    need_admin(interaction)
    wanted = (number + 1) * PAGE + 1
    found = await interaction.client.services.administration.audit(
        interaction.guild_id or 0, wanted
    )
    controls: list[ui.Item[Any]] = []
    if number:
        controls.append(button("Newer", Pressed("audit", str(number - 1))))
    if len(found) == wanted:
        controls.append(button("Older", Pressed("audit", str(number + 1))))
    return audit_text(found[number * PAGE : wanted - 1]), view(controls)


def _line(line: AuditLine) -> str:
    who = f"<@{line.who}>" if line.who else "Parlour"
    when = discord.utils.format_dt(line.at, "f")
    changed = changes(line.before, line.after)
    told = plain(cut(changed, LONGEST)) if changed else ""
    removed = " (removed)" if line.before and not line.after else ""
    return f"{when} {who}: **{plain(cut(line.what, 60))}**{removed} {told}"[:240]


def _fields(text: str) -> Mapping[str, Any] | None:
    """Return a state's fields; None for a text that has none."""
    if not text:
        return {}
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return _flat(found) if isinstance(found, dict) else None


def _flat(fields: Mapping[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in fields.items():
        if isinstance(value, dict):
            flat |= {f"{name} {inner}": one for inner, one in _flat(value).items()}
        else:
            flat[name] = value
    return flat


def _short(value: object) -> str:
    return cut("none" if value in (None, "", []) else str(value), 60)
