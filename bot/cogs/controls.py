"""From an Ask to what Discord shows for it, and from what comes back to an answer.

A custom id says what a control does: a verb, the match, the question, and the choice. Nothing is
kept in memory for it, so controls work after a restart, and nothing secret stands in one.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import discord
from discord import ui

from bot.languages import ENGLISH, Language, shown_choice
from games.core import PASS, Ask, Kind

PREFIX: Final = "p"
MOST_BUTTONS, MOST_OPTIONS, MOST_FIELDS = 5, 25, 5
LABEL, TITLE, PLACEHOLDER, VALUE = 80, 45, 100, 4000
"""Discord's limits, in characters."""
PASSED: Final = "pass"
"""The choice of a control that leaves a question unanswered."""


@dataclass(frozen=True)
class Pressed:
    """What a custom id says."""

    verb: str
    match_id: str
    rest: Sequence[str] = ()

    @property
    def custom_id(self) -> str:
        """Return it as a custom id; at most 100 characters."""
        return ":".join((PREFIX, self.verb, self.match_id, *self.rest))


def read_custom_id(text: str) -> Pressed | None:
    """Return what a custom id says; None for one that is not ours."""
    prefix, *parts = text.split(":")
    if prefix != PREFIX or len(parts) < 2 or not all(parts):
        return None
    return Pressed(parts[0], parts[1], tuple(parts[2:]))


def button(
    label: str,
    pressed: Pressed,
    style: discord.ButtonStyle = discord.ButtonStyle.secondary,
    *,
    disabled: bool = False,
    row: int | None = None,
) -> ui.Button[Any]:
    """Return a button that says what it does by its custom id alone."""
    return ui.Button(
        label=cut(label, LABEL),
        custom_id=pressed.custom_id,
        style=style,
        disabled=disabled,
        row=row,
    )


def view(items: Sequence[ui.Item[Any]]) -> ui.View:
    """Return a view that discord.py does not keep: its presses are read from custom ids."""
    made = ui.View(timeout=None)
    for item in items:
        made.add_item(item)
    made.stop()
    return made


def answer_controls(
    match_id: str, ask_id: str, ask: Ask, language: Language = ENGLISH
) -> Sequence[ui.Item[Any]]:
    """Return the controls that answer an Ask at one press; at most a pass where it is typed."""
    labels = [shown_choice(language, choice) for choice in ask.choices]
    items: list[ui.Item[Any]] = []
    if ask.kind is Kind.ONE_OF and len(labels) <= MOST_BUTTONS:
        items += [
            button(
                label,
                Pressed("a", match_id, (ask_id, str(index))),
                discord.ButtonStyle.primary,
                row=0,
            )
            for index, label in enumerate(labels)
        ]
    elif not is_typed(ask):
        least, most = (1, 1) if not ask.at_most else (ask.at_least, ask.at_most)
        options = [
            discord.SelectOption(label=cut(label, 100), value=str(index))
            for index, label in enumerate(labels)
        ]
        select: ui.Select[Any] = ui.Select(
            custom_id=Pressed("s", match_id, (ask_id,)).custom_id,
            options=options,
            min_values=least,
            max_values=most,
            placeholder=cut(language.say(ask.prompt), PLACEHOLDER),
            row=0,
        )
        items.append(select)
    if ask.optional:
        items.append(button(language.say("Pass"), Pressed("a", match_id, (ask_id, PASSED)), row=1))
    return items


def is_typed(ask: Ask) -> bool:
    """Return whether an answer is typed: text, a number, a form, or one of too many options."""
    return not ask.choices or len(ask.choices) > MOST_OPTIONS


