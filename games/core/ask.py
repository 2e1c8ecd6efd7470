"""Ask: one declaration of the answer that is wanted, which drives every face of the game.

From it come a terminal's numbered list, Discord's buttons, the JSON schema for a model, and
the check of whatever comes back.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from random import Random
from typing import Any, Final, TypeAlias
from zlib import crc32

from games.core import reading
from games.core.kind import Kind
from games.core.text import Text

Answer: TypeAlias = "str | int | float | tuple[str, ...] | Mapping[str, Answer] | None"
"""What `parse` gives: an option, a number, a text, several options, a form; None for a pass."""

PASS: Final = "pass"
"""What a seat says to leave an optional Ask unanswered."""

GRID: Final = "x-step"
"""In a schema, the distance between allowed numbers from "minimum" on: JSON Schema has no word."""

SMALL_TALK: Final = ("Let me think.", "I see it differently.", "Go on.", "Fair point.", "Perhaps.")


@dataclass(frozen=True)
class Ask:
    """A question put to one seat.

    With `choices` it wants one of them; with `at_most` as well, several; with `low` and `high`,
    a number; with `fields`, one answer for each; with none of these, text.
    """

    prompt: Text | str
    choices: tuple[str, ...] = ()
    at_least: int = 1
    """Fewest options to name, where several are wanted."""
    at_most: int = 0
    """Most options to name; 0 where exactly one is wanted."""
    low: float | None = None
    high: float | None = None
    step: float = 1
    """Distance between two allowed numbers, counted from `low`."""
    max_length: int = 500
    """Characters, for text."""
    fields: Mapping[str, "Ask"] = field(default_factory=dict)
    optional: bool = False
    """Whether the seat may pass; a pass is read as None."""
    default: str | None = None
    """The answer given for a silent seat, as text that `parse` accepts."""
    seconds: float | None = None
    """Time limit, from the moment the question is put."""
    public: bool = field(default=False, compare=False, repr=False)
    """Whether everybody may see the question and its options; otherwise only its seat may."""
    open_floor: bool = field(default=False, compare=False, repr=False)
    """Whether others may take the floor as well, so that bots let people speak first."""
    awaited: bool = field(default=True, compare=False, repr=False)
    """Whether the game waits for the default of a silent seat; otherwise nobody is hurried."""

    kind: Kind = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        number = self.low is not None or self.high is not None
        assert bool(self.choices) + number + bool(self.fields) <= 1, "An Ask has one shape."
        kind = Kind.TEXT
        if self.choices:
            kind = Kind.SEVERAL_OF if self.at_most else Kind.ONE_OF
        elif number:
            kind = Kind.NUMBER
            assert self.low is not None and self.high is not None, "A number needs low and high."
            assert self.low <= self.high and self.step > 0, "A number needs low <= high."
        elif self.fields:
            kind = Kind.FORM
        if kind is Kind.SEVERAL_OF:
            assert 0 <= self.at_least <= self.at_most <= len(self.choices), "Unreachable counts."
        object.__setattr__(self, "kind", kind)

    def parse(self, text: str) -> Answer:
        """Read what a person typed or a model sent.  Raises UnclearMove."""
        if text in self.choices and not self.at_most:  # a button, or one who types with care
            return self.choices[self.choices.index(text)]
        return reading.read(self, text)

    def json_schema(self) -> dict[str, Any]:
        """Return the JSON schema of an object that holds the answer.

        A form's fields are its properties; any other answer stands under "answer".
        """
        fields = self.fields or {"answer": self}
        return {
            "type": "object",
            "properties": {name: _schema(part) for name, part in fields.items()},
            "required": list(fields),
            "additionalProperties": False,
        }

    def hint(self) -> Text:
        """Return what kind of answer is wanted, in one short sentence."""
        return reading.hint(self)

    def sample(self, rng: Random) -> str:
        """Return a legal answer drawn at random, as text that `parse` accepts."""
        if self.choices and not self.at_most:  # the usual case first
            return rng.choice(self.choices)
        match self.kind:
            case Kind.SEVERAL_OF:
                count = rng.randint(self.at_least, self.at_most)
                return json.dumps(rng.sample(self.choices, count)) if count else PASS
            case Kind.NUMBER:
                return str(self.number(rng.randint(0, self.steps)))
            case Kind.FORM:
                return "\n".join(
                    f"{name}: {part.sample(rng)}" for name, part in self.fields.items()
                )
            case _:
                return self.default or rng.choice(SMALL_TALK)[: self.max_length]

    @property
    def whole(self) -> bool:
        """Whether every allowed number is a whole one."""
        return all(float(part or 0).is_integer() for part in (self.low, self.step))

    @property
    def steps(self) -> int:
        """How many steps lie between `low` and `high`, for a number."""
        assert self.low is not None and self.high is not None
        return int((self.high - self.low) / self.step + 1e-9)

    def number(self, steps: int) -> float:
        """Return the allowed number so many steps above `low`; whole ones as int."""
        assert self.low is not None
        value = self.low + steps * self.step
        return int(value) if float(value).is_integer() else round(value, 9)

    def digest(self) -> int:
        """Return a number that two Asks share only when they put the same question."""
        return self._digest

    @cached_property
    def _digest(self) -> int:
        return crc32(repr(self).encode("utf-8", "replace"))


def _schema(ask: Ask) -> dict[str, Any]:
    schema: dict[str, Any]
    match ask.kind:
        case Kind.ONE_OF:
            schema = {"type": "string", "enum": [str(choice) for choice in ask.choices]}
        case Kind.SEVERAL_OF:
            items = {"type": "string", "enum": [str(choice) for choice in ask.choices]}
            schema = {
                "type": "array",
                "items": items,
                "minItems": ask.at_least,
                "maxItems": ask.at_most,
                "uniqueItems": True,
            }
        case Kind.NUMBER:
            schema = {
                "type": "integer" if ask.whole else "number",
                "minimum": ask.number(0),
                "maximum": ask.number(ask.steps),
            }
            if 0 < ask.steps <= 100 and not (ask.whole and ask.step == 1):
                schema = {"enum": [ask.number(step) for step in range(ask.steps + 1)]}
            elif ask.whole and ask.step != 1 and ask.number(0) % ask.step == 0:
                schema["multipleOf"] = ask.step
            elif not (ask.whole and ask.step == 1):
                schema[GRID] = ask.step
        case Kind.FORM:
            schema = ask.json_schema()
        case Kind.TEXT:
            schema = {"type": "string", "minLength": 1, "maxLength": ask.max_length}
    schema["description"] = str(ask.prompt)
    return {"anyOf": [schema, {"type": "null"}]} if ask.optional else schema
