"""The gateway: sessions that outlive their sockets, heartbeats, and what each session hears."""

import asyncio
import json
import secrets
import time
import zlib
from collections import deque
from typing import Any

from aiohttp import WSMsgType, web

from tests.discord_double.events import heard
from tests.discord_double.payloads import member_json, user_json
from tests.discord_double.state import Application, Channel, Guild
from tests.discord_double.world import CONTENT_FLAG, MEMBERS_FLAG, PRESENCES_FLAG, World

DISPATCH, HEARTBEAT, IDENTIFY, PRESENCE, VOICE, RESUME, RECONNECT, MEMBERS, INVALID, HELLO, ACK = (
    *range(5),
    *range(6, 12),
)
UNKNOWN_OPCODE, UNDECODABLE, NOT_AUTHENTICATED, BAD_TOKEN, TWICE = range(4001, 4006)
TOO_FAST, TIMED_OUT, WRONG_VERSION, DISALLOWED_INTENTS = 4008, 4009, 4012, 4014
GUILDS, GUILD_MEMBERS, PRESENCES, CONTENT = 1 << 0, 1 << 1, 1 << 8, 1 << 15
PRIVILEGED = {GUILD_MEMBERS: MEMBERS_FLAG, PRESENCES: PRESENCES_FLAG, CONTENT: CONTENT_FLAG}
KEPT_EVENTS = 1000
SENDS_A_MINUTE, PAYLOAD_BYTES = 120, 4096


class Session:
    """What one identified client is told, kept so that a resumed socket hears what it missed."""

    def __init__(self, world: World, app: Application, intents: int) -> None:
        self.world, self.app, self.intents = world, app, intents
        self.id = secrets.token_hex(16)
        self.connection: Connection | None = None
        self._last = 0
        self._sent: deque[dict[str, Any]] = deque(maxlen=KEPT_EVENTS)

    def offer(
        self,
        kind: str,
        payload: dict[str, Any],
        *,
        guild: Guild | None,
        channel: Channel | None,
        app: Application | None,
    ) -> None:
        """Dispatch an event if this session may hear it, without what it may not read."""
        if app is not None and app is not self.app:
            return
        told = heard(self.app, self.intents, kind, payload, guild=guild, channel=channel)
        if told is not None:
            self.dispatch(kind, told)

    def dispatch(self, kind: str, payload: dict[str, Any]) -> None:
        self._last += 1
        event = {"op": DISPATCH, "t": kind, "s": self._last, "d": payload}
        self._sent.append(event)
        if self.connection is not None:
            self.connection.send(event)

    def resumable_from(self, sequence: int) -> bool:
        first = self._sent[0]["s"] if self._sent else 1
        return first - 1 <= sequence <= self._last

    def resume(self, connection: "Connection", sequence: int) -> None:
        """Replay what the client missed, then go on."""
        for event in self._sent:
            if event["s"] > sequence:
                connection.send(event)
        self.connection = connection
        self.dispatch("RESUMED", {})


