"""A language: the sentences of the catalogue beside this file, and what they are put into.

The English sentence is the key. One that a catalogue does not have is shown in English, and what
somebody has said is in no catalogue.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

from bot.errors import ShownToUser
from games.core import PASS, Ask, Board, Seat, Text, quoted
from games.core.text import shown

FOLDER: Final = Path(__file__).parent
_ENGLISH: Final = "en"


@dataclass(frozen=True)
class Language:
    """One language that people can read."""

    code: str
    """An ISO 639-1 code such as "de"."""
    sentences: Mapping[str, str] = field(default_factory=dict, repr=False)
    """By their English original."""

    @property
    def own_name(self) -> str:
        """What its speakers call it, such as "Deutsch"."""
        return _name(self.code, self.code)

    @property
    def english_name(self) -> str:
        """What it is called in English, such as "German"."""
        return _name(self.code, _ENGLISH)

    @property
    def asked_for(self) -> str:
        """What models are told to speak, by its English name; English they speak unasked."""
        return "" if self.code == _ENGLISH else self.english_name

    def translate(self, template: str) -> str:
        """Return a template in this language."""
        return self.sentences.get(template, template)

    def say(self, sentence: object, name: Callable[[Seat], str] = str) -> str:
        """Return a sentence, option or value as people read it.

        A str is a sentence of our own that has no values; what somebody has said must stand in a
        Text.
        """
        if type(sentence) is str:
            return self.translate(sentence)
        return shown(sentence, name, self.translate)

    def say_error(self, error: Exception) -> str:
        """Return the sentence of an error that is meant for people."""
        return self.say(error.args[0]) if error.args else str(error)

    def board(self, board: Board) -> Board:
        """Return a board as it is written in this language."""
        return board.translated(self.translate)

    def understand(self, ask: Ask, answer: str) -> str:
        """Return an answer in which an option named in this language is as the game knows it."""
        if ask.fields:
            return "\n".join(self._understand_line(ask, line) for line in answer.split("\n"))
        folded = answer.strip(" .!").casefold()
        for choice in ask.choices:
            if type(choice) is not Seat and folded == shown_choice(self, choice).casefold():
                return str(choice)
        if ask.optional and folded == self.translate("pass").casefold():
            return PASS
        return answer

    def _understand_line(self, form: Ask, line: str) -> str:
        name, colon, value = line.partition(":")
        part = form.fields.get(name.strip())
        return f"{name}: {self.understand(part, value)}" if part and colon else line


def shown_choice(language: Language, choice: str) -> str:
    """Return an option as people read it: the game's own words translated, all others not."""
    return shown(choice, translate=language.translate)


ENGLISH: Final = Language(_ENGLISH)


def codes() -> tuple[str, ...]:
    """Return the languages that there are, English first."""
    return (_ENGLISH, *sorted(file.stem for file in FOLDER.glob("*.po")))


@cache
def language(code: str) -> Language:
    """Return a language by its code; English for one that there is not."""
    if code not in codes() or code == _ENGLISH:
        return ENGLISH
    # Imported here: whoever only reads English need not wait for it.
    from babel.messages.pofile import read_po

    with (FOLDER / f"{code}.po").open("rb") as file:
        catalogue = read_po(file, locale=code)
    entries = [entry for entry in catalogue if entry.id and entry.string]  # the header has no id
    return Language(code, {str(entry.id): str(entry.string) for entry in entries})


def find_language(code: str) -> Language:
    """Return a language by its code.  Raises ShownToUser."""
    if code.casefold() not in codes():
        told = "There is no language {code}; there are {codes}."
        raise ShownToUser(Text(told, code=quoted(code), codes=codes()))
    return language(code.casefold())


def _name(code: str, among: str) -> str:
    from babel import Locale

    return Locale.parse(code).get_language_name(among) or code
