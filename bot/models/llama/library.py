"""The one door to llama.cpp's bindings, which carry no types; and what it complains about.

A call that llama.cpp takes badly ends the process, so what comes from outside is checked first.
"""

import os
from collections import deque
from typing import Any, Final

import llama_cpp

lib: Final[Any] = llama_cpp

_SEVERE: Final = 4
"""The level of errors in llama.cpp's log."""
_complaints: Final[deque[str]] = deque(maxlen=8)


@lib.llama_log_callback  # type: ignore[untyped-decorator]  # the bindings have no types
def _listen(level: int, text: bytes, _data: Any) -> None:
    if level == _SEVERE and text:
        _complaints.append(text.decode("utf-8", "replace").strip())


os.environ.setdefault("GGML_NO_BACKTRACE", "1")  # or a crash waits seconds for a debugger
lib.llama_log_set(_listen, None)
lib.llama_backend_init()


def forget_complaints() -> None:
    """Begin anew, before something is tried that may fail."""
    _complaints.clear()


def complaint() -> str:
    """Return llama.cpp's own first word on what has failed since, without a full stop."""
    told = [line.split(": ", 1)[-1].rstrip(".") for line in _complaints if line]
    return told[0] if told else "llama.cpp gives no reason"
