"""Why a character has answered as it did: which entries of its lorebook went into the answer."""

from typing import TYPE_CHECKING

from bot.cogs.speech import plain
from games.core import Seat, listed

if TYPE_CHECKING:
    from characters.prompt import Prompt


def why_text(seat: Seat, prompt: "Prompt | None") -> str:
    """Return what went into the last answer of a character, and why the rest did not."""
    if prompt is None:
        return f"{plain(seat)} has not spoken since I was started, so I do not know it any more."
    by_reason: dict[str, list[str]] = {}
    for one in sorted(prompt.scan.verdicts, key=lambda one: not one.taken):
        reason = f"{'Taken' if one.taken else 'Left out'}, as {one.reason}"
        by_reason.setdefault(reason, []).append(one.entry.title or f"entry {one.entry.number}")
    lines = [f"{reason}: {listed(titles)}." for reason, titles in by_reason.items()]
    if prompt.left_out:
        lines.append(f"There was no room for {listed(prompt.left_out)}.")
    return plain("\n".join(lines))[:2000] or f"{plain(seat)} has no lorebook."
