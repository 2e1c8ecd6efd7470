"""What a message looks like in Discord: its voices, and parts that fit.  Pure."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from discord.utils import escape_markdown

from bot.arena.lobbies import person_in
from bot.ports import Message, Part
from games.core import Seat
from games.foreign_events import Observed, is_drawn

LIMIT: Final = 2000
"""Characters in a message; Discord's own."""
_SENTENCE_END: Final = re.compile(r"(?<=[.!?…])\s+|(?<=[。！？])|\n+")
_FENCE: Final = "```\n{}\n```"
# Marks that no text can hold, as `clean` takes control characters away: a name, and a ping.
_NAME, _PING, _END = "\0", "\1", "\2"
_MARKED: Final = re.compile(f"({_NAME}[^{_END}]*{_END}|{_PING}[0-9]+{_END})")


@dataclass(frozen=True)
class Voice:
    """Who is heard: the bot itself, or a model that speaks under a name of its own."""

    name: str = ""
    """Empty for the bot itself."""
    character: str = ""
    """The id of the character that speaks; empty for a model without one."""


BOT: Final = Voice()


@dataclass(frozen=True)
class Utterance:
    """One message to send: text that fits, who says it, and whom it may wake."""

    voice: Voice
    text: str
    pings: frozenset[int] = frozenset()
    """User ids."""


def utterances(
    message: Message, mute: Callable[[int], bool], translate: Callable[[str], str] = str
) -> Sequence[Utterance]:
    """Return what to send for a message, in order; equal messages give equal utterances.

    `mute` says which people do not want to be pinged, `translate` turns templates into others.
    """
    sent: list[Utterance] = []
    for part in message.parts:
        voice = voice_of(part, message.players)
        text, pings = _sentence(part, message.players, mute, translate)
        if part.speaker is not None and voice is not BOT:
            text = text.removeprefix(f"**{plain(part.speaker)}**: ")
        most = LIMIT - len(_introduction(voice))
        for piece in _pieces(part, text, most):
            last = sent[-1] if sent else None
            if last and last.voice == voice and len(last.text) + len(piece) < most:
                sent[-1] = Utterance(voice, f"{last.text}\n{piece}", last.pings | pings)
            else:
                sent.append(Utterance(voice, piece, pings))
    return sent


def voice_of(part: Part, players: Mapping[Seat, str]) -> Voice:
    """Return who is heard: a model or character with its own words, otherwise the bot."""
    speaker = part.speaker
    kind, _, detail = players.get(speaker, "").partition(":") if speaker else ("", "", "")
    if kind not in {"model", "character"}:
        return BOT
    return Voice(f"{speaker} (AI)", detail.partition(":")[0] if kind == "character" else "")


def spoken_for(utterance: Utterance) -> str:
    """Return what the bot says itself, also for a model that has no voice of its own here."""
    return _introduction(utterance.voice) + utterance.text


def forms(utterance: Utterance) -> set[str]:
    """Return how an utterance may stand in a thread, as Discord keeps it."""
    return {utterance.text.strip(), spoken_for(utterance).strip()}


def split(text: str, limit: int = LIMIT) -> Iterator[str]:
    """Yield parts of at most `limit` characters, cut at sentence ends, else words."""
    text = text.strip()
    while len(text) > limit:
        ends = [m.start() for m in _SENTENCE_END.finditer(text[: limit + 1]) if m.start() > 0]
        cut = ends[-1] if ends else text.rfind(" ", 1, limit + 1)
        if cut <= 0:
            cut = limit - 1 if text[limit - 1] == "\\" else limit  # never within an escape
        yield text[:cut].rstrip()
        text = text[cut:].lstrip()
    if text:
        yield text


def fenced(text: str, limit: int = LIMIT) -> Iterator[str]:
    """Yield a drawing in code blocks of at most `limit` characters, cut at line ends."""
    most = limit - len(_FENCE.format(""))
    for lines in pages((line[:most] for line in text.replace("`", "'").split("\n")), most):
        yield _FENCE.format(lines)


def pages(lines: Iterable[str], limit: int = LIMIT) -> list[str]:
    """Return lines put together to texts of at most `limit` characters, as no line is longer."""
    packed: list[str] = []
    for line in lines:
        if packed and len(packed[-1]) + 1 + len(line) <= limit:
            packed[-1] += f"\n{line}"
        else:
            packed.append(line)
    return packed


def _pieces(part: Part, text: str, limit: int) -> Iterator[str]:
    drawing = part.event.text if isinstance(part.event, Observed) else ""
    return fenced(drawing, limit) if is_drawn(drawing) else split(text, limit)


def plain(text: str) -> str:
    """Return a text in which nothing acts as markup, mention, command or time."""
    return escape_markdown(text, ignore_links=False).replace("<", "\\<").replace("@", "@\u200b")


def _introduction(voice: Voice) -> str:
    return "" if voice is BOT else f"**{plain(voice.name)}**: "


def _sentence(
    part: Part,
    players: Mapping[Seat, str],
    mute: Callable[[int], bool],
    translate: Callable[[str], str],
) -> tuple[str, frozenset[int]]:
    pings: set[int] = set()

    def name(seat: Seat) -> str:
        user = person_in(players.get(seat, ""))
        if seat in part.called and user and not mute(user):
            pings.add(user)
            return f"{_PING}{user}{_END}"
        return f"{_NAME}{seat}{_END}"

    text = part.text.render(name, translate)
    return "".join(map(_shown, _MARKED.split(text))), frozenset(pings)


def _shown(piece: str) -> str:
    match piece[:1]:
        case "\0":
            return f"**{plain(piece[1:-1])}**"
        case "\1":
            return f"<@{piece[1:-1]}>"
    return plain(piece)
