"""REST v10: who asks, what for, and how it is answered, limited, recorded and made to fail."""

import asyncio
import json
import re
import time
import traceback
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from aiohttp import BodyPartReader, web

from tests.discord_double.errors import (
    UNAUTHORIZED,
    UNKNOWN_CHANNEL,
    UNKNOWN_GUILD,
    UNKNOWN_MESSAGE,
    ApiError,
)
from tests.discord_double.events import readable
from tests.discord_double.faults import Fault
from tests.discord_double.happenings import Happenings
from tests.discord_double.message_rules import Upload
from tests.discord_double.payloads import message_json
from tests.discord_double.permissions import Permission, require
from tests.discord_double.record import Request
from tests.discord_double.state import Application, Channel, Guild, Message
from tests.discord_double.world import CONTENT_FLAG

Json = dict[str, Any]
PREFIX = "/api/v10"
MAJOR = ("channel", "guild", "webhook", "token")
"""The parts of a path that have rate limits of their own."""


class Call:
    """One request, with what its path and body name."""

    def __init__(
        self, world: Happenings, request: web.Request, body: Any, files: list[Upload]
    ) -> None:
        self.world = world
        self.path = request.match_info
        self.query = request.query
        self.body = body
        self.files = files
        self._authorization = request.headers.get("Authorization", "")

    @cached_property
    def app(self) -> Application:
        """The bot that asks. Raises: ApiError 401."""
        for app in self.world.applications.values():
            if self._authorization == f"Bot {app.token}":
                return app
        raise ApiError(*UNAUTHORIZED)

    @cached_property
    def channel(self) -> Channel:
        self.app  # noqa: B018 - strangers learn nothing of channels
        return self.find_channel(self.path["channel"])

    def find_channel(self, channel_id: str) -> Channel:
        channel = self.world.channels.get(int(channel_id))
        if channel is None or (channel.guild is not None and not channel.guild.available):
            raise ApiError(*UNKNOWN_CHANNEL)
        return channel

    @cached_property
    def message(self) -> Message:
        """The message, for one who sees the channel."""
        self.need()
        message = self.channel.messages.get(int(self.path["message"]))
        if message is None or message.ephemeral:
            raise ApiError(*UNKNOWN_MESSAGE)
        return message

    @cached_property
    def guild(self) -> Guild:
        guild = self.world.guilds.get(int(self.path["guild"]))
        if guild is None or self.app.id not in guild.members:
            raise ApiError(*UNKNOWN_GUILD)
        return guild

    def need(self, *permissions: Permission) -> None:
        """Refuse a bot that lacks one of these in the channel."""
        require(self.app.id, self.channel, *permissions)

    def shown(self, message: Message) -> Json:
        """The message as this bot may read it."""
        reads_all = bool(self.app.flags & CONTENT_FLAG)
        direct = message.channel.guild is None
        return readable(self.app, message_json(message), reads_all=reads_all, direct=direct)

    def flag(self, name: str) -> bool:
        return self.query.get(name) in ("1", "true")


Handler = Callable[[Call], Any]
"""It gives the JSON to answer with, None for 204, or a status and JSON."""


class Routes:
    """A list of handlers, each by method and path."""

    def __init__(self) -> None:
        self.listed: list[tuple[str, str, Handler]] = []

    def on(self, method: str, path: str) -> Callable[[Handler], Handler]:
        def listing(handler: Handler) -> Handler:
            self.listed.append((method, path, handler))
            return handler

        return listing


def serve(world: Happenings, web_app: web.Application, *routes: Routes) -> None:
    """Hang the handlers into the server, and note every request to a route that is none."""
    for part in routes:
        for method, path, handler in part.listed:
            web_app.router.add_route(method, PREFIX + path, _endpoint(world, method, path, handler))
    web_app.router.add_route("*", "/api/{rest:.*}", _unknown(world))


def _unknown(world: Happenings) -> Callable[[web.Request], Any]:
    async def answer(request: web.Request) -> web.Response:
        world.record.broken.append(f"no route {request.method} {request.path}")
        return _response(404, {"message": "404: Not Found", "code": 0}, {})

    return answer


