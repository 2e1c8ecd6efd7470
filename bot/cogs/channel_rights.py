"""What the bot may do in each channel, worked out as Discord does.

Source: Discord's documentation, "Permissions", section on overwrites.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Final

from pydantic import BaseModel

from bot.cogs.needed import ADMINISTRATOR, VIEW_CHANNEL, Permission, lacking
from bot.cogs.preflight import Rest, Shut

TEXT_CHANNELS: Final = {0, 5}
"""Types of channels in which a lobby can be posted: text and announcements."""
PAGE: Final = 200
"""Servers in one answer."""
EVERYTHING: Final = -1
"""All bits."""


class Overwrite(BaseModel):
    """What a channel changes for a role or a member."""

    id: int
    allow: int = 0
    deny: int = 0


class Channel(BaseModel):
    """A channel of a server."""

    id: int
    type: int
    name: str = ""
    permission_overwrites: Sequence[Overwrite] = ()


class Role(BaseModel):
    """A role of a server."""

    id: int
    permissions: int


class Server(BaseModel):
    """A server the bot is in; Discord calls it a guild."""

    id: int
    name: str


class _Member(BaseModel):
    roles: Sequence[int]


class _User(BaseModel):
    id: int


@dataclass(frozen=True)
class Findings:
    """What the bot may do in one server."""

    server: str
    shut: bool = False
    """Whether Discord does not let the bot look."""
    well: int = 0
    """Text channels in which nothing is missing."""
    hidden: int = 0
    """Text channels it does not see."""
    lacking: Sequence[tuple[str, Sequence[Permission]]] = ()
    """Names of the other text channels, with what is missing there."""


def rights(
    user: int, server: int, roles: Sequence[Role], held: Sequence[int], channel: Channel
) -> int:
    """Return the permission bits of a member in a channel; the server's id is also everyone's."""
    mine = {server, *held}
    bits = 0
    for role in roles:
        bits |= role.permissions if role.id in mine else 0
    if bits & ADMINISTRATOR:
        return EVERYTHING
    changes = channel.permission_overwrites
    everyone = [change for change in changes if change.id == server]
    by_role = [change for change in changes if change.id in mine and change.id != server]
    own = [change for change in changes if change.id == user]
    for group in (everyone, by_role, own):
        for change in group:
            bits &= ~change.deny
        for change in group:
            bits |= change.allow
    return bits


async def servers(rest: Rest) -> Sequence[Server]:
    """Return all servers the bot is in.  Raises OperatorError."""
    found: list[Server] = []
    while True:
        after = f"&after={found[-1].id}" if found else ""
        page = await rest.get(f"/users/@me/guilds?limit={PAGE}{after}", list[Server])
        found += page
        if len(page) < PAGE:
            return found


async def examined(rest: Rest) -> AsyncIterator[Findings]:
    """Yield, server by server, where something is missing.  Raises OperatorError."""
    user = (await rest.get("/users/@me", _User)).id
    for server in await servers(rest):
        try:
            yield await _findings(rest, server, user)
        except Shut:  # the bot has just been thrown out
            yield Findings(server.name, shut=True)


async def _findings(rest: Rest, server: Server, user: int) -> Findings:
    path = f"/guilds/{server.id}"
    member = await rest.get(f"{path}/members/{user}", _Member)
    roles = await rest.get(f"{path}/roles", list[Role])
    channels = await rest.get(f"{path}/channels", list[Channel])
    found = [
        (channel.name, rights(user, server.id, roles, member.roles, channel))
        for channel in channels
        if channel.type in TEXT_CHANNELS
    ]
    seen = [(name, lacking(bits)) for name, bits in found if bits & VIEW_CHANNEL.bit]
    return Findings(
        server=server.name,
        well=sum(not missing for _, missing in seen),
        hidden=len(found) - len(seen),
        lacking=[(name, missing) for name, missing in seen if missing],
    )
