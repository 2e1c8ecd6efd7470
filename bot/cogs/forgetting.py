"""Forgetting, and saying what went."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.memories import Forgotten, Which
from games.core import listed

if TYPE_CHECKING:
    from bot.cogs.client import ParlourClient


async def forget(client: "ParlourClient", which: Which) -> Forgotten:
    """Forget memories and the prompts that may hold them; return what went."""
    gone = await client.services.memories.forget(which, datetime.now(UTC))
    forget_prompts(client)
    return gone


def forget_prompts(client: "ParlourClient") -> None:
    """Forget from what the last answers were made, as far as this process still knows."""
    for player in list(client.services.characters.values()):
        player.prompt = None


def told(gone: Forgotten) -> str:
    """Return what went, in words."""
    if not gone:
        return "There was nothing to forget."
    counts = (
        ("1 memory", "{} memories", gone.memories),
        ("1 entry of the search index", "{} entries of the search index", gone.words),
        ("1 vector", "{} vectors", gone.vectors),
        ("1 summary of a chat", "{} summaries of chats", gone.summaries),
    )
    parts = [
        one if count == 1 else more.format(f"{count:,}") for one, more, count in counts if count
    ]
    return f"Forgotten for good: {listed(parts)}. What was written in chats stays there."
