"""Macros: `{{char}}`, `{{random:A,B}}` and their like, replaced in the texts of a card.

They are replaced from the inside outwards. What is malformed or unknown stays as it was written,
and a name that is put in is never read as a macro itself. A text that is to stay the same from
prompt to prompt is expanded without chance: `{{random}}` and `{{roll}}` then keep to one value,
as `{{pick}}` always does. `{{comment: A}}` is left out here, as a prompt wants it.
Source: the Character Card V3 specification, "Curly Braced Syntaxes"; V1 for `<USER>` and `<BOT>`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Final

DEEPEST: Final = 20
"""Macros within each other; the outer ones of more stay as they were written."""

_INNERMOST: Final = re.compile(r"\{\{(?!\{)((?:(?!\{\{|\}\}).)*)\}\}", re.DOTALL)
_ANGLED: Final = re.compile(r"<(user|bot|char)>", re.IGNORECASE)
_COMMA: Final = re.compile(r"(?<!\\),")
_DIE: Final = re.compile(r"[dD]?([0-9]{1,7})")
_NOT_STEADY: Final = re.compile(r"\{\{\s*(random\s*:|roll\s*:|user)|<user>", re.IGNORECASE)

# While macros are replaced, characters of a name that mean something to them stand as these.
_SHIELD: Final = str.maketrans("{},<>", "\ue000\ue001\ue002\ue003\ue004")
_UNSHIELD: Final = str.maketrans("\ue000\ue001\ue002\ue003\ue004", "{},<>")


@dataclass(frozen=True)
class Macros:
    """What the macros of one prompt stand for."""

    char: str
    user: str
    seed: str = ""
    """Of the chat: the same seed and text give the same `{{pick}}`."""
    rng: Random | None = None
    """None: nothing changes from prompt to prompt."""

    def expand(self, text: str) -> str:
        """Return a text as it goes into the prompt."""
        return self._replaced(text, lambda _: "")

    def scanned(self, text: str) -> str:
        """Return a text as keys are looked for in it: hidden keys are there, comments are not."""
        return self._replaced(text, lambda hidden: hidden)

    def _replaced(self, text: str, hidden: Callable[[str], str]) -> str:
        if "{{" not in text and "<" not in text:
            return text
        text = _ANGLED.sub(lambda found: f"{{{{{_ANGLES[found[1].lower()]}}}}}", text)
        same = Random(f"{self.seed}/{text}")
        for _ in range(DEEPEST):
            text, count = _INNERMOST.subn(lambda found: self._value(found[1], hidden, same), text)
            if not count:
                break
        return text.translate(_UNSHIELD)

    def _value(self, written: str, hidden: Callable[[str], str], same: Random) -> str:
        """Return what one macro stands for; `same` is chance that stays as it is for this text."""
        name, colon, value = written.partition(":")
        value = value.removeprefix(":")
        match name.strip().lower(), bool(colon):
            case "char", False:
                return self.char.translate(_SHIELD)
            case "user", False:
                return self.user.translate(_SHIELD)
            case "random", True:
                return _chosen(value, self.rng or same)
            case "pick", True:
                return _chosen(value, same)
            case "roll", True if die := _DIE.fullmatch(value.strip()):
                return str((self.rng or same).randint(1, max(int(die[1]), 1)))
            case "hidden_key", True:
                return hidden(value)
            case "comment", True:
                return ""
            case "reverse", True:
                return value.strip()[::-1]
        if written.lstrip().startswith("//"):
            return ""
        return f"{{{{{written}}}}}".translate(_SHIELD)


def is_steady(text: str) -> bool:
    """Return whether a text comes out the same in every prompt of a chat."""
    return not _NOT_STEADY.search(text)


def _chosen(values: str, rng: Random) -> str:
    choices = [one.replace("\\,", ",").strip() for one in _COMMA.split(values)]
    return rng.choice(choices).replace(",", "\ue002")


_ANGLES: Final = {"user": "user", "bot": "char", "char": "char"}
