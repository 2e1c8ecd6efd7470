"""Who sits where in a chat: members and characters, by names that nobody else has.  Pure."""

from collections.abc import Mapping, Sequence

from bot.arena.lobbies import NAME_LIMIT, RESERVED, free_name, person_in
from bot.arena.table import Table
from bot.cast import Member
from bot.errors import ShownToUser
from characters.host import HOST
from characters.persona import label
from games.core import Seat, clean, listed, quoted


def seat_for_member(table: Table, user: int, name: str) -> Seat:
    """Return a member's seat: the one that it has, or had before it left, or a free one."""
    for seat, player in table.first_players.items():
        if player == f"person:{user}":
            return seat
    return _free(table, name)


def seat_for_character(table: Table, member: Member) -> Seat:
    """Return a character's seat: the one that it had before if it was here, or a free one."""
    for seat, player in table.players.items():
        if player.split(":")[:2] == ["character", member.character]:
            return seat
    return _free(table, member.card.called)


def character_called(table: Table, name: str) -> Seat:
    """Return the character in a chat that has this name.  Raises ShownToUser."""
    names: Mapping[Seat, Sequence[str]] = table.match.state.names
    for seat, known in names.items():
        if name.strip().casefold() in [one.casefold() for one in known]:
            return seat
    here = listed(names) or "none"
    raise ShownToUser(f"{quoted(name, 40)} is not in this chat; there are: {here}.")


def members_of(table: Table) -> dict[Seat, int]:
    """Return the people who take part, by their seats, as user ids."""
    here = table.match.state.members
    found = {seat: person_in(player) for seat, player in table.players.items()}
    return {seat: user for seat, user in found.items() if user and seat in here}


def _free(table: Table, wanted: str) -> Seat:
    name = label(clean(wanted))[:NAME_LIMIT].strip()
    return free_name(name, {one.casefold() for one in (*table.players, HOST, *RESERVED)})
