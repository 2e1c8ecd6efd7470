"""Moves that stand in what an environment of TextArena writes: listed ones, and likely ones."""

import re
from collections.abc import Iterator, Sequence
from random import Random
from typing import Final

from bot.environments.words import easy_words
from games.core.ask import SMALL_TALK

_LIST: Final = re.compile(
    r"(?:available|valid|legal) (?:moves|actions)(?: are)?:[ \t]*(.+)", re.IGNORECASE
)
_MOVE: Final = re.compile(r"\[[^\[\]\n]{1,60}\]")
_LIST_OF_MOVES: Final = re.compile(r"['\"]?\[[^\[\]]+\]['\"]?(?:,\s*['\"]?\[[^\[\]]+\]['\"]?)*\.?")
MOST_LIKELY: Final = 150
"""Moves, each of which is tried."""
LETTERS: Final = "abcdefghij"
_VARIABLE: Final = re.compile(
    r"(?P<number>\d+)|(?P<placeholder><[a-z]+>|\b(?:row|col|column|number|index|position)\b)"
    r"|(?<![a-zA-Z])(?P<letter>[a-zA-Z])(?![a-zA-Z])"
)
_SQUARES: Final = re.compile(r"\[[a-h][1-9](?P<between>\W*)[a-h][1-9]\]")
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
    varied = [_varied(rng.choice(forms), rng) for _ in range(MOST_LIKELY)] if forms else []
    made = list(dict.fromkeys([*forms, *varied]))
    rng.shuffle(made)
    yield made
    numbers = [f"[{rng.randrange(10)} {rng.randrange(10)}]" for _ in range(4)]
    words = [f"[{word}]" for word in rng.sample(easy_words(), 6)]
    others = [f"[Player {number}]" for number in range(players)]
    yield [*others, *FILLERS, *rng.sample(SMALL_TALK, 2), *words, *numbers]


def _varied(form: str, rng: Random) -> str:
    """Return a form with other numbers, and others for letters and words that stand for some."""

    def other(found: re.Match[str]) -> str:
        if found["number"]:
            return str(rng.randrange(rng.choice((3, 6, 10, 10 ** len(found["number"])))))
        near = rng.choice(LETTERS) if found["letter"] else ""
        digit = str(rng.randrange(14))
        if found["placeholder"]:  # a word beside a number is part of the move
            return found[0] if numbered else digit
        return digit if rng.random() < 0.5 else near.upper() if found[0].isupper() else near

    numbered = bool(re.search(r"\d", form))
    squares = _SQUARES.fullmatch(form)
    return _nearby(squares, rng) if squares else _VARIABLE.sub(other, form)


def _nearby(squares: re.Match[str], rng: Random) -> str:
    """Return a move from one square of a board to another, which is not far from it."""
    column, row = rng.randrange(8), rng.randrange(1, 9)
    to_column, to_row = column + rng.randint(-2, 2), row + rng.randint(-2, 2)
    there = f"{LETTERS[max(0, to_column)]}{max(1, to_row)}"
    return f"[{LETTERS[column]}{row}{squares['between']}{there}]"
