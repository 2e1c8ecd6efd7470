"""A model on loopback for tests that run whole commands."""

import asyncio
import threading

from tests.faulty_model import FaultyModel


class Parrot:
    """A model on loopback that runs while the commands of a test do."""

    def __init__(self):
        self.model = FaultyModel()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run)
        self._ready = threading.Event()
        self._end = asyncio.Event()

    def __enter__(self):
        self._thread.start()
        assert self._ready.wait(10)
        return self.model

    def __exit__(self, *_):
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join()
        self._loop.close()

    def _run(self):
        async def serve():
            async with self.model.running():
                self._ready.set()
                await self._end.wait()

        self._loop.run_until_complete(serve())
