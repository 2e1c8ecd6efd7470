"""Chat: people and characters talk on an open floor, for as long as they like.

The host is a seat of the arena: in its name the shell lets people and characters come and go,
and carries out what people want done to lines. A character is asked only when the rules have
chosen it to speak. It is no game of the catalogue: nobody wins, and only its host ends it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import ClassVar, Final, TypeAlias

from characters import host
from characters.chat_events import ChatEvent, Passed, Wanted
from characters.host import HOST, LONGEST
from characters.hosted import Hosted
from characters.speakers import Mode
from characters.talk import Member, Talk, after
from characters.turns import answered, heard
from games.core import (
    Answer,
    Ask,
    BadSetup,
    Game,
    IllegalMove,
    Level,
    Outcome,
    Seat,
    Text,
    UnclearMove,
    View,
    clean,
)

MOST: Final = 20
"""The highest number that an option may have."""
_Action: TypeAlias = str | Mapping[str, Answer] | None
_FLOOR: Final = Ask("What do you say?", max_length=LONGEST, optional=True, public=True)


@dataclass(frozen=True)
class Chat(Game[Talk, _Action, ChatEvent]):
    """People and characters talk."""

    name: ClassVar[str] = "chat"
    min_seats: ClassVar[int] = 0
    max_seats: ClassVar[int] = 200
    environment: ClassVar[Sequence[Seat]] = (HOST,)

    mode: Mode = Mode.NATURAL
    """Who answers: those called and whoever feels like it, one of the pool, all, or nobody."""
    chain: int = 3
    """Turns of characters in a row after which they wait for a person, 0 to 20."""
    cooldown: int = 2
    """Lines after its own for which a character does not speak unasked, 0 to 20."""
    most: int = 8
    """The most characters that may be here at the same time, 1 to 20."""

    def check(self) -> None:
        for name, least in (("chain", 0), ("cooldown", 0), ("most", 1)):
            if not least <= getattr(self, name) <= MOST:
                raise BadSetup(f"The option {name} needs a number from {least} to {MOST}.")

    def initial(self, seats: Sequence[Seat], /) -> Talk:
        return Talk({seat: Member() for seat in seats}, self.mode)

    def asks(self, talk: Talk, /) -> Mapping[Seat, Ask]:
        if talk.over:
            return {}
        people = {seat: _FLOOR for seat, member in talk.members.items() if not member.character}
        speaking = {wanted.seat: _question(wanted) for wanted in talk.queue[:1]}
        return {HOST: host.ASK, **people, **speaking}

    def parse(self, talk: Talk, seat: Seat, text: str, /) -> _Action:
        """Read what somebody says.  Every word counts, even "pass"; no word is a silence."""
        if seat == HOST:
            return host.read(text)
        said, ask = clean(text), self.asks(talk)[seat]
        if not said and not talk.members[seat].character:
            raise UnclearMove(f"An empty line does not count. {_HINT}")
        if len(text) > ask.max_length:
            raise UnclearMove(f"That has {len(text)} characters. {_HINT}")
        return said or None

    def decide(
        self, talk: Talk, seat: Seat, action: _Action, rng: Random, /
    ) -> Sequence[ChatEvent]:
        if isinstance(action, Mapping):
            check = self.check_seats
            return Hosted(talk, action, check, self.most, self.cooldown, rng).events()
        if action is None and seat == HOST:
            raise IllegalMove("Say what is to be done in this chat.")
        if action is None:
            return (Passed(seat),)
        if talk.members[seat].character:
            return answered(talk, action, self.chain, self.cooldown, rng)
        return heard(talk, seat, action, (), self.cooldown, rng)

    def evolve(self, talk: Talk, event: ChatEvent, /) -> Talk:
        return after(talk, event)

    def outcome(self, talk: Talk, /) -> Outcome:
        return Outcome({}, Text("The chat is over."))

    def rules(self) -> str:
        return (
            "A chat between people and characters, on an open floor. People speak when they like, "
            "characters when they are called by name or when it is their turn."
        )

    def house_answer(self, view: View, ask: Ask, level: Level, rng: Random, /) -> str:
        """Say nothing: no rule of thumb can speak for a character."""
        return ""


_HINT: Final = str(_FLOOR.hint()).removesuffix(" Or say “pass”.")


def _question(wanted: Wanted) -> Ask:
    """Return the Ask for a character; where it gives no answer, it is silent."""
    prompt = Text("What do you say?")
    if wanted.line:
        asked = "How do you go on with line {line}?" if wanted.goes_on else "Say line {line} anew."
        prompt = Text(asked, line=wanted.line)
    return Ask(prompt, max_length=LONGEST, default="", public=True)