def modal(match_id: str, ask_id: str, ask: Ask, language: Language) -> ui.Modal:
    """Return a modal for an Ask: text, a number, a form, or options too many for a select."""
    title = language.say("Your answer")
    made = ui.Modal(title=cut(title, TITLE), custom_id=Pressed("m", match_id, (ask_id,)).custom_id)
    if ask.kind is Kind.FORM and len(ask.fields) <= MOST_FIELDS:
        for name, part in ask.fields.items():
            made.add_item(_labelled(name, name, part, language))
    else:
        made.add_item(_labelled(title, "answer", ask, language))
    made.stop()
    return made


def chosen(ask: Ask, indices: Sequence[str]) -> str | None:
    """Return the answer that the choices of buttons or a select make; None for none of ours."""
    if list(indices) == [PASSED]:
        return PASS if ask.optional else None
    known = {str(index): str(choice) for index, choice in enumerate(ask.choices)}
    if not all(index in known for index in indices) or not (ask.at_most or len(indices) == 1):
        return None
    choices = [known[index] for index in indices]
    return json.dumps(choices) if ask.at_most else choices[0]


def typed(ask: Ask, values: Mapping[str, str | list[str]]) -> str:
    """Return the answer that the inputs of a modal make."""
    if ask.kind is Kind.FORM and len(ask.fields) <= MOST_FIELDS:
        given = {name: _field(part, values.get(name, "")) for name, part in ask.fields.items()}
        return json.dumps(given, ensure_ascii=False)
    value = values.get("answer", "")
    return value if isinstance(value, str) else json.dumps(value)


def data_of(interaction: discord.Interaction[Any]) -> Mapping[str, Any]:
    """Return what an interaction carries, whatever its kind."""
    data: Any = interaction.data  # typed as one of several dictionaries that share few keys
    return data or {}


def picked(interaction: discord.Interaction[Any]) -> Sequence[str]:
    """Return the values that were picked in a select."""
    return [str(value) for value in data_of(interaction).get("values", ())]


def modal_values(components: Any) -> dict[str, str | list[str]]:
    """Return the inputs of a submitted modal by custom id, wherever they stand in it."""
    found: dict[str, str | list[str]] = {}
    for part in _inputs(components):
        value = part.get("value", part.get("values", ""))
        found[str(part["custom_id"])] = value if isinstance(value, str) else list(map(str, value))
    return found


def cut(text: str, limit: int) -> str:
    """Return a text that fits, with an ellipsis where something is left off."""
    text = " ".join(text.split()) or "…"
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def _inputs(components: Any) -> Iterator[Mapping[str, Any]]:
    for part in components or ():
        if "component" in part:
            yield from _inputs([part["component"]])
        elif "components" in part:
            yield from _inputs(part["components"])
        elif "custom_id" in part:
            yield part


def _labelled(label: str, custom_id: str, ask: Ask, language: Language) -> ui.Label[Any]:
    return ui.Label(
        text=cut(label, TITLE),
        description=cut(language.say(ask.prompt), 100),
        component=_input(custom_id, ask, language),
    )


def _input(custom_id: str, ask: Ask, language: Language) -> ui.Item[Any]:
    if ask.kind is Kind.ONE_OF and len(ask.choices) <= MOST_OPTIONS:
        options = [
            discord.SelectOption(label=cut(shown_choice(language, choice), 100), value=str(index))
            for index, choice in enumerate(ask.choices)
        ]
        return ui.Select(custom_id=custom_id, options=options, required=not ask.optional)
    long = ask.kind is Kind.FORM or (ask.kind is Kind.TEXT and ask.max_length > 200)
    return ui.TextInput(
        custom_id=custom_id,
        style=discord.TextStyle.paragraph if long else discord.TextStyle.short,
        placeholder=cut(language.say(ask.hint()), PLACEHOLDER),
        required=not ask.optional,
        max_length=min(ask.max_length, VALUE) if ask.kind is Kind.TEXT else None,
    )


def _field(ask: Ask, value: str | list[str]) -> str | list[str] | None:
    if isinstance(value, list):
        return chosen(ask, value) if value else None
    return value or None
