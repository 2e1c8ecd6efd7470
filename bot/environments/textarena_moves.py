"""Moves that stand in what an environment of TextArena writes: listed ones, and likely ones."""

import re
from collections.abc import Iterator, Sequence
from random import Random
from string import ascii_letters, digits
from typing import Final

from bot.environments.words import easy_words
from games.core.ask import SMALL_TALK

_LIST: Final = re.compile(r"(?:available|valid) moves:[ \t]*(.+)", re.IGNORECASE)
_MOVE: Final = re.compile(r"\[[^\[\]\n]{1,60}\]")
_LIST_OF_MOVES: Final = re.compile(r"['\"]?\[[^\[\]]+\]['\"]?(?:,\s*['\"]?\[[^\[\]]+\]['\"]?)*\.?")
MOST_LIKELY: Final = 60
VARIANTS: Final = 4
"""Of each move found, with other numbers and letters in it."""
FILLERS: Final = (
    "[Accept]", "[Reject]", "[Propose] $1.00", "[Pass]", "[Done]", "[skip]", "[draw]",
    "[Cooperate]",
)  # fmt: skip


def listed_moves(texts: Sequence[str]) -> list[str]:
    """Return the moves that the last list names, each in brackets; none where there is no list."""
    for text in reversed(texts):
        if found := _LIST.findall(text):
            line = found[-1].strip()
            return (
                list(dict.fromkeys(_MOVE.findall(line))) if _LIST_OF_MOVES.fullmatch(line) else []
            )
    return []


def likely_moves(texts: Sequence[str], players: int, rng: Random) -> Iterator[Sequence[str]]:
    """Give moves that may count: first those made from what stands in brackets, then any."""
    forms = list(dict.fromkeys(form for text in reversed(texts) for form in _MOVE.findall(text)))
    moves = [*forms, *(_varied(form, rng) for form in forms for _ in range(VARIANTS))]
    rng.shuffle(moves)
    yield list(dict.fromkeys(moves))[:MOST_LIKELY]
    moves = [f"[Player {number}]" for number in range(players)]
    moves += [*FILLERS, *rng.sample(SMALL_TALK, 2)]
    moves += [f"[{word}]" for word in rng.sample(easy_words(), 6)]
    moves += [f"[{rng.randrange(10)} {rng.randrange(10)}]" for _ in range(4)]
    yield moves


def _varied(form: str, rng: Random) -> str:
    """Return a form with other numbers, and other letters where one stands alone."""
    changed = re.sub(r"\d", lambda _: rng.choice(digits), form)
    return re.sub(
        r"(?<![a-zA-Z])[a-zA-Z](?![a-zA-Z])",
        lambda found: (
            rng.choice(ascii_letters[:26]).upper()
            if found[0].isupper()
            else rng.choice(ascii_letters[:26])
        ),
        changed,
    )
