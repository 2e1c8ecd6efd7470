"""A Discord on loopback, for the real discord.py over real sockets.

    async with DiscordDouble() as discord:
        alice = discord.user("alice")
        guild = discord.guild("Testland", alice)
        channel = discord.channel(guild, "games")
        app = discord.application("parlour", message_content=False)
        discord.install(app, guild, Permission.VIEW_CHANNEL | Permission.SEND_MESSAGES)
        ...  # start the bot with app.token, discord.api_base and discord.gateway
        await discord.until(lambda: app.commands)
        created = await alice.slash(channel, "arena create", game="tic_tac_toe")
        assert created.acked_after < 3 and not created.failed
        lobby = await created.reply()
        pressed = await alice.click(lobby, "Join")       # by label or custom id
        picked = await alice.select(lobby, "seat", ["X"])
        form = await alice.submit_modal(pressed, {"Name": "Al"})  # if pressed.modal
        assert (await form.reply()).ephemeral
        shown = await alice.autocomplete(channel, "move", "to", "e")
        assert [choice["name"] for choice in shown.choices] == ["e4"]
        assert "secret" not in "\n".join(discord.public_texts(app))

What a person's client would not offer raises NotOffered; `forge` sends it all the same. The
double enforces Discord's rules with its codes, and keeps everything in `discord.record`: `deeds`
(messages created, edited, deleted), `requests`, `public`. Time: `discord.clock.advance(900)`.
Storms: `gateway_drop`, `reconnect`, `invalidate`, `close_all`, `freeze`. Failing requests: `fault`.
Tests whose limits are not the matter call `discord.unlimited()`.

What nobody could check against Discord: numbers of rate limits, the nonce window, texts of errors.
"""

from types import TracebackType
from typing import Self

from aiohttp import web

from tests.discord_double import (
    rest_emojis,
    rest_guilds,
    rest_login,
    rest_messages,
    rest_webhooks,
)
from tests.discord_double.gateway import INVALID, RECONNECT, Connection
from tests.discord_double.happenings import Happenings
from tests.discord_double.rest import PREFIX, serve

MAX_BODY = 64 * 2**20


class DiscordDouble(Happenings):
    """The world, served on a loopback port: a free one, unless it is named."""

    def __init__(self, port: int = 0, *, heartbeat_seconds: float = 41.25) -> None:
        super().__init__()
        self.port = port
        self.heartbeat_seconds = heartbeat_seconds
        self.connections: list[Connection] = []
        self.web_app = web.Application(client_max_size=MAX_BODY)
        parts = (rest_login, rest_emojis, rest_guilds, rest_messages, rest_webhooks)
        serve(self, self.web_app, *(part.routes for part in parts))
        self.web_app.router.add_get("/gateway", self._connect)
        self.web_app.router.add_get("/gateway/", self._connect)
        self.web_app.router.add_get("/cdn/attachments/{channel}/{file}/{name}", self._download)
        self._runner = web.AppRunner(self.web_app, access_log=None, shutdown_timeout=0.2)

    @property
    def api_base(self) -> str:
        return self.base + PREFIX

    @property
    def gateway(self) -> str:
        return self.base.replace("http", "ws", 1) + "/gateway"

    @property
    def cdn(self) -> str:
        return self.base + "/cdn"

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self.base = f"http://127.0.0.1:{self.port}"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop serving. Raises: AssertionError if a bot asked for what the double has not."""
        await self.close_all(1001)
        await self._runner.cleanup()
        if error is None:
            assert not self.record.broken, "\n".join(self.record.broken)

    async def _connect(self, request: web.Request) -> web.WebSocketResponse:
        connection = Connection(self, request, self.heartbeat_seconds)
        self.connections.append(connection)
        try:
            return await connection.serve()
        finally:
            self.connections.remove(connection)

    async def _download(self, request: web.Request) -> web.Response:
        data = self.files.get(int(request.match_info["file"]))
        return web.Response(status=404) if data is None else web.Response(body=data)

    def gateway_drop(self) -> None:
        """Cut every gateway connection without a word; sessions can be resumed."""
        for connection in list(self.connections):
            connection.drop()

    def reconnect(self) -> None:
        """Ask every client to connect anew and resume (op 7)."""
        self._to_all(RECONNECT, None)

    def invalidate(self, *, resumable: bool = False) -> None:
        """Declare every session invalid (op 9); one that is not resumable is forgotten."""
        if not resumable:
            for session in self.sessions:
                session.connection = None
            self.sessions.clear()
        self._to_all(INVALID, resumable)

    def freeze(self) -> None:
        """Say nothing more on the open connections, heartbeats included; new ones are well."""
        for connection in self.connections:
            connection.frozen = True

    async def close_all(self, code: int) -> None:
        """Close every gateway connection with a code."""
        for connection in list(self.connections):
            await connection.close(code)

    def _to_all(self, op: int, data: object) -> None:
        for connection in self.connections:
            connection.send({"op": op, "d": data, "s": None, "t": None})
