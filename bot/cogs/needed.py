"""What the bot asks of a server: the permissions it needs, each with what fails without it."""

from dataclasses import dataclass
from typing import Final

ADMINISTRATOR: Final = 1 << 3
"""Whoever has it may do everything everywhere."""
MESSAGE_CONTENT: Final = (1 << 18) | (1 << 19)
"""Flags of an application that may read messages; the second is for one not yet reviewed."""
MEMBERS: Final = (1 << 14) | (1 << 15)
"""Flags of an application that hears who leaves a server."""
SCOPES: Final = ("bot", "applications.commands")


@dataclass(frozen=True)
class Permission:
    """One permission, as Discord's settings call it."""

    name: str
    bit: int
    without: str
    """What happens where the bot lacks it."""


VIEW_CHANNEL: Final = Permission("View Channels", 1 << 10, "it does not see the channel")

# Not asked for, on purpose: Manage Threads (whoever starts a thread may rename and archive it),
# Manage Messages, Mention Everyone, external emojis, and Administrator.
NEEDED: Final = (
    VIEW_CHANNEL,
    # Lobbies, live tables and results are messages of the channel.
    Permission("Send Messages", 1 << 11, "it cannot post a lobby"),
    # Each match gets a thread of its own, started from the message of its lobby.
    Permission("Create Public Threads", 1 << 35, "a match gets no thread"),
    # In a thread, Send Messages does not count.
    Permission("Send Messages in Threads", 1 << 38, "it cannot speak in a match"),
    # Discord drops the cards of results without a word.
    Permission("Embed Links", 1 << 14, "results have no card"),
    # Boards are pictures, replays are files.
    Permission("Attach Files", 1 << 15, "boards are text, and replays cannot be handed out"),
    # After a restart the bot reads what was said, and what it had sent itself.
    Permission("Read Message History", 1 << 16, "it misses what is said while it is down"),
    # One webhook a channel, through which characters and models speak.
    Permission("Manage Webhooks", 1 << 29, "models speak under the bot's own name and picture"),
)

TO_PLAY: Final = NEEDED[:4]
"""Without one of these there is no match at all; they stand first."""


def all_bits() -> int:
    """Return every needed permission as one number, as an invite link holds it."""
    return sum(permission.bit for permission in NEEDED)


def lacking(rights: int) -> list[Permission]:
    """Return the needed permissions that are not among some rights."""
    if rights & ADMINISTRATOR:
        return []
    return [permission for permission in NEEDED if not rights & permission.bit]
