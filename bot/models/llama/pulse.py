"""A worker's heartbeat, which stops when the engine in it does.

Whether native code still turns shows in any of these: a step or an operation in it came to its
end, the process has read pages of the model's file, or, for a while, it has used the processor.
A long part of a prompt is so no hang; a deadlock and a loop without end are.
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
LONGEST_OPERATION: Final = 1.1
"""Seconds that one operation may compute, times the patience that was asked for."""
LONGEST_STEP: Final = 60.0
"""Seconds that a step may compute, where its operations give no sign."""
SLOWER: Final = 4
"""How much longer than the longest one so far an operation or a step may take beyond that."""
LEAST_SHARE: Final = 0.02
"""Of one processor; the heartbeat alone uses less."""
EXIT_STUCK: Final = 75
EXIT_ENDLESS: Final = 77
"""It computed without an end, or slower than its patience was."""

Progress = Callable[[], float | None]
"""When the step under way began; None between steps."""
Computed = Callable[[], bool]
"""Whether an operation has ended since this was last asked."""


class Vigil:
    """Judges whether the engine is stuck; looks are counted, as the machine may have slept."""

    def __init__(self, now: float, longest: float = LONGEST_STEP) -> None:
        self._turned = self._looked = now
        self._worked_then = self._worked = 0.0
        self._progress: float | None = None
        self._pages = 0
        self._still = 0
        self._silence = 0.0
        self._longest = longest

    def ending(
        self, progress: float | None, now: float, worked: float, pages: int, *, computed: bool
    ) -> int | None:
        """Return the code to end with if it is stuck.

        Given are seconds of processor time and pages read so far.
        """
        moved = progress is None or progress != self._progress
        share = (worked - self._worked) / max(now - self._looked, 1e-9)
        if moved or computed or pages > self._pages:
            self._longest = max(self._longest, SLOWER * self._silence)
            self._turned, self._worked_then, self._still = now, worked, 0
        elif share > LEAST_SHARE:
            self._still = 0
        else:
            self._still += 1
        # A busy machine may give a process too little time to come to an end of anything.
        self._silence = min(now - self._turned, worked - self._worked_then)
        self._progress, self._worked, self._pages, self._looked = progress, worked, pages, now
        if self._silence > self._longest:
            return EXIT_ENDLESS
        return EXIT_STUCK if self._still >= STILL else None


class Pulse:
    """Beats from a thread of its own as long as the process is well."""

    def __init__(self, beat: Callable[[], None]) -> None:
        self._beat = beat
        self._progress: Progress = lambda: None
        self._computed: Computed = lambda: False
        self._vigil = Vigil(time.monotonic())
        threading.Thread(target=self._run, name="pulse", daemon=True).start()

    def watch(self, progress: Progress, computed: Computed | None, patience: float) -> None:
        """Look at an engine from now on; None for one whose operations give no sign."""
        self._progress = progress
        if computed is not None:
            self._computed = computed
            longest = min(LONGEST_STEP, LONGEST_OPERATION * patience)
            self._vigil = Vigil(time.monotonic(), longest)

    def _run(self) -> None:
        while True:
            self._beat()
            time.sleep(EVERY)
            now, worked, pages = time.monotonic(), time.process_time(), _pages_read()
            step, computed = self._progress(), self._computed()
            ending = self._vigil.ending(step, now, worked, pages, computed=computed)
            if ending is not None:
                os._exit(ending)


def _pages_read() -> int:
    """Return how often the process had to wait for the disk; 0 where the system does not tell."""
    try:
        import resource
    except ImportError:  # Windows
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_majflt
