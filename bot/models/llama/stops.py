"""From the bytes of tokens to text that may be shown: whole characters, and no stop string."""

import codecs
from collections.abc import Sequence
from typing import Final


def _once(wrong: UnicodeError) -> tuple[str, int]:
    """Return one replacement for a character that is none, however many bytes it has.

    llama.cpp's grammars count it once too, when it is a character written in too many bytes.
    """
    assert isinstance(wrong, UnicodeDecodeError)
    continues = 0x80 <= wrong.object[wrong.start] < 0xC0
    return "" if continues else "\ufffd", wrong.end


_ONCE: Final = "parlour-once"
codecs.register_error(_ONCE, _once)


class Spoken:
    """What one answer has said so far, less what may yet turn out to be a stop string."""

    def __init__(self, stops: Sequence[str]) -> None:
        self._stops = stops
        self._decoder = codecs.getincrementaldecoder("utf-8")(_ONCE)
        self._held = ""
        self.stopped = False
        """Whether a stop string has come; nothing may follow."""

    def hear(self, token: bytes) -> str:
        """Take the bytes of one token; return what may be shown now."""
        text = self._held + self._decoder.decode(token)
        found = [at for at in map(text.find, self._stops) if at >= 0]
        if found:
            self.stopped, self._held = True, ""
            return text[: min(found)]
        keep = max((_begun(text, stop) for stop in self._stops), default=0)
        shown = text[: len(text) - keep]
        self._held = text[len(shown) :]
        return shown

    def end(self) -> str:
        """Return what was held back, now that the answer has ended by itself."""
        held, self._held = self._held, ""
        return held


def _begun(text: str, stop: str) -> int:
    """Return how many characters at the end of the text may be the beginning of a stop string."""
    longest = min(len(stop) - 1, len(text))
    return next((n for n in range(longest, 0, -1) if text.endswith(stop[:n])), 0)
