"""A terminal as a person has one: the program runs behind a real pseudo-terminal."""

import os
import pty
import re
import select
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
CURSOR_ASKED = b"\x1b[6n"
CONTROLS = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]|\r")


class Terminal:
    """The program on one side of a pseudo-terminal, a person on the other."""

    def __init__(self, folder, *arguments):
        self._end, line = pty.openpty()
        termios.tcsetwinsize(line, (40, 80))
        self._program = subprocess.Popen(
            [sys.executable, str(ROOT / "bot.py"), *arguments],
            stdin=line,
            stdout=line,
            stderr=line,
            cwd=folder,
            env={**os.environ, "PARLOUR_DATA": str(folder / "data"), "TERM": "xterm"},
            start_new_session=True,
        )
        os.close(line)
        self.raw = b""
        self._read = 0

    def wait_for(self, words):
        """Return what was shown since the last call and up to these words, without controls."""
        end = time.monotonic() + 60
        while words not in (shown := self._plain()[self._read :]):
            assert time.monotonic() < end and self._take(), f"{words!r} is not in {shown!r}"
        shown = shown[: shown.index(words) + len(words)]
        self._read += len(shown)
        return shown

    def type(self, keys):
        os.write(self._end, keys.encode())

    def interrupt(self):
        """Do what Control-C does at a terminal of one's own, where it is no key but a signal."""
        self._program.send_signal(signal.SIGINT)

    def ended(self):
        """Return the exit code, and what was shown last."""
        while self._take():
            pass
        return self._program.wait(10), self._plain()[self._read :]

    def close(self):
        self._program.kill()
        self._program.wait()
        os.close(self._end)

    def _plain(self):
        return CONTROLS.sub("", self.raw.decode("utf-8", "replace"))

    def _take(self):
        if not select.select([self._end], [], [], 20)[0]:
            return False
        try:
            chunk = os.read(self._end, 65536)
        except OSError:  # the program has ended
            return False
        for _ in range(chunk.count(CURSOR_ASKED)):
            os.write(self._end, b"\x1b[1;1R")
        self.raw += chunk
        return bool(chunk)


@pytest.fixture
def terminal(tmp_path):
    """Return a function that runs `python bot.py` at a terminal."""
    opened = []

    def at_terminal(*arguments):
        opened.append(Terminal(tmp_path, *arguments))
        return opened[-1]

    yield at_terminal
    for one in opened:
        one.close()
