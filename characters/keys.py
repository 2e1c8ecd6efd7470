"""The keys of a lorebook entry: plain words and regular expressions, found in what was said.

A plain key is found where the text contains it, with one choice that the specification leaves
open: a key that begins with a letter of a script with capitals (Latin, Greek, Cyrillic ...) or a
digit must begin where a word begins. So "war" is found in "wars" and "warship", not in "toward";
scripts that write words together, or put articles before them, are searched as they are.

Patterns are run by RE2, which takes linear time whatever the pattern, and has neither
look-around nor back references.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import re2  # type: ignore[import-untyped]

LONGEST_PATTERN: Final = 500
"""Characters."""
_MEMORY: Final = 1 << 20
"""Bytes that one pattern may take."""
_WORD_BEGINS: Final = "\0"

_ASCII_WORD: Final = re.compile(r"(?<![A-Za-z0-9])(?=[A-Za-z0-9])")

_JS_FORM: Final = re.compile(r"/(.+)/([a-z]*)", re.DOTALL)
_JS_FLAGS: Final = frozenset("dgimsuvy")
_JS_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|u\{([0-9A-Fa-f]{1,6})\}|(.))", re.DOTALL)


def marked(text: str, *, case_sensitive: bool) -> str:
    """Return a text or key in which the beginning of each word is marked, so that `in` finds it."""
    text = unicodedata.normalize("NFC", text)
    if not case_sensitive:
        text = unicodedata.normalize("NFC", text.casefold())
    if text.isascii():
        return _ASCII_WORD.sub(_WORD_BEGINS, text)
    parts: list[str] = []
    before = False
    for char in text:
        now = _in_a_word(char)
        parts.append(_WORD_BEGINS + char if now and not before else char)
        before = now
    return "".join(parts)


@lru_cache(maxsize=4096)
def _in_a_word(char: str) -> bool:
    return char.lower() != char.upper() or char.isdecimal()


@dataclass(frozen=True)
class Heard:
    """A text in the forms in which keys are looked for, made once for all entries."""

    folded: str
    exact: str
    encoded: bytes


def heard(text: str) -> Heard:
    """Return a text ready to be searched."""
    return Heard(
        marked(text, case_sensitive=False),
        marked(text, case_sensitive=True),
        text.encode("utf-8", "replace"),
    )


def joined(texts: Sequence[Heard]) -> Heard:
    """Return several texts as one."""
    return Heard(
        "\n".join(text.folded for text in texts),
        "\n".join(text.exact for text in texts),
        b"\n".join(text.encoded for text in texts),
    )


@dataclass(frozen=True)
class Keys:
    """Some keys of which one must be found."""

    shown: Sequence[str]
    """As they were written."""
    sought: Sequence[str]
    """Marked; as written where they are patterns."""
    case_sensitive: bool | None
    patterns: bool

    def found_in(self, text: Heard) -> str | None:
        """Return the first key that is in the text, as it was written."""
        if self.patterns:
            return next((key for key in self.sought if self._matches(key, text)), None)
        where = text.exact if self.case_sensitive else text.folded
        for at, key in enumerate(self.sought):
            if key in where:
                return self.shown[at]
        return None

    def invalid(self) -> str | None:
        """Return why a pattern cannot be used, for the first for which that is so."""
        if not self.patterns:
            return None
        reasons = (_pattern(key, self.case_sensitive) for key in self.sought)
        return next((reason for reason in reasons if isinstance(reason, str)), None)

    def _matches(self, key: str, text: Heard) -> bool:
        pattern = _pattern(key, self.case_sensitive)
        return not isinstance(pattern, str) and pattern.search(text.encoded) is not None


def keys(written: Sequence[str], *, case_sensitive: bool | None, patterns: bool = False) -> Keys:
    """Return keys ready to be looked for; empty ones, which would be everywhere, are left out."""
    written = tuple(key for one in written if (key := one.strip()))
    exact = bool(case_sensitive)
    sought = written if patterns else tuple(marked(key, case_sensitive=exact) for key in written)
    return Keys(written, sought, case_sensitive, patterns)


@lru_cache(maxsize=4096)
def _pattern(written: str, case_sensitive: bool | None) -> Any:  # noqa: FBT001
    """Return a pattern for bytes, or the reason why there is none; re2 comes without types.

    In the form /pattern/flags case counts without the flag i, unless the entry says otherwise.
    """
    if len(written) > LONGEST_PATTERN:
        return f"its pattern is longer than {LONGEST_PATTERN} characters"
    form = _JS_FORM.fullmatch(written)
    body, flags = (form[1], form[2]) if form else (written, "i")
    if not _JS_FLAGS.issuperset(flags):
        return f"its pattern {written} has unknown flags"
    insensitive = "i" in flags if case_sensitive is None else not case_sensitive
    options = re2.Options()
    options.log_errors = False
    options.never_capture = True
    options.max_mem = _MEMORY
    options.case_sensitive = not insensitive
    inline = "".join(flag for flag in "ms" if form and flag in flags)
    body = (f"(?{inline})" if inline else "") + _JS_ESCAPE.sub(_escape, body)
    try:
        return re2.compile(body.encode("utf-8", "replace"), options)
    except re2.error:
        return f"its pattern {written} cannot be used (look-around and back references cannot)"


def _escape(found: Any) -> str:
    code = found[1] or found[2]
    return rf"\x{{{code}}}" if code else str(found[0])
