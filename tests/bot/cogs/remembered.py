"""What tests of memories share: the running bot, and memories that are there before they look."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, datetime

from bot.memories import Which
from characters.memory import Learnt, MemoryKind, Scope, Source


def running_client():
    """Return the client of the bot that runs in this event loop."""
    (connected,) = [task for task in asyncio.all_tasks() if task.get_name() == "discord"]
    return connected.get_coro().cr_frame.f_locals["self"]


async def plant(guild, user, *texts, character="socrates", source=None, kind=MemoryKind.EPISODE):
    """Let a character remember something of a member; return the memories, newest first."""
    memories = running_client().services.memories
    scope = Scope(guild.id, character, user.id)
    learnt = [Learnt(kind, text, source=source or Source("m", 1)) for text in texts]
    await memories.remember(scope, learnt, datetime.now(UTC))
    return await memories.view(which(user, guild, character))


def which(user, guild=None, character=None):
    return Which(user.id, guild.id if guild else None, character)


def texts_on_disk(scene) -> list[str]:
    """Return the texts of all memories in the database."""
    with closing(sqlite3.connect(f"file:{scene.settings.database_file}?mode=ro", uri=True)) as db:
        return [text for (text,) in db.execute("SELECT text FROM memories ORDER BY id")]
