"""Character cards of all three versions, as one thing.

Source: the Character Card specifications V1, V2 and V3.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, cast

from characters.documents import children
from characters.errors import BadCard
from characters.fields import Fields
from characters.lorebook import Lorebook, read_lorebook
from characters.profile import Profile, read_profile
from games.core import clean, quoted

V2: Final = "chara_card_v2"
V3: Final = "chara_card_v3"
LORE: Final = "lorebook_v3"
NEWEST: Final = 3.0
"""The newest `spec_version` known here; a newer one is imported with a warning."""
LONGEST_NAME: Final = 100
"""Characters."""
MOST_TEXT: Final = 1_000_000
"""Characters of all that may come into a prompt."""


@dataclass(frozen=True)
class Asset:
    """A picture or another file that belongs to a card."""

    type: str
    """Such as "icon" or "emotion"."""
    uri: str
    name: str
    ext: str

    @property
    def is_portrait(self) -> bool:
        """Whether this is the one picture that stands for the character."""
        return (self.type, self.name) == ("icon", "main")


@dataclass(frozen=True)
class Card:
    """A character: the whole document as it was read, and what it says, cleaned."""

    document: Mapping[str, object]
    """Never changed, so that whatever was in it is there when the card is written again."""
    version: int
    """1, 2 or 3."""
    name: str
    nickname: str = ""
    description: str = ""
    personality: str = ""
    scenario: str = ""
    first_message: str = ""
    alternate_greetings: Sequence[str] = ()
    group_only_greetings: Sequence[str] = ()
    example_dialogue: str = ""
    system_prompt: str = ""
    post_history_instructions: str = ""
    creator_notes: str = ""
    """For people who choose a card; never in a prompt."""
    tags: Sequence[str] = ()
    creator: str = ""
    character_version: str = ""
    assets: Sequence[Asset] = ()
    book: Lorebook | None = None
    profile: Profile = field(default_factory=Profile)
    warnings: Sequence[str] = ()
    """A sentence about each thing that is not as it should be, and was imported all the same."""

    @property
    def data(self) -> Mapping[str, object]:
        """The part of the document in which the fields stand."""
        inner = self.document if self.version == 1 else self.document["data"]
        return cast("Mapping[str, object]", inner)

    @property
    def called(self) -> str:
        """What one calls the character, and what {{char}} stands for."""
        return self.nickname or self.name


def read_card(document: Mapping[str, object]) -> Card:
    """Return the card in a JSON object.  Raises BadCard."""
    version = _version(document)
    data = Fields(document) if version == 1 else Fields(document).within("data")
    if data is None:
        raise BadCard("The card has no “data”, where all that it says stands: export it anew.")
    if (length := _length(data.values)) > MOST_TEXT:
        raise BadCard(
            f"The card has {length:,} characters of text, and {MOST_TEXT:,} is the most: "
            "shorten it or its lorebook."
        )
    book = data.within("character_book")
    return Card(
        document,
        version,
        _name(data),
        _one_line(data.text("nickname"))[:LONGEST_NAME],
        data.text("description"),
        data.text("personality"),
        data.text("scenario"),
        data.text("first_mes"),
        _said(data, "alternate_greetings"),
        _said(data, "group_only_greetings"),
        data.text("mes_example"),
        data.text("system_prompt"),
        data.text("post_history_instructions"),
        data.text("creator_notes"),
        _said(data, "tags"),
        _one_line(data.text("creator")),
        _one_line(data.text("character_version")),
        tuple(map(_asset, data.objects("assets"))),
        None if book is None else read_lorebook(book.values),
        read_profile(data.within("extensions") or Fields({})),
        _warnings(document, version),
    )


def _version(document: Mapping[str, object]) -> int:
    spec = document.get("spec")
    if spec in (V2, V3):
        return 2 if spec == V2 else 3
    if spec == LORE:
        raise BadCard("This is a lorebook and no character: put it into a character's card.")
    if spec is not None:
        named = quoted(spec) if isinstance(spec, str) else "of no kind at all"
        raise BadCard(f"The card's “spec” is {named}; it has to be {V2} or {V3}: export it anew.")
    return 1


def _name(data: Fields) -> str:
    name = _one_line(data.text("name"))
    if not name:
        raise BadCard("The card has no name: fill in its “name”.")
    if len(name) > LONGEST_NAME:
        raise BadCard(
            f"The name in the card has {len(name):,} characters, and {LONGEST_NAME} is the most: "
            "shorten it."
        )
    return name


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _said(data: Fields, name: str) -> Sequence[str]:
    return tuple(text for text in data.texts(name) if text)


def _asset(fields: Fields) -> Asset:
    return Asset(*map(fields.text, ("type", "uri", "name", "ext")))


def _length(data: Mapping[str, object]) -> int:
    """Return how many characters of text there are, without pictures that stand in `assets`."""
    length, level = 0, [value for name, value in data.items() if name != "assets"]
    while level:
        length += sum(len(one) for one in level if isinstance(one, str))
        level = [child for one in level for child in children(one)]
    return length


def _warnings(document: Mapping[str, object], read_as: int) -> Sequence[str]:
    if read_as < 3:
        return ()
    said = document.get("spec_version")
    try:
        newer = float(said) > NEWEST if isinstance(said, str | int | float) else None
    except (ValueError, OverflowError):
        newer = None
    if newer is None:
        return ("The card does not say its “spec_version” as a number; it was read as 3.0.",)
    if not newer:
        return ()
    version = clean(str(said), 20)
    return (f"The card is of version {version}, newer than 3.0: what is new is kept, not used.",)
