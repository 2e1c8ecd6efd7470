"""A person at the keyboard who is the mayor of a town: what to do each hour, part by part."""

import json
from collections.abc import Sequence
from typing import Final

from bot.cli.town_files import say
from bot.terminal.lines import Lines
from bot.terminal.person import Quit, numbered
from games.core import Answer, Ask, Text, UnclearMove, View
from towns.affairs import brief
from towns.office import DETAILS, affairs_in
from towns.wishes import NOTHING

_HELP: Final = "Enter does nothing this hour; /town shows the whole town; /quit stops here."


class MayorPerson:
    """Asks the person at the keyboard."""

    def __init__(self, keyboard: Lines) -> None:
        self._keyboard = keyboard

    async def answer(self, view: View, ask: Ask, refusals: Sequence[Text | str]) -> str:
        """Return what the person decides, as a form.  Raises Quit."""
        say("")
        for line in [str(refusals[-1])] if refusals else [*brief(affairs_in(ask)), _HELP]:
            say(line)
        did = str(await self._read(ask, "do") or NOTHING)
        given = {name: await self._read(ask, name) for name in DETAILS[did] if name in ask.fields}
        return json.dumps({"do": did, **given})

    async def _read(self, ask: Ask, name: str) -> Answer:
        """Return one part of a decision; None where it is left open.  Raises Quit."""
        part = ask.fields[name]
        say(f"{part.prompt} {_options(part)}".rstrip())
        while line := await self._line(name, part):
            if line == "/town":
                say(str(affairs_in(ask)))
                continue
            try:
                return part.parse(numbered(part, line))
            except UnclearMove as why:
                say(str(why))
        return None

    async def _line(self, name: str, part: Ask) -> str:
        try:
            line = (await self._keyboard.read(f"{name}> ", part.choices)).strip()
        except (EOFError, KeyboardInterrupt):
            line = "/quit"
        if line == "/quit":
            raise Quit
        return line


def _options(part: Ask) -> str:
    if part.choices:
        return "  ".join(f"{number}) {one}" for number, one in enumerate(part.choices, start=1))
    return f"{part.low} to {part.high}." if part.low is not None else ""
