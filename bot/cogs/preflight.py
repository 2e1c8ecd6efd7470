"""Asks Discord, before the bot connects, whose token this is and what it may do."""

import asyncio
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, Final, Self, TypeVar
from urllib.parse import urlencode

import aiohttp
from pydantic import BaseModel, TypeAdapter, ValidationError

from bot.cogs.needed import MEMBERS, MESSAGE_CONTENT, SCOPES, all_bits
from bot.errors import OperatorError
from bot.settings import Settings

API: Final = "https://discord.com/api/v10"
PORTAL: Final = "https://discord.com/developers/applications"
SECONDS: Final = aiohttp.ClientTimeout(total=10)
PAUSES: Final = (0.5, 2.0)
"""Seconds before a request that failed on Discord's side is tried again."""
LONGEST_WAIT: Final = 10.0
"""Seconds; where Discord asks for more, the operator is told."""

T = TypeVar("T")


@dataclass(frozen=True)
class Application:
    """What a token belongs to."""

    application_id: int
    name: str
    public: bool
    """Whether everybody may invite it, or only its owner."""
    message_content: bool
    """Whether it may read messages that are not addressed to it."""
    members: bool
    """Whether it may hear who leaves a server."""
    clock_ahead: float | None
    """How far the clock here is ahead of Discord's, in seconds; None if Discord gave no time."""

    @property
    def portal(self) -> str:
        """Where the owner sets it up."""
        return f"{PORTAL}/{self.application_id}"


class Shut(OperatorError):
    """Discord does not show this to the bot."""


class _Answer(BaseModel):
    id: int
    name: str
    bot_public: bool = True
    flags: int = 0


async def look(settings: Settings) -> Application:
    """Return what the token in the settings belongs to.  Raises OperatorError."""
    async with Rest(settings) as rest:
        answer = await rest.get("/oauth2/applications/@me", _Answer)
        return Application(
            application_id=answer.id,
            name=answer.name,
            public=answer.bot_public,
            message_content=bool(answer.flags & MESSAGE_CONTENT),
            members=bool(answer.flags & MEMBERS),
            clock_ahead=rest.clock_ahead,
        )


def invite_link(application_id: int, permissions: int | None = None) -> str:
    """Return the address at which an admin of a server lets the bot in."""
    wanted = {
        "client_id": application_id,
        "scope": " ".join(SCOPES),
        "permissions": all_bits() if permissions is None else permissions,
    }
    return f"https://discord.com/oauth2/authorize?{urlencode(wanted)}"


class Rest:
    """A few questions to Discord's REST interface, each answered or refused in one sentence."""

    def __init__(self, settings: Settings) -> None:
        """Take the token.  Raises OperatorError where there is none."""
        self.base = settings.discord.api_base.rstrip("/") or API
        self.clock_ahead: float | None = None
        self._headers = {
            "Authorization": f"Bot {settings.token()}",
            "User-Agent": "DiscordBot (https://parlour.invalid, 0.1.0)",
        }

    async def __aenter__(self) -> Self:
        """Open the connection."""
        self._session = aiohttp.ClientSession(headers=self._headers, timeout=SECONDS)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connection."""
        await self._session.close()

    async def get(self, path: str, shape: type[T]) -> T:
        """Return what Discord answers, in the given shape.  Raises OperatorError."""
        for pause in (*PAUSES, None):
            try:
                status, body, wait = await self._once(path)
            except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as why:
                raise OperatorError(self._unreachable(why)) from None
            if status < 400:
                return self._shaped(body, shape)
            delay = wait if status == 429 else pause if status >= 500 else None
            if pause is None or delay is None or delay > LONGEST_WAIT:
                kind = Shut if status in (403, 404) else OperatorError
                raise kind(self._refused(status, wait))
            await asyncio.sleep(delay)
        raise AssertionError("the last round returns or raises")

    async def _once(self, path: str) -> tuple[int, Any, float | None]:
        """Return the status, the body, and for how many seconds Discord wants to be left alone."""
        async with self._session.get(self.base + path, allow_redirects=False) as response:
            self._compare_clocks(response.headers.get("Date", ""))
            body = _json(await response.read())
            wait = body.get("retry_after") if isinstance(body, dict) else None
            known = isinstance(wait, int | float) and wait >= 0
            return response.status, body, wait if known else None

    def _compare_clocks(self, date: str) -> None:
        try:
            self.clock_ahead = (datetime.now(UTC) - parsedate_to_datetime(date)).total_seconds()
        except (ValueError, TypeError):
            return

    def _shaped(self, body: Any, shape: type[T]) -> T:
        try:
            return TypeAdapter(shape).validate_python(body)
        except ValidationError:
            raise OperatorError(
                f"{self.base} does not answer as Discord does; check PARLOUR_DISCORD__API_BASE."
            ) from None

    def _unreachable(self, why: Exception) -> str:
        if isinstance(why, TimeoutError):
            reason = "it did not answer in time"
        elif isinstance(why, aiohttp.ClientConnectorCertificateError | aiohttp.ClientSSLError):
            reason = "its certificate was not accepted; check the clock and any proxy"
        elif isinstance(why, aiohttp.InvalidURL):
            return f"{self.base} is no address; correct PARLOUR_DISCORD__API_BASE."
        else:
            reason = "check the network, the firewall and the name server"
        return f"{self.base} cannot be reached: {reason}."

    def _refused(self, status: int, wait: float | None) -> str:
        match status:
            case 401:
                return (
                    "Discord does not know this token: make a new one in the Developer Portal "
                    "(Bot, Reset Token) and put it into DISCORD_TOKEN."
                )
            case 403:
                return "Discord refuses to answer this bot (403); is it still in the server?"
            case 429:
                left = f"{wait:.0f} seconds" if wait is not None else "an hour"
                return f"Discord has had too many requests from here; try again in {left}."
            case _ if status >= 500:
                return (
                    f"Discord has trouble of its own (status {status}); see discordstatus.com "
                    "and try again later."
                )
        return (
            f"{self.base} answers with status {status}, which Discord does not; "
            "check PARLOUR_DISCORD__API_BASE."
        )


def _json(raw: bytes) -> Any:
    """Return what some JSON says; None for what is none."""
    try:
        return json.loads(raw)
    except ValueError:
        return None
