"""What the host of a chat can do: the shell's answers in its name, written and read."""

import json
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

from characters.speakers import Mode
from characters.talk import MOST_LINES
from games.core import Answer, Ask, Seat, clean

HOST: Final = Seat("host")
LONGEST: Final = 4000
"""Characters in a line."""
MOST_VERSIONS: Final = 50


class Do(StrEnum):
    """What is to be done."""

    JOIN = "join"
    LEAVE = "leave"
    SAY = "say"
    SPEAK = "speak"
    STOP = "stop"
    REGENERATE = "regenerate"
    CONTINUE = "continue"
    SHOW = "show"
    EDIT = "edit"
    DELETE = "delete"
    QUIET = "quiet"
    MODE = "mode"
    END = "end"


class Kind(StrEnum):
    """Who takes part."""

    PERSON = "person"
    CHARACTER = "character"


def _text(prompt: str, longest: int = 40) -> Ask:
    return Ask(prompt, max_length=longest, optional=True)


ASK: Final = Ask(
    "What is to be done in this chat?",
    fields={
        "do": Ask("What?", choices=tuple(Do)),
        "seat": _text("Whom does it concern?"),
        "kind": Ask("Who is it?", choices=tuple(Kind), optional=True),
        "aliases": _text("Which other names has it, one on each line?", 2000),
        "talkativeness": Ask(
            "How often does it speak unasked?", low=0, high=1, step=0.01, optional=True
        ),
        "line": Ask("Which line?", low=1, high=MOST_LINES, optional=True),
        "version": Ask("Which version of it?", low=1, high=MOST_VERSIONS, optional=True),
        "words": _text("Which words?", LONGEST),
        "to": _text("Whom do they answer?"),
        "mode": Ask("How are speakers chosen?", choices=tuple(Mode), optional=True),
        "quiet": Ask("Is it to be quiet?", choices=("yes", "no"), optional=True),
    },
    optional=True,
)


def read(text: str) -> Mapping[str, Answer] | None:
    """Return what the host wants; None for nothing.  Raises UnclearMove."""
    request = ASK.parse(text)
    if (
        isinstance(request, Mapping) and request["words"] is None
    ):  # "none" and "pass" are words like any others here
        return {**request, "words": _literal(text)}
    return request if isinstance(request, Mapping) else None


def _literal(text: str) -> str | None:
    try:
        words = json.loads(text)["words"]
    except (ValueError, TypeError, LookupError, RecursionError):
        return None
    return clean(words) or None if isinstance(words, str) else None


def join_person(seat: Seat) -> str:
    """Let a person take part."""
    return _written(Do.JOIN, seat=seat, kind=Kind.PERSON)


def join_character(
    seat: Seat, aliases: Sequence[str] = (), talkativeness: float = 0.5, words: str = ""
) -> str:
    """Let a character take part; `words` are its greeting."""
    return _written(
        Do.JOIN,
        seat=seat,
        kind=Kind.CHARACTER,
        aliases="\n".join(aliases),
        talkativeness=round(talkativeness, 2),
        words=words,
    )


def leave(seat: Seat) -> str:
    """Let a person or character go."""
    return _written(Do.LEAVE, seat=seat)


def say(seat: Seat, words: str, to: Seat | None = None) -> str:
    """Say something in a person's name, in answer to a character if one is given."""
    return _written(Do.SAY, seat=seat, words=words, to=to)


def speak(seat: Seat) -> str:
    """Let a character speak next, whatever the rules would choose."""
    return _written(Do.SPEAK, seat=seat)


def stop() -> str:
    """Let nobody speak who was to speak."""
    return _written(Do.STOP)


def regenerate(line: int) -> str:
    """Let a character say a line anew."""
    return _written(Do.REGENERATE, line=line)


def go_on(line: int) -> str:
    """Let a character go on with a line."""
    return _written(Do.CONTINUE, line=line)


def show(line: int, version: int) -> str:
    """Show another version of a line."""
    return _written(Do.SHOW, line=line, version=version)


def edit(line: int, words: str) -> str:
    """Put other words in the place of a line's."""
    return _written(Do.EDIT, line=line, words=words)


def delete(line: int) -> str:
    """Take a line away."""
    return _written(Do.DELETE, line=line)


def quiet(on: bool) -> str:  # noqa: FBT001 -- it is all that is said
    """Begin quiet hours, or end them."""
    return _written(Do.QUIET, quiet="yes" if on else "no")


def change_mode(mode: Mode) -> str:
    """Choose speakers in another way."""
    return _written(Do.MODE, mode=mode)


def end() -> str:
    """Close the chat for good."""
    return _written(Do.END)


def _written(do: Do, **given: Any) -> str:
    fields = {name: value for name, value in given.items() if value not in (None, "")}
    return json.dumps({"do": do, **fields}, ensure_ascii=False)
