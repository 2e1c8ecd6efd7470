"""A worker process seen from the bot: started, watched, started again, and asked again."""

import asyncio
import itertools
import time
from collections.abc import AsyncGenerator, Awaitable, Mapping
from contextlib import AsyncExitStack, aclosing, suppress
from dataclasses import asdict
from typing import Any, Final, TypeVar

import structlog

from bot.errors import OperatorError
from bot.models.llama.asking import DEADLINE, NotAccepted, Part, Question, Unanswered, check
from bot.models.llama.pulse import EXIT_ENDLESS
from bot.models.llama.settings import EngineSettings, Facts
from bot.models.llama.spawn import ending, kill, plain, start
from bot.models.llama.stamps import Stamps, still_there
from bot.models.llama.wire import Frame, WireBroken, packed, received

TRIES: Final = 4
"""How often one request is asked before it is given up: it may be what ends the worker."""
TOGETHER: Final = 2
"""How often of these beside others; then one at a time, so that only the culprit is given up."""
LOADS: Final = 3
"""Deaths in a row while loading, after which the file is taken to be what is wrong."""
FIRST_WAIT: Final = 0.1
LONGEST_WAIT: Final = 10.0
"""Seconds before the worker is started again; twice as long after each life without an answer."""
REFUSED_FOR: Final = 5.0
"""Seconds for which a file that could not be loaded is not tried again."""
LOOK: Final = 0.25
"""Seconds between two looks at whether the worker has said anything."""
LOOKS: Final = 6
"""Looks in a row without a word, after which it counts as hanging."""
LOADING_LOOKS: Final = 240
"""While a library or a file is loaded, a beat may come late."""
MORE_PATIENCE: Final = 4.0
"""How much longer the next worker may compute where one did so without an end: it may be slow."""
MOST_AT_ONCE: Final = 256
"""Requests that a worker has at the same time; the others wait here."""
LONGEST_TEXT: Final = 32_768
"""Characters of a text that is embedded."""
GRACE: Final = 1.0
"""Seconds for a worker to tell that a deadline has passed."""
CHANGED: Final = "has changed since it was opened; ask again"

log = structlog.get_logger(__name__)
Result = TypeVar("Result")


