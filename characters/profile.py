"""What Parlour's own cards say beyond the standard: names, the era, the present, the life."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan
from typing import Final

from characters.errors import BadCard
from characters.fields import Fields, wrong

TALKATIVENESS: Final = 0.5
"""How often a character speaks unasked, 0 to 1, where its card does not say."""


@dataclass(frozen=True)
class Era:
    """What a person of a time can know; years before Christ are negative."""

    first_year: int
    last_year: int
    """The year in which one meets the character."""
    knows: str
    cannot_know: str
    manner: str
    """How this person meets what it has never heard of."""


@dataclass(frozen=True)
class Now:
    """Where one meets the character."""

    place: str
    time: str
    status: str
    """What it is doing, in one sentence."""


@dataclass(frozen=True)
class Scene:
    """Something that happened in the character's life."""

    year: int
    date: str
    """As people say it, such as "winter of 432 BC"."""
    place: str
    people: Sequence[str]
    scene: str
    source: str


@dataclass(frozen=True)
class Profile:
    """What stands in `extensions.parlour`; of other people's cards only what can be known."""

    aliases: Sequence[str] = ()
    talkativeness: float = TALKATIVENESS
    born: str = ""
    died: str = ""
    era: Era | None = None
    now: Now | None = None
    life: Sequence[Scene] = ()
    sources: Sequence[str] = ()


def read_profile(extensions: Fields) -> Profile:
    """Return the profile in the extensions of a card.  Raises BadCard."""
    own = extensions.within("parlour")
    if own is None:
        return Profile(talkativeness=_foreign_talkativeness(extensions))
    talkativeness = own.number("talkativeness")
    if talkativeness is None:
        talkativeness = _foreign_talkativeness(extensions)
    return Profile(
        tuple(filter(None, own.texts("aliases"))),
        _share(talkativeness),
        own.text("born"),
        own.text("died"),
        _era(own.within("era")),
        _now(own.within("now")),
        tuple(map(_scene, own.objects("life"))),
        tuple(own.texts("sources")),
    )


def _foreign_talkativeness(extensions: Fields) -> float:
    """Return what other programs wrote, some of them as text; the default where it is no number."""
    value = extensions.values.get("talkativeness")
    try:
        return _share(float(value)) if isinstance(value, str | int | float) else TALKATIVENESS
    except (ValueError, OverflowError):
        return TALKATIVENESS


def _share(number: float) -> float:
    """Return a number within 0 to 1; what is no number at all counts as the default."""
    return TALKATIVENESS if isnan(number) else min(1.0, max(0.0, number))


def _era(fields: Fields | None) -> Era | None:
    if fields is None:
        return None
    first, last = _year(fields, "first_year"), _year(fields, "last_year")
    if first > last:
        raise BadCard(f"“{fields.where}first_year” in the card is after its last_year: swap them.")
    return Era(first, last, *map(fields.text, ("knows", "cannot_know", "manner")))


def _now(fields: Fields | None) -> Now | None:
    return Now(*map(fields.text, ("place", "time", "status"))) if fields else None


def _scene(fields: Fields) -> Scene:
    return Scene(
        _year(fields, "year"),
        fields.text("date"),
        fields.text("place"),
        tuple(fields.texts("people")),
        fields.text("scene"),
        fields.text("source"),
    )


def _year(fields: Fields, name: str) -> int:
    year = fields.whole(name)
    if year is None:
        raise BadCard(wrong(fields.where + name, "a year", None))
    return year
