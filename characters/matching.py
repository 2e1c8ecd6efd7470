"""Whether a lorebook entry matches what was said, and why not, in words for people.

Order of the rules, where the specification lets several hold "in any case": an entry that is
switched off never matches; then `activate`, `dont_activate`, `dont_activate_after_match`,
`keep_activate_after_match`, and then all other conditions together. The two that ask whether an
entry has matched before count from the first time, and find that out from the lines, for each of
the character's last LOOK_BACK messages; nothing is stored. `activate_only_after` and
`activate_only_every` count the messages of this character, not of others in its company.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from characters.budget import BYTES_PER_TOKEN
from characters.decorators import Decorators
from characters.keys import Heard, heard, joined
from characters.lines import Line
from characters.lorebook import Entry
from games.core import Seat

SCAN_DEPTH: Final = 4
"""Lines that are looked through where a book does not say."""
DEEPEST_SCAN: Final = 100
"""Lines."""
LONGEST_SCAN: Final = 20_000
"""Characters after which one look goes no further back, and the most of one line."""
LOOK_BACK: Final = 100
MOST_LOOKING_BACK: Final = 50
"""Entries of one book that may ask whether they have matched before."""


@dataclass(frozen=True)
class Match:
    """Whether an entry matches, and the reason as half a sentence."""

    matched: bool
    reason: str


class Matching:
    """Looks at one moment of a chat with the eyes of many entries."""

    def __init__(
        self,
        lines: Sequence[Line],
        *,
        me: Seat,
        scan_depth: int | None = None,
        greeting: int | None = None,
        full: bool = False,
        chat: bool = True,
    ) -> None:
        self._lines = lines
        self._spoke = [at for at, line in enumerate(lines) if line.speaker == me]
        self._scan_depth = SCAN_DEPTH if scan_depth is None else scan_depth
        self._greeting = greeting
        self._full = full
        self._chat = chat
        self._told: Heard | None = None
        self._windows: dict[tuple[int, int, str], tuple[Heard, str]] = {}
        self._said: dict[int, Heard] = {}
        self._earlier: dict[int, bool] = {}

    def tell(self, text: str) -> None:
        """Let entries that are asked again find their keys in this text as well."""
        self._told = heard(text[:LONGEST_SCAN])
        self._windows.clear()

    def match(self, entry: Entry) -> Match:
        """Return whether an entry matches now."""
        says = entry.decorators(chat=self._chat)
        if not entry.enabled:
            return _no("it is switched off")
        if says.activate:
            return _yes("@@activate always takes it")
        if says.dont_activate:
            return _no("@@dont_activate never takes it")
        if says.looks_back and self._matched_before(entry, says):
            if says.dont_activate_after_match:
                return _no("it has matched before (@@dont_activate_after_match)")
            return _yes("it has matched before (@@keep_activate_after_match)")
        return self._at(entry, says, len(self._lines))

    def _matched_before(self, entry: Entry, says: Decorators) -> bool:
        if entry.number not in self._earlier:
            may_look = len(self._earlier) < MOST_LOOKING_BACK
            moments = self._spoke[-LOOK_BACK:] if may_look else []
            # No prompt was made for a first line: it is the card's greeting.
            self._earlier[entry.number] = any(
                self._at(entry, says, moment).matched for moment in moments if moment
            )
        return self._earlier[entry.number]

    def _at(self, entry: Entry, says: Decorators, end: int) -> Match:
        """Return whether the conditions held when the chat had only the lines before `end`."""
        now = end == len(self._lines)
        if reason := self._held_back(says, end) or (now and self._no_room(says)):
            return _no(reason)
        text, where = self._window(says, end, now=now)
        if entry.exclude_keys and (key := entry.exclude_keys.found_in(text)):
            return _no(f"“{key}” in {where} keeps it out")
        found = _yes("it is constant") if entry.constant else _by_keys(entry, text, where)
        if found.matched and any(one.found_in(text) is None for one in entry.additional_keys):
            return _no(f"{found.reason}, but none of its additional keys is in {where}")
        return found

    def _held_back(self, says: Decorators, end: int) -> str | None:
        if says.is_greeting not in (None, self._greeting) and self._greeting is not None:
            return f"it belongs to greeting {says.is_greeting}"
        if says.activate_only_after is None and says.activate_only_every is None:
            return None
        said = sum(at < end for at in self._spoke)
        if said < (says.activate_only_after or 0):
            return f"it waits for message {says.activate_only_after} of the character"
        if says.activate_only_every and said % says.activate_only_every:
            return f"it comes at every {says.activate_only_every} messages of the character"
        return None

    def _no_room(self, says: Decorators) -> str | None:
        return "the context is full" if self._full and says.ignore_on_max_context else None

    def _window(self, says: Decorators, end: int, *, now: bool) -> tuple[Heard, str]:
        """Return the text in which keys are looked for, and what to call it."""
        if says.instruct_scan_depth is not None:
            count, unit = says.instruct_scan_depth, "token"
        else:
            given = self._scan_depth if says.scan_depth is None else says.scan_depth
            count, unit = min(given, DEEPEST_SCAN), "line"
        key = (end, count, unit)
        if key not in self._windows:
            where = f"the last {unit if count == 1 else f'{count} {unit}s'}"
            self._windows[key] = self._look(count, end, unit, now=now), where
        return self._windows[key]

    def _look(self, count: int, end: int, unit: str, *, now: bool) -> Heard:
        if unit == "line":
            seen = joined([self._heard(at) for at in self._newest(count, end)])
        else:
            text = "\n".join(self._lines[at].words for at in self._newest(DEEPEST_SCAN, end))
            seen = heard(text[max(0, len(text) - count * BYTES_PER_TOKEN) :])
        return joined([seen, self._told]) if now and self._told else seen

    def _newest(self, count: int, end: int) -> Sequence[int]:
        """Return which lines before `end` to look through, oldest first."""
        first, room = end, LONGEST_SCAN
        while first > max(0, end - count) and room > 0:
            first -= 1
            room -= len(self._lines[first].words)
        return range(first, end)

    def _heard(self, at: int) -> Heard:
        if at not in self._said:
            self._said[at] = heard(self._lines[at].words[-LONGEST_SCAN:])
        return self._said[at]


def _by_keys(entry: Entry, text: Heard, where: str) -> Match:
    if reason := entry.keys.invalid():
        return _no(reason)
    key = entry.keys.found_in(text)
    if key is None:
        return _no(f"no key in {where}" if entry.keys.sought else "it has no keys")
    if entry.secondary_keys and entry.secondary_keys.found_in(text) is None:
        return _no(f"“{key}” is in {where}, but none of its second keys")
    return _yes(f"“{key}” is in {where}")


def _yes(reason: str) -> Match:
    return Match(matched=True, reason=reason)


def _no(reason: str) -> Match:
    return Match(matched=False, reason=reason)