class EngineProcess:
    """One model in a process of its own, in one event loop."""

    def __init__(self, settings: EngineSettings, stamps: Stamps | None = None) -> None:
        """Take what to open, and the files as they were when they were found right."""
        self.settings = settings
        self.stamps: Stamps = stamps or {}
        self.restarts = 0
        self.pid: int | None = None
        """Of the worker, while there is one."""
        self._state: asyncio.Future[Facts] | None = None
        self._refused_at = 0.0
        self._patience = 1.0
        self._closed: str | None = None
        """Why there will be no worker any more."""
        self._reopening = False
        self._running: asyncio.Task[None] | None = None
        self._worker: asyncio.subprocess.Process | None = None
        self._pipe: asyncio.StreamWriter | None = None
        self._waiting: dict[str, asyncio.Queue[Frame | None]] = {}
        self._numbers = itertools.count(1)
        self._suspects = asyncio.Lock()
        """Held for a question in which the worker has ended before."""
        self._room = asyncio.Semaphore(MOST_AT_ONCE)
        self._heard = 0
        self._loaded = False
        """Whether the worker has loaded the model in this life, or the last one."""
        self._fruitful = False
        """Whether it has finished an answer."""

    async def opened(self) -> Facts:
        """Wait until the model is loaded.  Raises OperatorError with the file and the reason."""
        if self._closed is not None:
            raise self._was_closed()
        again = time.monotonic() > self._refused_at + REFUSED_FOR
        if self._running is None or (self._running.done() and again):
            self._state = asyncio.get_running_loop().create_future()
            self._running = asyncio.create_task(self._run(), name="local model")
        assert self._state is not None
        return await asyncio.shield(self._state)

    async def stream(self, question: Question, seconds: float) -> AsyncGenerator[Part, None]:
        """Give an answer's parts.  Raises Unanswered, OperatorError; use it with `aclosing`."""
        wish = {
            "do": "ask",
            "segments": question.segments,
            "sampling": asdict(question.sampling),
            "group": question.group,
            "adapter": question.adapter,
            "options": list(question.options),
        }
        ends = time.monotonic() + seconds
        await _within(ends, self._room.acquire())
        try:
            async with aclosing(self._answers(wish, ends)) as frames:
                async for frame in frames:
                    yield Part(again=True) if frame is None else _part(frame)
        finally:
            self._room.release()

    async def embed(self, text: str, seconds: float) -> tuple[list[float], int]:
        """Return a text's embedding and its number of tokens.  Raises Unanswered."""
        if len(text) > LONGEST_TEXT:
            most = f"{LONGEST_TEXT:,} characters"
            raise NotAccepted(f"embeds texts of up to {most}; give it this one in pieces")
        last = _part(await self._told({"do": "embed", "text": text}, seconds))
        check(last)
        return list(last.embedding), last.prompt

    async def metrics(self, seconds: float = 10.0) -> Mapping[str, Any]:
        """Return the worker's figures.  Raises Unanswered, OperatorError."""
        told: Mapping[str, Any] = await self._told({"do": "look"}, seconds)
        return {**told["metrics"], "restarts": self.restarts}

    def reopen(self, settings: EngineSettings, stamps: Stamps) -> None:
        """Go on with other settings: a new worker is asked again for what is under way."""
        self.settings, self.stamps, self._refused_at = settings, stamps, 0.0
        if self._worker is None:
            return
        if self._loaded:  # who asks from now on waits for the next one
            self._loaded = False
            self._state = asyncio.get_running_loop().create_future()
        self._reopening = True
        kill(self._worker)

    async def close(self, why: str = "was closed") -> None:
        """End the worker, and every request with it; `why` completes "The model FILE ..."."""
        self._closed = why
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)

    async def _told(self, wish: Frame, seconds: float) -> Frame:
        async with aclosing(self._answers(wish, time.monotonic() + seconds)) as frames:
            async for frame in frames:
                if frame is not None:
                    return frame
        raise AssertionError("it ends with a frame or an error")

    async def _answers(self, wish: Frame, ends: float) -> AsyncGenerator[Frame | None, None]:
        """Give the frames that answer a wish; None where a new worker is asked from the start."""
        async with AsyncExitStack() as alone:
            for tried in range(TRIES):
                if tried == TOGETHER:
                    await _within(ends, self._suspects.acquire())
                    alone.callback(self._suspects.release)
                await _within(ends, self.opened())
                if tried:
                    yield None
                async with aclosing(self._asked(wish, ends)) as frames:
                    async for frame in frames:
                        yield frame
                        if _is_last(frame):
                            return
        raise Unanswered(f"has ended its process {TRIES} times over one question; ask another one")

    async def _asked(self, wish: Frame, ends: float) -> AsyncGenerator[Frame, None]:
        """Give the frames that one worker answers with, until it ends."""
        name = str(next(self._numbers))
        frames = self._waiting[name] = asyncio.Queue()
        try:
            wish = {**wish, "id": name, "deadline": max(0.01, ends - time.monotonic())}
            await _within(ends, self._send(wish))
            while (frame := await _within(ends + GRACE, frames.get())) is not None:
                if _is_last(frame):
                    self._waiting.pop(name, None)
                yield frame
        finally:
            if self._waiting.pop(name, None) is not None:
                self._write({"do": "cancel", "id": name})

    def _write(self, frame: Frame) -> None:
        if self._pipe is not None and not self._pipe.is_closing():
            self._pipe.write(packed(frame))

    async def _send(self, frame: Frame) -> None:
        self._write(frame)
        if self._pipe is None:
            self._waiting[frame["id"]].put_nowait(None)
            return
        with suppress(ConnectionError):  # that it is gone is told by the other pipe
            await self._pipe.drain()

    async def _run(self) -> None:
        fails = loads = 0
        try:
            while True:
                self._loaded = self._fruitful = self._reopening = False
                how = await self._life()
                if self._reopening:
                    fails = loads = 0
                    self._drop()
                    continue
                fails = 1 if self._fruitful else fails + 1
                loads = 0 if self._loaded else loads + 1
                file = self.settings.path.name
                if loads >= LOADS:
                    raise OperatorError(
                        f"The model {file} cannot be loaded: its process {how} each time."
                    )
                self.restarts += 1
                self._drop()
                log.warning("a local model is started again", file=file, because=f"it {how}")
                await asyncio.sleep(min(LONGEST_WAIT, FIRST_WAIT * 2 ** (fails - 1)))
        except OperatorError as why:
            self._end(why)
        except OSError as why:
            file = self.settings.path.name
            self._end(OperatorError(f"The model {file} cannot be started: {why.strerror}."))
        finally:
            self._end(self._was_closed())

    def _was_closed(self) -> OperatorError:
        return OperatorError(f"The model {self.settings.path.name} {self._closed or 'was closed'}.")

    def _end(self, why: OperatorError) -> None:
        """Tell everybody that there will be no worker."""
        assert self._state is not None
        if not self._state.done():
            self._refused_at = time.monotonic()
            self._state.set_exception(why)
            self._state.exception()  # nobody need be waiting for it
        self._drop()

    def _drop(self) -> None:
        for frames in self._waiting.values():
            frames.put_nowait(None)
        self._waiting.clear()

    async def _life(self) -> str:
        """Run one worker to its end; return how it ended.  Raises OperatorError if it refuses."""
        if not await asyncio.to_thread(still_there, self.stamps):
            raise OperatorError(f"The model {self.settings.path.name} {CHANGED}.")
        self._worker = process = await start()
        assert process.stdin is not None and process.stdout is not None
        self._pipe, self.pid = process.stdin, process.pid
        watching = asyncio.create_task(self._watch(process))
        try:
            opening = {"do": "open", "settings": plain(self.settings), "patience": self._patience}
            self._write(opening)
            while (frame := await received(process.stdout)) is not None:
                self._heard += 1
                self._take(frame)
        except (WireBroken, LookupError, TypeError, ValueError) as why:
            return f"sent nonsense ({type(why).__name__})"
        finally:
            self._pipe = self.pid = self._worker = None
            if self._loaded:  # who asks from now on waits for the next one
                self._state = asyncio.get_running_loop().create_future()
            hung = watching.done()
            watching.cancel()
            kill(process)
            process.stdin.close()
            await process.wait()
        if process.returncode == EXIT_ENDLESS:
            self._patience *= MORE_PATIENCE
        return "stood still" if hung else ending(process.returncode)

    async def _watch(self, process: asyncio.subprocess.Process) -> None:
        """Kill a worker that says nothing; looks are counted, as the bot itself may have slept."""
        silent = 0
        while silent < (LOOKS if self._loaded else LOADING_LOOKS):
            heard = self._heard
            await asyncio.sleep(LOOK)
            silent = silent + 1 if heard == self._heard else 0
        kill(process)

    def _take(self, frame: Frame) -> None:
        match frame.get("is"):
            case "pieces":
                for piece in frame["pieces"]:
                    self._fruitful |= piece["done"] is not None
                    self._pass_on(piece["job_id"], piece)
            case "told":
                self._pass_on(frame["id"], frame)
            case "opened" if self._state and not self._state.done():
                self._loaded = True
                self._state.set_result(Facts(**frame["facts"]))
            case "refused":
                raise OperatorError(frame["why"])

    def _pass_on(self, name: str, frame: Frame) -> None:
        if frames := self._waiting.get(name):
            frames.put_nowait(frame)


async def _within(ends: float, waited: Awaitable[Result]) -> Result:
    try:
        async with asyncio.timeout(ends - time.monotonic()):
            return await waited
    except TimeoutError:
        raise Unanswered(DEADLINE) from None


def _is_last(frame: Frame) -> bool:
    return frame.get("done") is not None or frame.get("is") == "told"


def _part(piece: Frame) -> Part:
    return Part(**{name: value for name, value in piece.items() if name != "job_id"})
