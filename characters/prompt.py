"""What a language model is told so that it speaks as a character in a chat.

First what holds for the whole chat (the house's rules, the persona, lore that is always there),
then the lines, last what changes with each answer: lore that was spoken of, memories, and the
reminder. Each prompt so begins with the very text of the one before, up to the end of that one's
lines, and a server need not read it again; only an entry that asks to stand among the lines
(`depth`) moves. An entry that comes and goes therefore stands behind the lines even if it names a
place within the card; those of one place stay together. Roles alternate, beginning with the
user's, as strict chat templates want it.

Of the context, LORE and MEMORIES are set apart, and examples may fill up the persona to a half;
the lines have the rest, and the oldest of them are left out where it ends. If the last line alone
needs more, the others make room for it: first the examples, then lore by priority, then memories
from the last. Nothing is ever cut: if the last line or the card alone is too long, there is no
prompt.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from characters.budget import first_kept, fitting, tokens
from characters.decorators import Role, UiPrompt
from characters.errors import CharacterError
from characters.lines import Line
from characters.lorebook import Lorebook
from characters.macros import Macros
from characters.persona import example_blocks, reminder, sections, system_text, with_original
from characters.scan import Place, Scan, Verdict, scan
from characters.situation import Situation
from games.core import Seat, listed

LORE: Final = 0.2
"""Share of the context that lore may take."""
MEMORIES: Final = 0.1
"""Share of the context that memories may take."""
PER_LINE: Final = 8
"""Tokens for what chat templates put around a message."""
SLACK: Final = 64
"""Tokens for headings and empty lines."""


@dataclass(frozen=True)
class Prompt:
    """What to send to a model, and what became of all that might have gone into it."""

    messages: Sequence[Mapping[str, str]]
    """With "role" and "content"."""
    stop: Sequence[str]
    """Where the model begins to write for others, those who spoke last first."""
    left_out: Sequence[str]
    """What there was no room for, in words for people."""
    summarise_to: int | None
    """The number of the line up to which it is time to sum up; None: not yet."""
    scan: Scan


@dataclass(frozen=True)
class _Shares:
    """How many tokens each part of one prompt may take."""

    lore: int
    memories: int
    examples: int
    rest: int
    """For the lines and the examples that are taken."""


def chat_prompt(situation: Situation, context: int, rng: Random) -> Prompt:
    """Return the prompt for the next message; `context` is the tokens that it may take.

    Raises CharacterError if the card or the last line alone has no room.
    """
    card, passing = situation.card, situation.passing(rng)
    lines, names = situation.unsummarised(), situation.names()
    sizes = [_size(line, names) for line in lines]
    shares = _shares(situation, context, sizes[-1] if sizes else 0)
    blocks = example_blocks(card, situation.lasting())
    examples = fitting(blocks, shares.examples)
    room = shares.rest - sum(tokens(one) + 1 for one in examples)
    first = first_kept(sizes, room)
    found = scan(
        card.book or Lorebook(),
        situation.lines,
        me=situation.me,
        macros=passing,
        greeting=situation.greeting,
        budget=shares.lore,
        full=bool(first or situation.summary),
        sections=sections(card),
    )
    memories = fitting(
        [f"- {' '.join(one.split())}" for one in situation.memories], shares.memories
    )
    closing = _closing(situation, found, memories, passing)
    talk = _talk(situation, lines[first:], found, names, closing)
    system = system_text(card, situation.lasting(), found, examples)
    dropped = {
        "example dialogues": len(blocks) - len(examples),
        "lore entries": sum(one.over_budget for one in found.verdicts),
        "memories": len(situation.memories) - len(memories),
        "of the oldest lines": first,
    }
    return Prompt(
        [{"role": "system", "content": system}, *talk],
        [f"\n{name}:" for name in names.values()],
        [f"{count} {what}" for what, count in dropped.items() if count],
        summarise_to(lines, sizes, room),
        found,
    )


def summarise_to(lines: Sequence[Line], sizes: Sequence[int], room: int) -> int | None:
    """Return up to which line to sum up, as soon as three quarters of the room are in use."""
    if sum(sizes) <= room * 3 // 4:
        return None
    first = first_kept(sizes, room * 3 // 4)
    return lines[first - 1].number if first else None


def _shares(situation: Situation, context: int, last: int) -> _Shares:
    """Share out the context, so that it stays the same from prompt to prompt."""
    card = situation.card
    lasting = situation.lasting()
    always = (
        system_text(card, lasting, Scan(), ()),
        _opening(situation),
        _closing(situation, Scan(), (), lasting),
    )
    head = sum(map(tokens, always)) + SLACK
    spare = context - head - last
    if context < head:
        raise CharacterError(
            f"The card of {card.called} takes about {head:,} tokens, and the model reads "
            f"{context:,}: take a model with a longer context, or shorten the card."
        )
    if spare < 0:
        raise CharacterError(
            f"The last message takes about {last:,} tokens, and there is room for "
            f"{context - head:,}: say it in shorter pieces."
        )
    budget = card.book.token_budget if card.book else 0
    memories = min(int(context * MEMORIES), spare) if situation.memories else 0
    most = int(context * LORE)
    lore = min(most if budget is None else min(most, budget), spare - memories)
    examples = min(spare - lore - memories, max(0, context // 2 - head))
    return _Shares(lore, memories, examples, context - head - lore - memories)


def _size(line: Line, names: Mapping[Seat, str]) -> int:
    return tokens(_said(line, names)) + PER_LINE


def _said(line: Line, names: Mapping[Seat, str]) -> str:
    """Return a line as it stands in a message; only its first line begins at the margin."""
    if line.speaker not in names:
        return line.words
    return f"{names[line.speaker]}: " + "\n  ".join(line.words.splitlines())


def _talk(
    situation: Situation,
    lines: Sequence[Line],
    found: Scan,
    names: Mapping[Seat, str],
    closing: str,
) -> Sequence[Mapping[str, str]]:
    """Return the lines as messages of alternating roles, with the closing in the last."""
    parts = [(Role.USER, _opening(situation))]
    parts += [] if lines else _notes(found, 0, first=True)
    for at, line in enumerate(lines):
        parts += _notes(found, len(lines) - at, first=at == 0)
        role = Role.ASSISTANT if line.speaker == situation.me else Role.USER
        parts.append((role, _said(line, names)))
    parts.append((Role.USER, f"\n{closing}"))
    messages: list[dict[str, str]] = []
    for role, text in parts:
        if messages and messages[-1]["role"] == role:
            messages[-1]["content"] += f"\n{text}"
        else:
            messages.append({"role": str(role), "content": text.lstrip("\n")})
    return messages


def _opening(situation: Situation) -> str:
    if situation.summary is None:
        return "The chat begins."
    return f"What was said before, in short: {' '.join(situation.summary.text.split())}\nThe chat:"


def _notes(found: Scan, behind: int, *, first: bool) -> Sequence[tuple[Role, str]]:
    """Return the entries that stand before the line behind which so many others come."""
    here = [
        one
        for one in found.taken
        if _among_lines(one) and (one.depth == behind or (first and one.depth > behind))
    ]
    # A system message among the others is one that many templates refuse.
    return [
        (Role.ASSISTANT, one.text) if one.role is Role.ASSISTANT else (Role.USER, f"[{one.text}]")
        for one in here
    ]


def _closing(situation: Situation, found: Scan, memories: Sequence[str], macros: Macros) -> str:
    """Return what stands behind the lines, in the last message."""
    card, names = situation.card, situation.names()
    present = [names[seat] for seat in (*situation.people, *situation.company) if seat in names]
    house = "" if UiPrompt.POST_HISTORY in found.switched_off else reminder(card)
    parts = [f"=== For {card.called} alone ==="]
    if present:
        parts.append(f"Here are {listed(present)}." if present[1:] else f"Here is {present[0]}.")
    if lore := [one for one in found.taken if not one.steady and not _among_lines(one)]:
        order = list(Place)
        lore.sort(key=lambda one: order.index(one.place))
        parts.append("To know about what was spoken of:\n" + "\n".join(one.text for one in lore))
    if memories:
        parts.append(f"What {card.called} remembers of these people:\n" + "\n".join(memories))
    own = with_original(card.post_history_instructions, house)
    parts.append(macros.expand(own if house in own else f"{own}\n{house}").strip())
    if situation.goes_on:
        parts.append("Go on with the last message exactly where it ends, without repeating it.")
    return "\n".join(part for part in parts if part)


def _among_lines(one: Verdict) -> bool:
    return one.place is Place.DEPTH and one.depth > 0
