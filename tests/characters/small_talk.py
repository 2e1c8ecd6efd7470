"""Small lorebooks and chats for tests."""

from random import Random

from characters.lines import Line
from characters.lorebook import read_lorebook
from characters.macros import Macros
from characters.scan import scan
from games.core import Seat

ANN, BOB, SOC, ADA = Seat("ann"), Seat("bob"), Seat("Socrates"), Seat("Ada")
MACROS = Macros("Socrates", "ann", "seed", Random(1))


def entry(keys=("hemlock",), content="It is bitter.", **fields):
    """Return an entry as it stands in a book, with all required fields."""
    required = {"extensions": {}, "enabled": True, "insertion_order": 100, "use_regex": False}
    return {"keys": list(keys), "content": content, **required, **fields}


def book(*entries, **fields):
    return read_lorebook({"extensions": {}, "entries": list(entries), **fields})


def chat(*words, characters=(SOC, ADA)):
    """Return lines from texts like "ann: Hello"."""
    pairs = [one.split(": ", 1) for one in words]
    return [
        Line(number, Seat(name), text, Seat(name) in characters)
        for number, (name, text) in enumerate(pairs, start=1)
    ]


def scanned(entries, lines=("ann: Is hemlock bitter?",), fields=None, **options):
    """Return what becomes of some entries."""
    options = {"me": SOC, "macros": MACROS, **options}
    return scan(book(*entries, **(fields or {})), chat(*lines), **options)


def verdict(one, *lines, **options):
    """Return what becomes of one entry."""
    return scanned([one], lines or ("ann: Is hemlock bitter?",), **options).verdicts[0]


def told(entries, *lines, **options):
    """Return the texts that go into the prompt."""
    found = scanned(entries, lines or ("ann: Is hemlock bitter?",), **options)
    return [one.text for one in found.taken]
