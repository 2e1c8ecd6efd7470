"""What a character remembers of a member: records, the words that find them, and likeness."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import blake2b
from typing import Final

MOST_TEXT: Final = 500
"""Characters of one memory."""
MOST_ABOUT: Final = 60
"""Characters of what a fact is about."""
ALIKE: Final = 0.9
"""Share of common terms from which on two texts say the same."""

# Scripts that put no spaces between words; Korean has them, but glues endings to its words.
_UNSPACED: Final = (
    r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    r"\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
_PART: Final = re.compile(rf"[{_UNSPACED}]+|[^\W_{_UNSPACED}]+")
_UNSPACED_PART: Final = re.compile(rf"[{_UNSPACED}]")


class MemoryKind(StrEnum):
    """What sort of thing is remembered."""

    FACT = "fact"
    """Something that holds about the member; a newer one about the same takes its place."""
    EPISODE = "episode"
    """Something that happened, or was said, once."""
    REFLECTION = "reflection"
    """What the character concludes from several memories."""


@dataclass(frozen=True)
class Scope:
    """Whose memory of whom, and where: nothing is ever found outside its scope."""

    guild: int
    """A server by its id; 0 outside any."""
    character: str
    user: int


@dataclass(frozen=True)
class Source:
    """The line of a chat in which something was said."""

    match_id: str = ""
    """"" where nobody said it: a reflection."""
    line: int = 0


@dataclass(frozen=True)
class Learnt:
    """Something worth remembering, before it is kept."""

    kind: MemoryKind
    text: str
    importance: int = 3
    """1 to 10."""
    about: str = ""
    """What a fact tells, such as "favourite food"; "" for what takes nothing's place."""
    source: Source = Source()


@dataclass(frozen=True)
class Memory:
    """Something that is remembered."""

    id: int
    """Never given again once it is forgotten."""
    scope: Scope
    kind: MemoryKind
    about: str
    text: str
    importance: int
    created_at: datetime
    """UTC."""
    accessed_at: datetime
    """When it was last recalled, UTC."""
    source: Source


def terms(text: str) -> list[str]:
    """Return the words of a text as they are compared: without case and accents, in order.

    A script without spaces gives pairs of neighbouring characters.
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in plain if unicodedata.category(letter) != "Mn")
    found: list[str] = []
    for part in _PART.findall(unicodedata.normalize("NFC", plain)):
        if _UNSPACED_PART.match(part) and len(part) > 1:
            found += [part[at : at + 2] for at in range(len(part) - 1)]
        else:
            found.append(part)
    return found


_LETTERS: Final = str.maketrans("0123456789", "ghijklmnop")
"""A mark is letters alone, as PostgreSQL looks for the stem of words only that have no digits."""


def marked(scope: Scope, words: Iterable[str]) -> list[str]:
    """Return terms behind the mark of a scope, so that an index finds them in no other scope."""
    whose = f"{scope.guild}\0{scope.character}\0{scope.user}"
    mark = blake2b(whose.encode(), digest_size=5).hexdigest().translate(_LETTERS)
    return [f"{mark}{word}" for word in words]


def alike(one: str, other: str) -> bool:
    """Return whether two texts say nearly the same, by the terms they share."""
    mine, theirs = set(terms(one)), set(terms(other))
    if not mine or not theirs:
        return one.split() == other.split()
    return len(mine & theirs) >= ALIKE * len(mine | theirs)


def tidy(text: str, most: int = MOST_TEXT) -> str:
    """Return a text on one line, and not longer than may be kept."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


def key_of(about: str) -> str:
    """Return what a fact is about as it is compared, so that an update finds what it replaces."""
    return tidy(about.casefold().replace("_", " "), MOST_ABOUT).strip(" .:;,'\"")


def says_again(learnt: Learnt, known: Memory) -> bool:
    """Return whether something need not be kept, as a memory says it already.

    A fact about the same as an older one is an update, however small its difference.
    """
    if learnt.about and learnt.about == known.about:
        return learnt.text.casefold() == known.text.casefold()
    return alike(learnt.text, known.text)
