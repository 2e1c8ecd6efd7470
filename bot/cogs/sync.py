"""Registers the commands with Discord, only when they differ from what was registered last."""

import hashlib
import json
from typing import Any

import discord
import structlog
from discord import app_commands

from bot.ports import Store

log = structlog.get_logger(__name__)
KEY = "commands"


async def sync(tree: app_commands.CommandTree[Any], store: Store, application: int) -> bool:
    """Register the commands if their payload has changed; return whether it had."""
    payload = [command.to_dict(tree) for command in tree.get_commands()]
    payload += [
        command.to_dict(tree)
        for kind in (discord.AppCommandType.user, discord.AppCommandType.message)
        for command in tree.get_commands(type=kind)
    ]
    text = json.dumps(payload, sort_keys=True, default=str)
    now = hashlib.sha256(text.encode()).hexdigest()
    scope = f"application:{application}"
    if await store.get_setting(scope, KEY) == now:
        return False
    await tree.sync()
    await store.set_setting(scope, KEY, now)
    log.info("commands registered", count=len(payload))
    return True
