"""The buttons under what a character has said; all they mean stands in their custom ids."""

from typing import Any, Final

from discord import ui

from bot.arena.table import Table
from bot.cogs.controls import Pressed, button, view
from characters.chat_events import Deleted, Edited, Retold, Said, Shown
from characters.lines import Line

VERB: Final = "c"


def line_controls(table: Table, line: Line, *, hears: bool) -> ui.View:
    """Return the controls under a line; other versions can be turned to where there are some.

    Where the bot hears only those who mention it, there is a button to speak.
    """
    match_id, number = table.setup.match_id, str(line.number)

    def press(label: str, verb: str, *rest: str, row: int = 0, disabled: bool = False) -> Any:
        pressed = Pressed(VERB, match_id, (verb, number, *rest))
        return button(label, pressed, row=row, disabled=disabled)

    items = [
        press("🔁 Again", "again"),
        press("➕ Go on", "on"),
        press("⋯ More", "more"),
    ]
    if not hears:
        items.append(press("💬 Speak", "speak"))
    at, count = versions(table, line.number)
    if count > 1:
        items += [
            press("◀ Before", "show", str(at - 1), row=1, disabled=at == 1),
            press(f"Version {at}/{count}", "at", row=1, disabled=True),
            press("After ▶", "show", str(at + 1), row=1, disabled=at == count),
        ]
    return view(items)


def versions(table: Table, number: int) -> tuple[int, int]:
    """Return which version of a line is shown, from 1, and how many there are."""
    at = count = 0
    for event in table.match.log:
        match event:
            case Said(line=line) | Edited(line=line) if line == number:
                at = count = 1
            case Retold(line=line) if line == number:
                at = count = count + 1
            case Shown(line=line, version=version) if line == number:
                at = version
            case Deleted(line=line) if line == number:
                at = count = 0
    return at, count
