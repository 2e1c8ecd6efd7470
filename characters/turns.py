"""What follows from words in a chat: a new line, and who speaks then."""

from collections.abc import Sequence
from random import Random

from characters.chat_events import ChatEvent, Chosen, Continued, Retold, Said, Wanted
from characters.mentions import mentioned
from characters.speakers import after_character, after_person
from characters.talk import Talk
from games.core import Seat, Words

Queue = tuple[Wanted, ...]


def heard(
    talk: Talk, seat: Seat, words: str, to: Sequence[Seat], cooldown: int, rng: Random
) -> Sequence[ChatEvent]:
    """Return what follows from a person's words; `to` are characters whom they answer anyhow."""
    said = Said(seat, talk.next_line, Words(words))
    called = tuple(dict.fromkeys([*to, *mentioned(words, talk.names)]))
    chosen = [Wanted(one) for one in after_person(talk.floor(cooldown, seat), called, rng)]
    # Who speaks just now goes on undisturbed; those called now come before those who wait.
    waiting = [one for one in talk.queue[1:] if one not in chosen]
    about_lines = [one for one in waiting if one.line]
    others = [one for one in waiting if not one.line]
    return (said, *rearranged(talk.queue, (*talk.queue[:1], *about_lines, *chosen, *others)))


def answered(talk: Talk, words: str, chain: int, cooldown: int, rng: Random) -> Sequence[ChatEvent]:
    """Return what follows from the words of the character whose turn it is."""
    wanted, rest = talk.queue[0], talk.queue[1:]
    seat = wanted.seat
    if wanted.line:
        kind = Continued if wanted.goes_on else Retold
        return (kind(seat, wanted.line, Words(words)),)
    said = Said(seat, talk.next_line, Words(words))
    spoken = (seat, *talk.spoken)
    called = mentioned(words, talk.names)
    chosen = after_character(talk.floor(cooldown, seat), seat, called, spoken, rng)
    new = [Wanted(one) for one in chosen if Wanted(one) not in rest]
    room = max(0, chain - len(spoken) - len(rest))
    return (said, *rearranged(rest, (*rest, *new[:room])))


def rearranged(before: Queue, queue: Queue) -> Sequence[ChatEvent]:
    """Return the event that puts a queue in the place of another, if it is another."""
    return (Chosen(queue),) if queue != before else ()
