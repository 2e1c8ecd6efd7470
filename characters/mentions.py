"""Who is called by name in what somebody says, in any script.

Case and width of letters are ignored, and so are characters that cannot be seen. Accents are
ignored where the text has none. A name counts only as a whole word, in scripts that part words.
"""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from games.core import Seat

_ACCENTS: Final = range(0x0300, 0x0370)
_POINTS: Final = (range(0x0591, 0x05C8), range(0x0610, 0x061B), range(0x064B, 0x0660))
"""Vowel signs of Hebrew and Arabic, which are mostly left out."""
_UNSPACED: Final = (range(0x0E00, 0x0F00), range(0x1000, 0x10A0), range(0x1780, 0x1800))
"""Thai, Lao, Burmese and Khmer, which part no words."""
_VARIATIONS: Final = range(0xFE00, 0xFE10)


class _Found(NamedTuple):
    start: int
    end: int
    seat: Seat


def mentioned(words: str, names: Mapping[Seat, Sequence[str]]) -> Sequence[Seat]:
    """Return the seats that a text calls by one of their names, in the order of the text.

    Where names overlap the longest counts; a name that two seats share calls both.
    """
    text = folded(words)
    found = [one for seat, known in names.items() for one in _places(text, seat, known)]
    found.sort(key=lambda one: (one.start, -one.end))
    return tuple(dict.fromkeys(one.seat for one in _outermost(found)))


def folded(text: str) -> str:
    """Return a text as names are compared: without case, width, and what cannot be seen."""
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    # Marks that are left over belong to no letter of their own: stress marks and vowel signs.
    return " ".join("".join(char for char in text if not _unseen(char)).split())


def _unseen(char: str) -> bool:
    code = ord(char)
    marks = (_ACCENTS, _VARIATIONS, *_POINTS)
    return any(code in part for part in marks) or unicodedata.category(char) == "Cf"


def _plain(text: str) -> str:
    """Return a folded text without accents."""
    apart = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(c for c in apart if ord(c) not in _ACCENTS))


def _places(text: str, seat: Seat, names: Sequence[str]) -> Iterator[_Found]:
    forms = {form for name in names if (whole := folded(name)) for form in (whole, _plain(whole))}
    for form in forms:
        start = text.find(form)
        while start >= 0:
            end = start + len(form)
            if _parted(text, start - 1, start) and _parted(text, end, end - 1):
                yield _Found(start, end, seat)
            start = text.find(form, start + 1)


def _parted(text: str, outside: int, inside: int) -> bool:
    """Return whether a word ends between two neighbours, one of which may be past the text."""
    if not 0 <= outside < len(text):
        return True
    return not (_of_word(text[outside]) and _of_word(text[inside]))


def _of_word(char: str) -> bool:
    """Return whether a character goes on with a word, in a script that parts words."""
    if unicodedata.category(char)[0] not in "LMN":
        return False
    wide = unicodedata.east_asian_width(char) in "WF"
    return not wide and not any(ord(char) in part for part in _UNSPACED)


def _outermost(found: Sequence[_Found]) -> Iterator[_Found]:
    """Yield the names that are no part of a longer one; they come in order of their start."""
    longest = (0, 0)
    for one in found:
        if one.end > longest[1] or one[:2] == longest:
            longest = one[:2]
            yield one
