"""A person at a terminal: a real command behind a pseudo-terminal, answered prompt by prompt."""

import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
BEHIND = (
    "import fcntl, os, signal, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); "
    "signal.signal(signal.SIGINT, signal.SIG_DFL); "  # where the tests run in the background
    "os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
)
CONTROL_C = "\x03"


class Terminal:
    """One command; `seen` is all that has stood on its screen."""

    def __init__(self, *arguments, folder, **environment):
        mine, theirs = os.openpty()
        self.child = subprocess.Popen(
            [sys.executable, "-c", BEHIND, str(ROOT / "bot.py"), *arguments],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            cwd=folder,
            env={**os.environ, "COLUMNS": "400", **environment},
        )
        os.close(theirs)
        self._screen = mine
        self.seen = ""
        self._passed = 0

    def wait_for(self, text, seconds=60):
        """Return once some text stands on the screen, after what was waited for before."""
        end = time.monotonic() + seconds
        while (at := self.seen.find(text, self._passed)) < 0:
            assert time.monotonic() < end, f"waiting for {text!r}: {self.seen}"
            if not self._read(0.1) and self.child.poll() is not None:
                raise AssertionError(f"over before {text!r}: {self.seen}")
        self._passed = at + len(text)

    def answer(self, prompt, text):
        """Wait for a prompt, then type a line; control-C is typed as it is."""
        self.wait_for(prompt)
        time.sleep(0.05)  # the echo is switched off after the prompt is shown
        os.write(self._screen, text.encode() if text == CONTROL_C else f"{text}\n".encode())

    def end(self, seconds=60):
        """Return the exit code."""
        limit = time.monotonic() + seconds
        while self.child.poll() is None and time.monotonic() < limit:
            self._read(0.1)
        while self._read(0.05):
            pass
        return self.child.wait(timeout=1)

    def close(self):
        """Leave nothing running."""
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGKILL)
            self.child.wait()
        os.close(self._screen)

    def _read(self, seconds):
        if not select.select([self._screen], [], [], seconds)[0]:
            return False
        try:
            read = os.read(self._screen, 65536)
        except OSError:  # the other side is closed
            return False
        self.seen += read.decode("utf-8", "replace")
        return bool(read)
