"""Who may do what where: roles, the owner, overwrites, and threads under their parent."""

from enum import IntFlag

from tests.discord_double.errors import MISSING_ACCESS, MISSING_PERMISSIONS, ApiError
from tests.discord_double.state import Channel, Guild, Thread


class Permission(IntFlag):
    """Discord's bits, as far as the double heeds them."""

    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    MANAGE_ROLES = 1 << 28
    MANAGE_WEBHOOKS = 1 << 29
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    CREATE_PRIVATE_THREADS = 1 << 36
    SEND_MESSAGES_IN_THREADS = 1 << 38
    PIN_MESSAGES = 1 << 51


P = Permission
EVERYTHING = (1 << 53) - 1
OF_EVERYBODY = (
    P.VIEW_CHANNEL
    | P.SEND_MESSAGES
    | P.ADD_REACTIONS
    | P.EMBED_LINKS
    | P.ATTACH_FILES
    | P.READ_MESSAGE_HISTORY
    | P.USE_APPLICATION_COMMANDS
    | P.CREATE_PUBLIC_THREADS
    | P.CREATE_PRIVATE_THREADS
    | P.SEND_MESSAGES_IN_THREADS
)
"""What the role @everyone of a new guild may."""


def in_guild(user_id: int, guild: Guild) -> int:
    """The bits of a member's roles, before any channel's overwrites."""
    member = guild.members.get(user_id)
    if member is None:
        return 0
    if guild.owner_id == user_id:
        return EVERYTHING
    bits = guild.roles[guild.id].permissions
    for role_id in member.roles:
        bits |= guild.roles[role_id].permissions
    return EVERYTHING if bits & P.ADMINISTRATOR else bits


def in_channel(user_id: int, channel: Channel) -> int:
    """The bits that hold in a channel; 0 for one who cannot see it."""
    if channel.guild is None:
        return EVERYTHING if user_id in channel.recipients else 0
    bits = in_guild(user_id, channel.guild)
    if bits != EVERYTHING:
        bits = _overwritten(bits, user_id, channel.guild, channel)
    if isinstance(channel, Thread) and channel.private and user_id not in channel.joined:
        bits = bits if bits & P.MANAGE_THREADS else 0
    return bits if bits & P.VIEW_CHANNEL else 0


def _overwritten(bits: int, user_id: int, guild: Guild, channel: Channel) -> int:
    """Overwrites apply in this order: @everyone, all roles at once, the member."""
    home = channel.parent if isinstance(channel, Thread) else channel
    member = guild.members.get(user_id)
    if member is None:
        return 0
    found = home.overwrites
    if (everybody := found.get(guild.id)) is not None:
        bits = bits & ~everybody.deny | everybody.allow
    of_roles = [found[role] for role in member.roles if role in found]
    for overwrite in of_roles:
        bits &= ~overwrite.deny
    for overwrite in of_roles:
        bits |= overwrite.allow
    if (own := found.get(user_id)) is not None:
        bits = bits & ~own.deny | own.allow
    return bits


def may(user_id: int, channel: Channel, *needed: Permission) -> bool:
    """Whether the user sees the channel and has all these bits there."""
    bits = in_channel(user_id, channel)
    return bool(bits) and all(bits & bit for bit in needed)


def require(user_id: int, channel: Channel, *needed: Permission) -> None:
    """Raises: ApiError 50001 to one who cannot see the channel, 50013 if a bit is missing."""
    if not in_channel(user_id, channel):
        raise ApiError(*MISSING_ACCESS)
    if not may(user_id, channel, *needed):
        raise ApiError(*MISSING_PERMISSIONS)


def to_send(channel: Channel) -> Permission:
    """The bit that sending here takes."""
    return P.SEND_MESSAGES_IN_THREADS if isinstance(channel, Thread) else P.SEND_MESSAGES
