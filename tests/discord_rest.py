"""A REST interface like Discord's that answers what a test tells it, right or wrong."""

import json
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

TOKEN = "MTE0.canary.0123456789abcdef"
APPLICATION = 114
EVERYONE = 1


class Rest:
    """What is answered to each path, and what was asked."""

    def __init__(self):
        self.application = {
            "id": str(APPLICATION),
            "name": "Table",
            "bot_public": False,
            "flags": 0,
        }
        self.faults = []
        """Answers (status, body) that go before all others, the first one first."""
        self.paths = {"/users/@me": {"id": "42"}, "/users/@me/guilds": []}
        self.clock = timedelta()
        """How far this server's clock is ahead."""
        self.asked = []

    def add_server(self, server, name, *, permissions, channels, held=(), roles=()):
        """Put the bot into a server; `permissions` are everyone's, channels are (name, changes)."""
        self.paths["/users/@me/guilds"].append({"id": str(server), "name": name})
        self.paths[f"/guilds/{server}/members/42"] = {"roles": [str(role) for role in held]}
        self.paths[f"/guilds/{server}/roles"] = [
            {"id": str(role), "permissions": str(bits)}
            for role, bits in [(server, permissions), *roles]
        ]
        self.paths[f"/guilds/{server}/channels"] = [
            {
                "id": str(server * 100 + number),
                "type": kind,
                "name": channel,
                "permission_overwrites": [
                    {"id": str(who), "type": 0, "allow": str(allow), "deny": str(deny)}
                    for who, allow, deny in changes
                ],
            }
            for number, (channel, kind, changes) in enumerate(channels)
        ]

    def answer(self, path, token):
        self.asked.append(path)
        if self.faults:
            return self.faults.pop(0)
        if token != f"Bot {TOKEN}":
            return 401, {"message": "401: Unauthorized", "code": 0}
        if path == "/oauth2/applications/@me":
            return 200, self.application
        path, _, query = path.partition("?")
        if path not in self.paths:
            return 404, {"message": "404: Not Found", "code": 0}
        after = int(query.rpartition("after=")[2]) if "after=" in query else 0
        body = self.paths[path]
        return 200, [one for one in body if int(one["id"]) > after][:200] if query else body

    @contextmanager
    def running(self):
        """Serve on loopback; `url` is where."""
        rest = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                status, body = rest.answer(self.path, self.headers.get("Authorization"))
                raw = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "text/html" if raw is body else "application/json")
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def date_time_string(self, timestamp=None):
                return format_datetime(datetime.now(UTC) + rest.clock, usegmt=True)

            def log_message(self, *_):
                pass

        with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
            self.url = f"http://127.0.0.1:{server.server_port}"
            thread = Thread(target=server.serve_forever, args=(0.02,))
            thread.start()
            try:
                yield self
            finally:
                server.shutdown()
                thread.join()
