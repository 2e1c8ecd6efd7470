"""`characters`: who can be summoned here, and cards in and out."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeVar

from bot.cast import Cast, Member, facts, read_card_file
from bot.errors import OperatorError, ShownToUser
from bot.memories import Which
from bot.settings import Settings
from bot.terminal.folding import folded
from bot.terminal.room import hanging
from bot.wiring import Wiring
from characters.card import Card
from characters.card_files import LARGEST_FILE, Format
from characters.form_fields import PARTS
from games.core import listed, quoted

HERE: Final = 0
"""The guild of this machine's terminal, and the user who sits at it."""
FIELDS: Final = tuple(field.name for part in PARTS.values() for field in part)
"""What a card can be made to say."""
Found = TypeVar("Found")


def list_characters() -> None:
    """Print a line for each character, those that were imported first."""
    for member in with_cast(lambda cast: cast.members(HERE)).values():
        card = member.card
        whose = "imported" if member.own else "comes with Parlour"
        about = f", {card.profile.born} to {card.profile.died}" if card.profile.died else ""
        _say(f"{member.character:<20} {card.name}{about} ({whose})")


def show_character(name: str) -> None:
    """Print what a card says about a character.  Raises ShownToUser."""
    member = with_cast(lambda cast: cast.find(HERE, name))
    _say(f"{member.card.called} ({member.character})")
    _say_facts(member.card)


def check_card(path: Path) -> None:
    """Print what a card says, and whether it can be imported.  Raises ShownToUser."""
    _say_facts(read_card_file(_bytes_of(path)).card)
    _say("This card can be imported.")


def import_card(path: Path) -> None:
    """Take in a character.  Raises ShownToUser; then nothing was kept."""
    data = _bytes_of(path)
    member = with_cast(lambda cast: cast.add(HERE, data, HERE, f"file {path.name}"))
    for warning in member.card.warnings:
        _say(warning)
    _say(f"{member.card.called} is here. Next: python bot.py chat {member.character}")


def export_card(name: str, kind: str, out: Path | None) -> None:
    """Write a card to a file, which must not exist.  Raises ShownToUser, OperatorError."""
    if kind not in list(Format):
        raise ShownToUser(f"There is no format {quoted(kind)}; say {listed(Format, 'or')}.")
    wanted = Format(kind)

    async def export(cast: Cast) -> tuple[Member, bytes]:
        member = await cast.find(HERE, name)
        return member, await cast.export(HERE, member, wanted)

    member, data = with_cast(export)
    path = out or Path(f"{member.character}{wanted.ending}")
    try:
        with path.open("xb") as file:
            file.write(data)
    except FileExistsError:
        raise OperatorError(
            f"{path} exists already; give the file another name with --out."
        ) from None
    _say(f"{member.card.called} is in {path} ({len(data):,} bytes).")


def create_character(name: str, copied: str, settings: Sequence[str]) -> None:
    """Write a new card, or copy one and let it say something else.  Raises ShownToUser."""
    given = {"name": name, **_fields_in(settings)}

    async def create(cast: Cast) -> Member:
        if not copied:
            return await cast.create(HERE, given, HERE)
        member = await cast.copy(HERE, await cast.find(HERE, copied), HERE)
        try:
            return await cast.edit(HERE, member.character, given, HERE)
        except ShownToUser:
            await cast.remove(HERE, member.character, HERE)
            raise

    member = with_cast(create)
    _say(f"{member.card.called} is here. Next: python bot.py chat {member.character}")


def edit_character(name: str, settings: Sequence[str]) -> None:
    """Let an imported or written card say something else.  Raises ShownToUser."""
    given = _fields_in(settings)
    if not given:
        raise ShownToUser(f"Say what to change, as --set FIELD=TEXT; fields are {listed(FIELDS)}.")

    async def edit(cast: Cast) -> Member:
        member = await cast.find(HERE, name)
        if not member.own:
            raise ShownToUser(
                f"{member.card.called} comes with Parlour and stays as it is; write a copy with: "
                f"characters create NAME --copy {member.character}"
            )
        return await cast.edit(HERE, member.character, given, HERE)

    _say(f"{with_cast(edit).card.called} is changed.")


def remove_character(name: str) -> None:
    """Remove a character that was imported, with all it remembers.  Raises ShownToUser."""

    async def remove() -> Member:
        async with Wiring(Settings()).store() as store:
            member = await Cast(store.cards).remove(HERE, name, HERE)
            # Or whoever is called so next would know it.
            which = Which(guild=HERE, character=member.character)
            await store.memories.forget(which, datetime.now(UTC))
            return member

    member = asyncio.run(remove())
    _say(f"{member.card.called} ({member.character}) is removed, with all it remembers.")


def with_cast(work: Callable[[Cast], Awaitable[Found]]) -> Found:
    """Return what comes of working with those who can be summoned here."""

    async def run() -> Found:
        async with _cast() as cast:
            return await work(cast)

    return asyncio.run(run())


@asynccontextmanager
async def _cast() -> AsyncIterator[Cast]:
    async with Wiring(Settings()).store() as store:
        yield Cast(store.cards)


def _fields_in(settings: Sequence[str]) -> dict[str, str]:
    """Return what FIELD=TEXT says; FIELD=@FILE takes the text from a file.  Raises ShownToUser."""
    given = {}
    for setting in settings:
        name, equals, text = setting.partition("=")
        if name not in FIELDS or not equals:
            raise ShownToUser(
                f"{quoted(setting, 60)} is no FIELD=TEXT; fields are {listed(FIELDS)}."
            )
        given[name] = Path(text[1:]).read_text("utf-8") if text.startswith("@") else text
    return given


def _bytes_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LARGEST_FILE + 1)


def _say_facts(card: Card) -> None:
    for label, text in facts(card):
        _say(f"  {label:<10} {hanging(text)}")


def _say(text: str) -> None:
    sys.stdout.write(f"{folded(text, sys.stdout, 13)}\n")
