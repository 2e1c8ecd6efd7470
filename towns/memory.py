"""What a resident remembers: people, places, experiences, and the stream of what happened.

All of it is immutable and made from events alone, so that a replay remembers the same. A text that
has been forgotten on request reads "" and does no harm.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from games.core import Words
from games.core.changing import changed

LONGEST_RELATIONSHIP: Final = 40
LONGEST_IMPRESSION: Final = 60
LONGEST_EPISODE: Final = 160
LONGEST_RECORD: Final = 240
"""Characters, as all of these."""
MOST_EPISODES: Final = 8
"""With one person or at one place; the oldest is dropped."""
MOST_KNOWN: Final = 150
"""People, and places; the one not met for longest is dropped."""
MOST_EXPERIENCES: Final = 20
"""The oldest is dropped."""
MOST_RECORDS: Final = 300
"""In the stream; of the older half the least important one is dropped, the oldest of these."""


class RecordKind(StrEnum):
    """What sort of thing a record of the stream tells."""

    SAW = "saw"
    DID = "did"
    PLANNED = "planned"
    TALKED = "talked"
    FAILED = "failed"
    INSIGHT = "insight"


IMPORTANCE: Final[Mapping[RecordKind, int]] = {
    RecordKind.SAW: 1,
    RecordKind.PLANNED: 2,
    RecordKind.DID: 2,
    RecordKind.TALKED: 5,
    RecordKind.FAILED: 6,
    RecordKind.INSIGHT: 8,
}
"""From 1 to 10, where nobody has judged a record."""


NOTHING_SAID: Final = Words("")


@dataclass(frozen=True)
class Episode:
    """Something that happened once with a person or at a place."""

    tick: int
    text: Words


@dataclass(frozen=True)
class Known:
    """A person or place as a resident remembers it."""

    relationship: Words = NOTHING_SAID
    impression: Words = NOTHING_SAID
    episodes: tuple[Episode, ...] = ()
    """Oldest first."""
    tick: int = 0
    """When it was last met."""


@dataclass(frozen=True)
class Note:
    """What a resident takes along from meeting somebody or being somewhere; "" for nothing new."""

    name: str
    relationship: Words = NOTHING_SAID
    impression: Words = NOTHING_SAID
    episode: Words = NOTHING_SAID


@dataclass(frozen=True)
class Plan:
    """Where a resident wants to go, and for what."""

    place: str
    purpose: Words


@dataclass(frozen=True)
class Act:
    """Something done with a piece of equipment."""

    equipment: str
    """Its kind, such as "desk"."""
    operation: str
    good: str
    """What was bought; "" for nothing."""
    amount: int
    """Pieces bought; 0 for none."""
    minutes: int
    result: str
    """What came of it, as the rules tell it."""

    @property
    def doing(self) -> tuple[str, str, str]:
        """What it has in common with every offer to do the same."""
        return self.equipment, self.operation, self.good


@dataclass(frozen=True)
class Experience:
    """A plan that has succeeded, and the acts that did it."""

    number: int
    plan: Plan
    acts: tuple[Act, ...]


@dataclass(frozen=True)
class Insight:
    """What a resident concludes, and the numbers of the records that it rests on."""

    text: Words
    evidence: tuple[int, ...]


@dataclass(frozen=True)
class Record:
    """Something in the stream."""

    number: int
    """Never given again."""
    tick: int
    kind: RecordKind
    text: Words
    importance: int
    """1 to 10."""
    accessed: int
    """The tick when it last came to mind."""
    evidence: tuple[int, ...] = ()
    """The records that an insight rests on."""


@dataclass(frozen=True)
class Memory:
    """All that one resident remembers."""

    people: Mapping[str, Known] = field(default_factory=dict)
    places: Mapping[str, Known] = field(default_factory=dict)
    experiences: Mapping[int, Experience] = field(default_factory=dict)
    stream: tuple[Record, ...] = ()
    """Oldest first."""
    records: int = 0
    """How many there have ever been in the stream."""
    unreflected: int = 0
    """Importance of all that was perceived since the last reflection."""

    def perceived(
        self,
        tick: int,
        kind: RecordKind,
        text: str,
        importance: int = 0,
        evidence: Sequence[int] = (),
    ) -> "Memory":
        """Return the memory with one more record; importance 0 takes that of its kind."""
        weight = min(10, max(1, importance)) if importance else IMPORTANCE[kind]
        said, number = Words(text[:LONGEST_RECORD]), self.records + 1
        record = Record(number, tick, kind, said, weight, tick, tuple(evidence))
        counted = 0 if kind is RecordKind.INSIGHT else weight
        return changed(
            self,
            stream=_bounded((*self.stream, record)),
            records=number,
            unreflected=self.unreflected + counted,
        )

    def recalled(self, numbers: Iterable[int], tick: int) -> "Memory":
        """Return the memory after records have come to mind; those dropped since are left out."""
        wanted = set(numbers)
        return changed(
            self,
            stream=tuple(
                changed(one, accessed=tick) if one.number in wanted else one for one in self.stream
            ),
        )

    def noted(
        self, tick: int, people: Iterable[Note] = (), places: Iterable[Note] = ()
    ) -> "Memory":
        """Return the memory after people have been met and places visited."""
        return changed(
            self,
            people=_with_notes(self.people, people, tick),
            places=_with_notes(self.places, places, tick),
        )

    def experienced(self, plan: Plan, acts: Sequence[Act]) -> "Memory":
        """Return the memory with an experience; one that did the same makes way for it.

        Without acts there is nothing to do again, and so no experience.
        """
        if not acts:
            return self
        same = {
            number
            for number, one in self.experiences.items()
            if one.plan.place == plan.place and _doings(one.acts) == _doings(acts)
        }
        number = max(self.experiences, default=0) + 1
        kept = [one for one in self.experiences.values() if one.number not in same]
        kept = [*kept, Experience(number, plan, tuple(acts))][-MOST_EXPERIENCES:]
        return changed(self, experiences={one.number: one for one in kept})

    def reflected(self, tick: int, insights: Iterable[Insight]) -> "Memory":
        """Return the memory after a reflection, whether or not it has led to anything."""
        memory = self
        for one in insights:
            memory = memory.perceived(tick, RecordKind.INSIGHT, one.text, evidence=one.evidence)
        return changed(memory, unreflected=0)


def _with_notes(
    known: Mapping[str, Known], notes: Iterable[Note], tick: int
) -> Mapping[str, Known]:
    kept = dict(known)
    for note in notes:
        kept[note.name] = _with_note(kept.pop(note.name, Known()), note, tick)  # to the end
    dropped = sorted(kept, key=lambda name: kept[name].tick)[: max(0, len(kept) - MOST_KNOWN)]
    for name in dropped:
        del kept[name]
    return kept


def _with_note(known: Known, note: Note, tick: int) -> Known:
    episodes = known.episodes
    if note.episode:
        episodes = (*episodes, Episode(tick, Words(note.episode[:LONGEST_EPISODE])))
    return Known(
        Words(note.relationship[:LONGEST_RELATIONSHIP]) or known.relationship,
        Words(note.impression[:LONGEST_EPISODE]) or known.impression,  # a town's file may say more
        episodes[-MOST_EPISODES:],
        tick,
    )


def _bounded(stream: tuple[Record, ...]) -> tuple[Record, ...]:
    if len(stream) <= MOST_RECORDS:
        return stream
    older = stream[: len(stream) // 2]
    least = min(range(len(older)), key=lambda at: older[at].importance)
    return stream[:least] + stream[least + 1 :]


def _doings(acts: Sequence[Act]) -> list[tuple[tuple[str, str, str], int]]:
    return [(act.doing, act.amount) for act in acts]
