"""What `doctor` and `setup` find out about Discord, a line for each thing."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from bot.cli.env_file import open_to_others
from bot.cogs.channel_rights import Findings, examined, servers
from bot.cogs.preflight import Application, Rest, invite_link, look
from bot.settings import Settings
from games.core import listed
from games.core.text import clean

CLOCK_SECONDS: Final = 5.0
"""From here on, time limits shown in Discord are visibly wrong."""
ENV_FILE: Final = Path(".env")


class Caution(str):
    """A line about something that works, but not as well as it could."""

    __slots__ = ()


def has_token(settings: Settings) -> bool:
    """Return whether a token is set, be it right or wrong."""
    return bool(settings.discord_token.get_secret_value() or settings.discord_token_file)


async def discord_lines(settings: Settings) -> AsyncIterator[str]:
    """Yield what is well and what is not.  Raises OperatorError."""
    if not has_token(settings):
        yield "Discord is not set up: there is no token (python bot.py setup)"
        return
    application = await look(settings)
    yield f"Discord knows the token: {title(application)}"
    yield intent_line(application)
    yield _clock(application.clock_ahead)
    for path in (ENV_FILE, settings.discord_token_file):
        if path and open_to_others(path):
            yield Caution(f"{path} holds secrets and others may read it: chmod 600 {path}")
    async for line in _channels(settings, invite_link(application.application_id)):
        yield line


def title(application: Application) -> str:
    """Return which application it is."""
    public = "anybody may invite it" if application.public else "only its owner may invite it"
    return f"{clean(application.name, 80)}, application {application.application_id}, {public}"


def intent_line(application: Application) -> str:
    """Return whether the bot may read what is not addressed to it, and what that means."""
    if application.message_content:
        return "Message content intent is on: members can write freely in the threads of matches"
    return Caution(
        "Message content intent is off: commands, buttons, forms, mentions and replies work; for "
        f"free chat in threads switch it on at {application.portal}/bot"
    )


def _clock(ahead: float | None) -> str:
    if ahead is None:
        return Caution("Discord did not say what time it is, so the clock was not compared")
    if abs(ahead) > CLOCK_SECONDS:
        way = "ahead of" if ahead > 0 else "behind"
        return Caution(f"The clock here is {abs(ahead):.0f} s {way} Discord's; set it with NTP")
    return "The clock agrees with Discord's"


async def _channels(settings: Settings, invite: str) -> AsyncIterator[str]:
    found = 0
    async with Rest(settings) as rest:
        async for server in examined(rest):
            found += 1
            for line in _server(server):
                yield line
    if not found:
        yield Caution(f"The bot is in no server yet; invite it with {invite}")


def _server(server: Findings) -> list[str]:
    name = clean(server.server, 80)
    if server.shut:
        return [Caution(f"Server “{name}” does not let the bot look at its channels")]
    hidden = f", {server.hidden} hidden from it" if server.hidden else ""
    lines = [f"Server “{name}”: nothing is missing in {server.well} text channels{hidden}"]
    for channel, missing in server.lacking:
        needed = listed([permission.name for permission in missing])
        effects = "; ".join(permission.without for permission in missing)
        lines.append(Caution(f"Server “{name}”, #{clean(channel, 80)} lacks {needed}: {effects}"))
    return lines


async def server_names(settings: Settings) -> list[str]:
    """Return the names of the servers the bot is in.  Raises OperatorError."""
    async with Rest(settings) as rest:
        return [clean(server.name, 80) for server in await servers(rest)]


def with_token(settings: Settings, token: str) -> Settings:
    """Return the settings with another token, which is not kept anywhere yet."""
    return settings.model_copy(update={"discord_token": SecretStr(token)})
