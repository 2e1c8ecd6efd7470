"""The Discord bot as a process that is killed: a nursery imports it once and forks each life.

`python -m tests.chaos.discord_child` reads one JSON object a line: the life's environment, the
point at which it dies and how often that is passed before. It answers with the life's pid, then
with how it ended.
"""

import functools
import json
import os
import sys

import discord

from bot import discord_wiring
from bot.cli.run import run_bot
from bot.cogs.lobby_host import LobbyHost
from bot.store.sql_lobbies import SqlLobbies
from bot.store.sql_store import SqlStore
from bot.store.sql_towns import SqlTowns
from tests.chaos.child import Fuse

WRAPPED = (
    (SqlStore, "append"),
    (SqlStore, "open_match"),
    (SqlStore, "delivered"),
    (SqlLobbies, "save_lobby"),
    (LobbyHost, "read_to"),
    (discord.abc.Messageable, "send"),
    (discord.Webhook, "send"),
    (discord.Webhook, "fetch_message"),
    (discord.TextChannel, "create_webhook"),
    (discord.PartialMessage, "create_thread"),
    (discord.PartialMessage, "edit"),
    (discord.InteractionResponse, "defer"),
)
POINTS = tuple(f"{when} {name}" for _, name in WRAPPED for when in ("before", "after"))
OF_TOWNS = ((SqlTowns, "save"), (SqlStore, "done"))
TOWN_POINTS = tuple(
    f"{when} {name}"
    for name in ("append", "delivered", "send", "edit", "save", "done")
    for when in ("before", "after")
)
RARE = ("open_match", "create_webhook", "create_thread", "fetch_message")
"""What happens so seldom that a life dies at the first of it."""


def arm(fuse):
    """Let the fuse see every call that must not be torn apart from what follows it."""
    for owner, name in (*WRAPPED, *OF_TOWNS):
        setattr(owner, name, _around(getattr(owner, name), name, fuse))


def _around(call, name, fuse):
    @functools.wraps(call)
    async def wrapped(*args, **more):
        fuse.pass_by(f"before {name}")
        result = await call(*args, **more)
        fuse.pass_by(f"after {name}")
        return result

    return wrapped


def live(life):
    """Be the bot until killed or told to stop; never returns."""
    code = 1
    try:
        log = os.open(life["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(log, 1)
        os.dup2(log, 2)
        os.chdir(life["folder"])
        os.environ.update(life["env"])
        discord_wiring.QUIET_SECONDS = 0.05
        arm(Fuse(life["point"], life["count"]))
        run_bot()
        code = 0
    finally:
        os._exit(code)


def main():
    import openai  # noqa: F401 - what a life would import later

    import bot.models.chat  # noqa: F401

    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            live(json.loads(line))
        print(pid, flush=True)
        _, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
