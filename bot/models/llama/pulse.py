"""A worker's heartbeat, which stops when the engine in it does.

Whether native code still turns shows in any of three ways: a step came to its end, the process
has used the processor, or it has read pages of the model's file. A long part of a prompt is so no
hang, and a deadlock is one.
"""

import os
import threading
import time
from collections.abc import Callable
from typing import Final

EVERY: Final = 0.4
"""Seconds between two beats."""
STILL: Final = 3
"""Looks in a row without a sign of life, after which the process ends itself."""
LONGEST_STEP: Final = 60.0
"""Seconds that a step may compute however fast the ones before it were."""
SLOWER: Final = 20
"""How much longer than the longest step so far one may take beyond that."""
LEAST_SHARE: Final = 0.02
"""Of one processor; the heartbeat alone uses less."""
EXIT_STUCK: Final = 75

Progress = Callable[[], float | None]
"""When the step under way began; None between steps."""


class Vigil:
    """Judges whether the engine is stuck; looks are counted, as the machine may have slept."""

    def __init__(self, now: float) -> None:
        self._turned = self._looked = now
        self._still = 0
        self._progress: float | None = None
        self._worked = 0.0
        self._pages = 0
        self._longest = 0.0

    def stuck(self, progress: float | None, now: float, worked: float, pages: int) -> bool:
        """Return whether it is, given seconds of processor time and pages read so far."""
        share = (worked - self._worked) / max(now - self._looked, 1e-9)
        if progress is None or progress != self._progress:
            if progress is not None and self._progress is not None:
                self._longest = max(self._longest, now - self._turned)
            self._turned = now
            self._still = 0
        elif share > LEAST_SHARE or pages > self._pages:
            self._still = 0
        else:
            self._still += 1
        self._progress, self._worked, self._pages, self._looked = progress, worked, pages, now
        spinning = now - self._turned > max(LONGEST_STEP, SLOWER * self._longest)
        return spinning or self._still >= STILL


class Pulse:
    """Beats from a thread of its own as long as the process is well."""

    def __init__(self, beat: Callable[[], None]) -> None:
        self._beat = beat
        self._progress: Progress = lambda: None
        threading.Thread(target=self._run, name="pulse", daemon=True).start()

    def watch(self, progress: Progress) -> None:
        """Look at an engine from now on."""
        self._progress = progress

    def _run(self) -> None:
        vigil = Vigil(time.monotonic())
        while True:
            self._beat()
            time.sleep(EVERY)
            now, worked = time.monotonic(), time.process_time()
            if vigil.stuck(self._progress(), now, worked, _pages_read()):
                os._exit(EXIT_STUCK)


def _pages_read() -> int:
    """Return how often the process had to wait for the disk; 0 where the system does not tell."""
    try:
        import resource
    except ImportError:  # Windows
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_majflt