class Connection:
    """One socket, from HELLO to its end."""

    def __init__(self, world: World, request: web.Request, interval: float) -> None:
        self.world, self.request, self.interval = world, request, interval
        self.socket = web.WebSocketResponse(max_msg_size=4 * PAYLOAD_BYTES, compress=False)
        self.session: Session | None = None
        self.frozen = False
        """Whether nothing more is sent, as on a line that died without a word."""
        self._closed_here = False
        self._queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._deflate = (
            zlib.compressobj() if request.query.get("compress") == "zlib-stream" else None
        )
        self._beat = time.monotonic()
        self._received: deque[float] = deque()

    def send(self, payload: dict[str, Any]) -> None:
        self._queue.put_nowait(payload)

    async def close(self, code: int) -> None:
        """Close from this side; the session can be resumed."""
        self._closed_here = True
        await self.socket.close(code=code)

    async def serve(self) -> web.WebSocketResponse:
        await self.socket.prepare(self.request)
        if self.request.query.get("v") != "10":
            await self.close(WRONG_VERSION)
            return self.socket
        hello = {"heartbeat_interval": int(self.interval * 1000)}
        self.send({"op": HELLO, "d": hello, "s": None, "t": None})
        tasks = [asyncio.create_task(self._write()), asyncio.create_task(self._watch())]
        try:
            await self._read()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._leave()
        return self.socket

    async def _write(self) -> None:
        while True:
            payload = await self._queue.get()
            if self.frozen or self.socket.closed:
                continue
            text = json.dumps(payload)
            try:
                if self._deflate is None:
                    await self.socket.send_str(text)
                else:
                    data = self._deflate.compress(text.encode())
                    await self.socket.send_bytes(data + self._deflate.flush(zlib.Z_SYNC_FLUSH))
            except ConnectionError:
                return

    async def _watch(self) -> None:
        """Close the socket of a client that forgot to beat."""
        while True:
            await asyncio.sleep(self.interval / 2)
            if time.monotonic() - self._beat > 1.5 * self.interval and not self.frozen:
                await self.close(TIMED_OUT)

    async def _read(self) -> None:
        async for frame in self.socket:
            if frame.type is not WSMsgType.TEXT:
                continue
            if (code := self._received_frame(frame.data)) is not None:
                await self._drained()
                await self.close(code)
                return

    async def _drained(self) -> None:
        while not self._queue.empty():
            await asyncio.sleep(0)

    def _received_frame(self, text: str) -> int | None:
        """Do what the client asks.

        Returns: the code to close with, if it must not go on.
        """
        now = time.monotonic()
        while self._received and now - self._received[0] > 60:
            self._received.popleft()
        self._received.append(now)
        if len(self._received) > SENDS_A_MINUTE:
            return TOO_FAST
        if len(text.encode()) > PAYLOAD_BYTES:
            return UNDECODABLE
        payload = json.loads(text)
        return self._asked(payload["op"], payload.get("d"))

    def _asked(self, op: int, data: Any) -> int | None:
        if op == HEARTBEAT:
            self._beat = time.monotonic()
            self.send({"op": ACK, "d": None, "s": None, "t": None})
        elif op == IDENTIFY:
            return self._identify(data)
        elif op == RESUME:
            self._resume(data)
        elif self.session is None:
            return NOT_AUTHENTICATED
        elif op == MEMBERS:
            self._members(self.session, data)
        elif op == PRESENCE:
            self.world.record.publish(self.session.app.id, data.get("activities"))
        elif op != VOICE:
            return UNKNOWN_OPCODE
        return None

    def _identify(self, data: dict[str, Any]) -> int | None:
        if self.session is not None:
            return TWICE
        apps = self.world.applications.values()
        app = next((app for app in apps if app.token == data["token"]), None)
        if app is None:
            return BAD_TOKEN
        asked = data["intents"]
        if any(asked & bit and not app.flags & flag for bit, flag in PRIVILEGED.items()):
            return DISALLOWED_INTENTS
        app.identified.append(time.monotonic())
        self._begin(app, asked)
        return None

    def _begin(self, app: Application, intents: int) -> None:
        """Start a session; those of the same bot that nobody listens to are over."""
        self.world.sessions[:] = [
            s for s in self.world.sessions if s.app is not app or s.connection is not None
        ]
        session = self.session = Session(self.world, app, intents)
        session.connection = self
        self.world.sessions.append(session)
        guilds = [g for g in self.world.guilds.values() if app.id in g.members]
        listed = [{"id": str(guild.id), "unavailable": True} for guild in guilds]
        session.dispatch("READY", self._ready(session, listed))
        for guild in guilds:
            if intents & GUILDS and guild.available:
                shown = self.world.guild_payload(guild, app, everybody=bool(intents & PRESENCES))
                session.dispatch("GUILD_CREATE", shown)

    def _ready(self, session: Session, guilds: list[dict[str, Any]]) -> dict[str, Any]:
        app = session.app
        return {
            "v": 10,
            "user": {**user_json(app.user), "verified": True, "mfa_enabled": False, "flags": 0},
            "guilds": guilds,
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": self.world.base.replace("http", "ws", 1) + "/gateway",
            "application": {"id": str(app.id), "flags": app.flags},
            "private_channels": [],
        }

    def _resume(self, data: dict[str, Any]) -> None:
        found = (s for s in self.world.sessions if s.id == data["session_id"])
        session = next(found, None)
        good = session is not None and session.app.token == data["token"]
        if session is None or not good or not session.resumable_from(data["seq"]):
            self.send({"op": INVALID, "d": False, "s": None, "t": None})
            return
        self.session = session
        session.resume(self, data["seq"])

    def _members(self, session: Session, data: dict[str, Any]) -> None:
        guild = self.world.guilds[int(data["guild_id"])]
        members = list(guild.members.values())
        if data.get("user_ids"):
            asked = data["user_ids"]
            ids = {int(user) for user in (asked if isinstance(asked, list) else [asked])}
            members = [member for member in members if member.user.id in ids]
        elif data.get("query"):
            members = [m for m in members if m.user.name.startswith(data["query"])]
        chunk = {
            "guild_id": str(guild.id),
            "members": [member_json(member) for member in members[: data.get("limit") or None]],
            "chunk_index": 0,
            "chunk_count": 1,
            "not_found": [],
            "nonce": data.get("nonce"),
        }
        session.dispatch("GUILD_MEMBERS_CHUNK", chunk)

    def _leave(self) -> None:
        """The session stays for a RESUME, unless the client itself ended it."""
        session = self.session
        if session is None or session.connection is not self:
            return
        session.connection = None
        ended = self.socket.close_code in (1000, 1001) and not self._closed_here
        if ended and session in self.world.sessions:
            self.world.sessions.remove(session)

    def drop(self) -> None:
        """Cut the line."""
        if self.session is not None and self.session.connection is self:
            self.session.connection = None
        if self.request.transport is not None:
            self.request.transport.abort()
