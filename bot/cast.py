"""Who can be summoned in a server: its own characters, and those that come with Parlour."""

import asyncio
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Final

from bot.card_shelf import CardShelf, ShelvedCard
from bot.errors import ShownToUser
from bot.pictures.emblem import emblem
from characters.card import Card
from characters.card_files import CardFile, Format, read_file, write_file
from characters.editing import edited, new_card
from characters.errors import BadCard
from characters.profile import Era
from characters.shipped import portrait, shipped
from games.core import clean, listed, quoted

LONGEST_ID: Final = 40
SHOWN: Final = 20
"""Names in a refusal."""
ADULT: Final = frozenset({"nsfw", "nsfl", "adult", "18+", "r18", "explicit", "erotic", "porn"})
"""Tags, any of which keeps a character among adults."""


@dataclass(frozen=True)
class Member:
    """A character of a cast."""

    character: str
    """Its id."""
    card: Card
    own: bool
    """Whether the server has brought it, and not Parlour."""


class Cast:
    """Finds characters by what people call them, and takes in and hands out cards."""

    def __init__(self, shelf: CardShelf) -> None:
        self._shelf = shelf
        self._editing = asyncio.Lock()

    async def members(self, guild: int) -> Mapping[str, Member]:
        """Return everybody by id, a server's own characters first."""
        own = await self._shelf.cards(guild)
        found = {character: Member(character, card, own=True) for character, card in own.items()}
        for character, card in shipped().items():
            found.setdefault(character, Member(character, card, own=False))
        return found

    async def find(self, guild: int, wanted: str) -> Member:
        """Return who is meant by an id, a name, a nickname or an alias.  Raises ShownToUser."""
        members = await self.members(guild)
        if member := _called(wanted, members):
            return member
        known = list(dict.fromkeys(member.card.called for member in members.values()))
        more = [f"{len(known) - SHOWN} more"] if len(known) > SHOWN else []
        raise ShownToUser(
            f"There is no character {quoted(wanted)} here; there are "
            f"{listed([*known[:SHOWN], *more])}."
        )

    async def add(self, guild: int, data: bytes, by: int, source: str) -> Member:
        """Put the card in a file on the server's shelf.  Raises ShownToUser; then nothing is."""
        return await self.keep(guild, await asyncio.to_thread(read_card_file, data), by, source)

    async def keep(self, guild: int, file: CardFile, by: int, source: str) -> Member:
        """Put a card that was read on the server's shelf.  Raises ShownToUser; then nothing is."""
        taken = {*await self._shelf.cards(guild), *shipped()}
        character = free_id(file.card.name, taken)
        card = ShelvedCard(guild, character, file, by, datetime.now(UTC), clean(source, 200))
        await self._shelf.add(card)
        return Member(character, file.card, own=True)

    async def create(self, guild: int, given: Mapping[str, str], by: int) -> Member:
        """Put a new card on the server's shelf, which says what was typed.  Raises ShownToUser."""
        try:
            card = new_card(given)
        except BadCard as why:
            raise ShownToUser(str(why)) from None
        return await self.keep(guild, CardFile(card), by, "written here")

    async def copy(self, guild: int, member: Member, by: int) -> Member:
        """Put a copy of a character on the server's shelf.  Raises ShownToUser."""
        file = await self._file(guild, member)
        return await self.keep(guild, file, by, f"copy of {member.character}")

    async def edit(self, guild: int, character: str, given: Mapping[str, str], by: int) -> Member:
        """Let a server's own character say something else in some fields.  Raises ShownToUser."""
        async with self._editing:  # or one of two at once would undo the other
            card = (await self._shelf.cards(guild)).get(character)
            if card is None:
                raise ShownToUser("This server has no such character of its own any more.")
            try:
                changed = await asyncio.to_thread(edited, card, given)
            except BadCard as why:
                raise ShownToUser(str(why)) from None
            await self._shelf.change(guild, character, changed, by)
        return Member(character, changed, own=True)

    async def added_by(self, guild: int, member: Member) -> int:
        """Return who has brought a character; 0 for nobody in particular."""
        shelved = await self._shelf.get(guild, member.character) if member.own else None
        return shelved.by if shelved else 0

    async def remove(self, guild: int, wanted: str, by: int) -> Member:
        """Delete a server's own character.  Raises ShownToUser."""
        members = await self.members(guild)
        own = {character: member for character, member in members.items() if member.own}
        member = _called(wanted, own)
        if member is None:
            shipped_one = await self.find(guild, wanted)
            raise ShownToUser(
                f"{shipped_one.card.called} comes with Parlour, so there is nothing to remove."
            )
        await self._shelf.remove(guild, member.character, by)
        return member

    async def picture(self, guild: int, member: Member) -> bytes:
        """Return a character's portrait as a PNG file, or an emblem where it has none."""
        return _picture(member, await self._file(guild, member))

    async def export(self, guild: int, member: Member, wanted: Format) -> bytes:
        """Return a character as a file.  Raises ShownToUser."""
        file = await self._file(guild, member)
        try:
            return await asyncio.to_thread(lambda: write_file(file, wanted, _picture(member, file)))
        except BadCard as why:
            raise ShownToUser(str(why)) from None

    async def _file(self, guild: int, member: Member) -> CardFile:
        if not member.own:
            return CardFile(member.card, portrait(member.character))
        if shelved := await self._shelf.get(guild, member.character):
            return shelved.file
        raise ShownToUser(f"{member.card.called} has just been removed.")


