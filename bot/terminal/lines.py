"""Reading lines from a person without stopping the event loop."""

import asyncio
import os
import sys
import threading
from collections.abc import Sequence
from typing import Protocol, TextIO


class Lines(Protocol):
    """Where a person's lines come from."""

    async def read(self, prompt: str, options: Sequence[str] = ()) -> str:
        """Return the next line; `options` may be offered while typing.  Raises EOFError."""


def lines(screen: TextIO) -> Lines:
    """Return the keyboard, or standard input that is no terminal; prompts go to `screen`."""
    return Keyboard(screen) if sys.stdin.isatty() and screen.isatty() else Pipe(screen)


class Keyboard:
    """A terminal: line editing, history and completion, while messages arrive above the prompt."""

    def __init__(self, screen: TextIO) -> None:
        # Imported here because most commands never ask for a line, and it is slow to load.
        from prompt_toolkit import PromptSession
        from prompt_toolkit.output import create_output

        self._output = create_output(screen)
        self._sessions: dict[str, PromptSession[str]] = {}
        """By prompt: people who share a keyboard must not find each other's answers with ↑."""

    async def read(self, prompt: str, options: Sequence[str] = ()) -> str:
        """Return the next line.  Raises EOFError at Ctrl-D, KeyboardInterrupt at Ctrl-C."""
        from prompt_toolkit import PromptSession
        from prompt_toolkit.completion import WordCompleter
        from prompt_toolkit.patch_stdout import patch_stdout

        if prompt not in self._sessions:
            self._sessions[prompt] = PromptSession(output=self._output)
        completer = WordCompleter(list(options), ignore_case=True, sentence=True)
        with patch_stdout(raw=True):
            return await self._sessions[prompt].prompt_async(prompt, completer=completer)


class Pipe:
    """Standard input that is no terminal, read by a thread: not every file can be polled."""

    def __init__(self, screen: TextIO) -> None:
        self._screen = screen
        self._queue: asyncio.Queue[str | None] = asyncio.Queue()
        self._started = False

    async def read(self, prompt: str, options: Sequence[str] = ()) -> str:
        """Return the next line.  Raises EOFError at the end."""
        if not self._started:
            self._started = True
            arguments = (asyncio.get_running_loop(),)
            threading.Thread(target=self._pump, args=arguments, daemon=True).start()
        self._screen.write(prompt)
        self._screen.flush()
        line = await self._queue.get()
        if line is None:
            self._queue.put_nowait(None)
            raise EOFError
        self._screen.write(f"{line}\n")
        return line

    def _pump(self, loop: asyncio.AbstractEventLoop) -> None:
        # os.read, not sys.stdin: a thread that holds the lock of sys.stdin would break the exit.
        rest = b""
        while chunk := os.read(sys.stdin.fileno(), 65536):
            *whole, rest = (rest + chunk).split(b"\n")
            for line in whole:
                loop.call_soon_threadsafe(self._queue.put_nowait, line.decode("utf-8", "replace"))
        if rest:
            loop.call_soon_threadsafe(self._queue.put_nowait, rest.decode("utf-8", "replace"))
        loop.call_soon_threadsafe(self._queue.put_nowait, None)
