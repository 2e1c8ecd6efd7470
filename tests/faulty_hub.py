"""A hub of model files on loopback, which fails as it is told."""

import hashlib
import re
from contextlib import asynccontextmanager

from aiohttp import web

DATA = b"GGUF" + bytes(range(256)) * 12_000
SHA256 = hashlib.sha256(DATA).hexdigest()


class FaultyHub:
    """A hub on loopback that sends on to a store of its own, and fails as it is told."""

    def __init__(self):
        self.data = DATA
        self.etag = SHA256
        self.stops_after = None
        self.ranges = True
        self.says_size = True
        self.announced = None
        self.status = 200
        self.location = "/store/file"
        self.seen = []

    async def resolve(self, request):
        self.seen.append(request)
        headers = {"Location": self.location}
        if self.etag:
            size = self.announced or len(self.data)
            headers |= {"X-Linked-Etag": f'"{self.etag}"', "X-Linked-Size": str(size)}
        status = 302 if self.status == 200 else self.status
        return web.Response(status=status, headers=headers)

    async def moved(self, request):
        self.seen.append(request)
        file = request.match_info["file"]
        return web.Response(status=307, headers={"Location": f"/bo/tiny-GGUF/resolve/main/{file}"})

    async def store(self, request):
        self.seen.append(request)
        begin = 0
        if self.ranges and (wanted := request.headers.get("Range")):
            begin = int(re.fullmatch(r"bytes=(\d+)-", wanted)[1])
        data, size = self.data[begin:], len(self.data)
        response = web.StreamResponse(status=206 if begin else 200)
        if begin:
            response.headers["Content-Range"] = f"bytes {begin}-{size - 1}/{size}"
        if self.says_size:
            response.content_length = len(data)
        await response.prepare(request)
        await response.write(data[: self.stops_after])
        if self.stops_after is not None and self.stops_after < len(data):
            request.transport.close()
        return response

    @asynccontextmanager
    async def running(self):
        """Answer at `url` for as long as the block lasts."""
        app = web.Application()
        app.router.add_get("/bo/tiny-GGUF/resolve/main/{file:.*}", self.resolve)
        app.router.add_get("/bo/old-name/resolve/main/{file:.*}", self.moved)
        app.router.add_get("/store/file", self.store)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            yield self
        finally:
            await runner.cleanup()