def _endpoint(
    world: Happenings, method: str, route: str, handler: Handler
) -> Callable[[web.Request], Any]:
    async def answer(request: web.Request) -> web.Response:
        body, files = await _read(request)
        call = Call(world, request, body, files)
        fault = next((f for f in world.faults if f.strikes(method, route)), None)
        if fault is not None:
            fault.times -= 1
            await asyncio.sleep(fault.delay)
        status, code, data = 0, 0, None
        headers: dict[str, str] = {}
        if fault is None or fault.done or fault.status is None:
            status, code, data, headers = _carry_out(call, method, route, handler)
        if fault is not None:
            status, data = _faulty(fault, request, status, data)
        caller = _caller(call)
        world.record.requests.append(
            Request(method, route, request.path, status, code, time.monotonic(), caller)
        )
        return _response(status or 500, data, headers)

    return answer


def _faulty(fault: Fault, request: web.Request, status: int, data: Any) -> tuple[int, Any]:
    """Spoil the answer, or the connection that it would go over."""
    if fault.then is not None:
        fault.then()
    if fault.status is None:
        return status, data
    if fault.status == 0 and request.transport is not None:
        request.transport.abort()
    return fault.status, {"message": "a fault", "code": 0}


def _carry_out(
    call: Call, method: str, route: str, handler: Handler
) -> tuple[int, int, Any, dict[str, str]]:
    """Do what is asked.

    Returns: status, Discord's code, JSON or None, headers.
    """
    headers: dict[str, str] = {}
    try:
        headers = _limited(call, method, route)
        answer = handler(call)
    except ApiError as refusal:
        return refusal.status, refusal.code, refusal.body, {**headers, **refusal.headers}
    except Exception:
        # The double's own mistake: the bot sees a 500, the test an error at its end.
        call.world.record.broken.append(f"{method} {route}: {traceback.format_exc()}")
        return 500, 0, {"message": "500: Internal Server Error", "code": 0}, headers
    if isinstance(answer, tuple):
        return answer[0], 0, answer[1], headers
    return (204 if answer is None else 200), 0, answer, headers


def _limited(call: Call, method: str, route: str) -> dict[str, str]:
    """Count the request; answers to interactions are bound to no limit over all routes."""
    if route.startswith("/interactions/"):
        return {}
    if call.path.get("token") not in call.world.interactions:
        call.world.limits.take_second(str(_caller(call) or "address"))
    resource = "/".join(call.path[name] for name in MAJOR if name in call.path)
    return call.world.limits.take(method, route, resource)


def _caller(call: Call) -> int | None:
    try:
        return call.app.id
    except ApiError:
        return None


def _response(status: int, data: Any, headers: Mapping[str, str]) -> web.Response:
    """An answer whose content type is exactly what discord.py takes for JSON."""
    if data is None:
        return web.Response(status=status, headers=headers)
    text = json.dumps(data).encode()
    return web.Response(
        status=status, body=text, headers={**headers, "Content-Type": "application/json"}
    )


async def _read(request: web.Request) -> tuple[Any, list[Upload]]:
    """The body's JSON, and the files that came beside it with their alt texts."""
    if not request.content_type.startswith("multipart/"):
        text = await request.read()
        return (json.loads(text) if text else {}), []
    body: Json = {}
    parts: dict[str, tuple[str, bytes, str]] = {}
    reader = await request.multipart()
    while isinstance(part := await reader.next(), BodyPartReader):
        data = bytes(await part.read(decode=True))
        if part.name == "payload_json":
            body = json.loads(data)
            continue
        kind = part.headers.get("Content-Type", "application/octet-stream")
        number = re.sub(r"\D", "", part.name or "") or "0"
        parts[number] = (part.filename or "file", data, kind)
    listed = (body.get("data") or body.get("message") or body).get("attachments") or []
    about = {str(entry.get("id")): entry.get("description") for entry in listed}
    return body, [Upload(*parts[n], about.get(n)) for n in sorted(parts, key=int)]