def read_card_file(data: bytes) -> CardFile:
    """Return the card in a file.  Raises ShownToUser."""
    try:
        return read_file(data)
    except BadCard as why:
        raise ShownToUser(str(why)) from None


def facts(card: Card) -> Sequence[tuple[str, str]]:
    """Return what somebody may want to know before choosing a character, each with its label."""
    profile, book = card.profile, card.book
    life = [f"{profile.born} to {profile.died}" if profile.died else profile.born]
    life += [_count(len(profile.life), "scene")] if profile.life else []
    made = [f"V{card.version}", card.creator and f"by {card.creator}", card.character_version]
    found = {
        "name": card.name,
        "also": ", ".join(profile.aliases),
        "about": card.creator_notes,
        "life": "; ".join(filter(None, life)),
        "time": _time(profile.era) if profile.era else "",
        "tags": ", ".join(card.tags),
        "lorebook": _count(len(book.entries), "entry", "entries") if book else "",
        "greetings": str(len(card.alternate_greetings) + bool(card.first_message)),
        "sources": "; ".join(profile.sources),
        "card": ", ".join(filter(None, made)),
        "beware": " ".join(card.warnings),
    }
    return [(label, text) for label, text in found.items() if text]


def for_adults(card: Card) -> bool:
    """Return whether a card says of itself that it is not for everybody."""
    extensions = card.data.get("extensions")
    marked = isinstance(extensions, Mapping) and extensions.get("nsfw") is True
    return marked or any(folded(tag) in ADULT for tag in card.tags)


def _called(wanted: str, members: Mapping[str, Member]) -> Member | None:
    """Return who has this id, or else the first who has this name; None for nobody."""
    meant = folded(wanted)
    named = (
        member for member in members.values() if meant and meant in map(folded, names_of(member))
    )
    return members.get(wanted) or next(named, None)


def names_of(member: Member) -> Collection[str]:
    """Return all that a character is called."""
    card = member.card
    return [member.character, card.name, card.nickname, *card.profile.aliases]


def folded(name: str) -> str:
    """Return a name for comparison: capitals, widths, accents and spaces do not count."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


def free_id(name: str, taken: Collection[str]) -> str:
    """Return an id that is free: the letters and digits of a name, and a number if need be."""
    return next(character for character in _ids(name) if character not in taken)


def _ids(name: str) -> Iterator[str]:
    kept = [char if char.isalnum() or _is_mark(char) else " " for char in clean(name).casefold()]
    stem = "-".join("".join(kept).split())[:LONGEST_ID].strip("-") or "character"
    yield stem
    for number in count(2):
        yield f"{stem}-{number}"


def _count(count: int, one: str, more: str = "") -> str:
    return f"{count} {one if count == 1 else more or f'{one}s'}"


def _time(era: Era) -> str:
    years = [f"{-year} BC" if year < 0 else str(year) for year in (era.first_year, era.last_year)]
    return f"{years[0]} to {years[1]}; it knows of nothing later"


def _is_mark(char: str) -> bool:
    return unicodedata.category(char).startswith("M")


def _picture(member: Member, file: CardFile) -> bytes:
    return file.picture or emblem(member.card.called)
