"""From messages to the text of a prompt, by the chat template that a model brings along.

A template never sees what people wrote: it gets a mark in the place of each message's content,
and the content comes in afterwards as a segment of its own, in which no control token counts.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from jinja2.exceptions import TemplateError

from bot.errors import OperatorError
from bot.models.llama.sandbox import Sandbox, TooMuch
from games.core import quoted

CHATML: Final = (
    "{% for message in messages %}"
    "{{ '<|im_start|>' + message.role + '\n' + message.content + '<|im_end|>\n' }}"
    "{% endfor %}{{ '<|im_start|>assistant\n' }}"
)
"""For models that bring no template along."""
LONGEST_TEMPLATE: Final = 100_000
"""Characters."""
SECONDS: Final = 1.0
"""For one rendering; usual templates take a thousandth of that."""

_MARK: Final = re.compile("\ue000(\\d{1,6})\ue001")
_ROLES: Final = frozenset({"system", "user", "assistant"})

Message = Mapping[str, str]


@dataclass(frozen=True)
class Segment:
    """A stretch of a prompt."""

    text: str
    special: bool
    """Whether control tokens count in it: it is the template's, and nobody has typed it."""


class _Refused(TemplateError):
    """The template itself refuses these messages."""


class ChatTemplate:
    """The template of one model; it renders one prompt at a time."""

    def __init__(self, source: str | None, model: str, begin: str = "", end: str = "") -> None:
        """Take a template, None for ChatML; `begin` and `end` are the texts of BOS and EOS.

        Raises OperatorError for one that cannot be used: it is tried at once.
        """
        self._model = model
        self._given = {"bos_token": begin, "eos_token": end}
        self._sandbox = Sandbox()
        source = CHATML if source is None else source
        if len(source) > LONGEST_TEMPLATE:
            raise self._fault("it is too long")
        try:
            self._template = self._sandbox.from_string(source)
        except Exception as why:  # noqa: BLE001 -- a template can go wrong in any way
            raise self._fault(_reason(why)) from None
        self.segments([{"role": "user", "content": "Hello"}], date(2000, 1, 1))

    def segments(self, messages: Sequence[Message], today: date) -> list[Segment]:
        """Return the prompt up to where the model goes on.  Raises OperatorError.

        Where a template knows no system role, the first user message begins with its content.
        """
        plain = _merged(messages)
        why = "it leaves out what is said"
        for attempt in (plain, _merged(_without_system(plain))):
            try:
                text = self._rendered(attempt, today)
            except _Refused as refusal:
                why = f"it says {quoted(str(refusal), 80)}"
                continue
            found = [int(mark) for mark in _MARK.findall(text)]
            if set(found) == set(range(len(attempt))):
                return list(_filled(text, [message["content"] for message in attempt]))
        raise self._fault(why)

    def _rendered(self, messages: Sequence[Message], today: date) -> str:
        marked = [
            {"role": message["role"], "content": f"\ue000{at}\ue001"}
            for at, message in enumerate(messages)
        ]
        values: dict[str, Any] = {
            **self._given,
            "messages": marked,
            "add_generation_prompt": True,
            "enable_thinking": False,
            "raise_exception": _refuse,
            "strftime_now": lambda form: today.strftime(form[:40]),
        }
        try:
            return self._sandbox.written(self._template, SECONDS, **values)
        except _Refused:
            raise
        except Exception as why:  # noqa: BLE001
            raise self._fault(_reason(why)) from None

    def _fault(self, why: str) -> OperatorError:
        return OperatorError(
            f"The chat template of {self._model} cannot be used: {why}. Another one can be set in "
            'models.toml, such as template = "chatml".'
        )


def _reason(why: Exception) -> str:
    """Return what is wrong with a template, after "cannot be used: "."""
    if isinstance(why, TooMuch):
        return f"it {why}"
    if isinstance(why, RecursionError | MemoryError):
        return "it is nested too deeply"
    return quoted(str(why) or type(why).__name__, 120)


def _refuse(reason: object) -> None:
    raise _Refused(str(reason))


def _merged(messages: Sequence[Message]) -> list[Message]:
    """Return messages in which no role comes twice in a row: many templates insist on that."""
    merged: list[Message] = []
    for message in messages:
        role = message["role"] if message["role"] in _ROLES else "user"
        content = message["content"].strip()
        if merged and merged[-1]["role"] == role:
            content = f"{merged.pop()['content']}\n\n{content}"
        merged.append({"role": role, "content": content})
    return merged


def _without_system(messages: Sequence[Message]) -> list[Message]:
    return [
        {**message, "role": "user"} if message["role"] == "system" else message
        for message in messages
    ]


def _filled(text: str, contents: Sequence[str]) -> Iterator[Segment]:
    """Yield the template's own text and, for each mark in it, what belongs there."""
    for at, part in enumerate(_MARK.split(text)):
        segment = (
            Segment(contents[int(part)], special=False) if at % 2 else Segment(part, special=True)
        )
        if segment.text:
            yield segment
