"""How many tokens a text takes, and which lines of a chat fit into so many."""

from collections.abc import Sequence
from typing import Final

BYTES_PER_TOKEN: Final = 4
"""Of UTF-8: about what tokenizers do with English; others take more bytes and more tokens."""


def tokens(text: str) -> int:
    """Return about how many tokens a text takes, rounded up."""
    return -(-len(text.encode("utf-8", "replace")) // BYTES_PER_TOKEN)


def fitting(texts: Sequence[str], room: int) -> Sequence[str]:
    """Return as many of the first texts as have room, each on lines of its own."""
    kept: list[str] = []
    for text in texts:
        room -= tokens(text) + 1
        if room < 0:
            break
        kept.append(text)
    return kept


def first_kept(sizes: Sequence[int], room: int) -> int:
    """Return the index from which on lines of these sizes fit; at least the last is kept.

    Half of the room is freed at a time, so that the first line stays the same for many turns.
    """
    first = used = 0
    for last, size in enumerate(sizes):
        used += size
        if used > room:
            while used > room // 2 and first < last:
                used -= sizes[first]
                first += 1
    return first
