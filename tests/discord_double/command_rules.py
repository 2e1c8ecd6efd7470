"""What application commands may be when they are registered."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from tests.discord_double.errors import MANY_COMMANDS, ApiError, invalid, need_length

Json = Mapping[str, Any]
CHAT_INPUT, ON_USER, ON_MESSAGE = 1, 2, 3
AT_MOST = {CHAT_INPUT: 100, ON_USER: 15, ON_MESSAGE: 15}
SUBCOMMAND, GROUP, STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, FILE = range(
    1, 12
)
NESTED = (SUBCOMMAND, GROUP)
NAME = re.compile(r"[-_'\w]{1,32}")
CHARACTERS = 8000


def check_commands(commands: Sequence[Json]) -> None:
    """Refuse a set of commands that Discord would refuse."""
    kinds = Counter(command.get("type", CHAT_INPUT) for command in commands)
    if any(number > AT_MOST[kind] for kind, number in kinds.items()):
        raise ApiError(*MANY_COMMANDS)
    for at, command in enumerate(commands):
        check_command(str(at), command)
    names = [(command.get("type", CHAT_INPUT), command["name"]) for command in commands]
    if len(set(names)) < len(names):
        code = "APPLICATION_COMMANDS_DUPLICATE_NAME"
        raise invalid("name", code, "Application command names must be unique")


def check_command(path: str, command: Json) -> None:
    if command.get("type", CHAT_INPUT) != CHAT_INPUT:
        need_length(f"{path}.name", command.get("name"), 1, 32)
        need_length(f"{path}.description", command.get("description"), 0, 0)
        need_length(f"{path}.options", command.get("options"), 0, 0)
        return
    _check_named(path, command)
    _check_options(path, command.get("options") or [], depth=0)
    if _characters(command) > CHARACTERS:
        code = "APPLICATION_COMMAND_TOO_LARGE"
        raise invalid(path, code, f"Command exceeds maximum size of {CHARACTERS}")


def _check_named(path: str, named: Json) -> None:
    name = named.get("name") or ""
    if not NAME.fullmatch(name) or name != name.lower():
        code = "APPLICATION_COMMAND_INVALID_NAME"
        raise invalid(f"{path}.name", code, "Command name is invalid")
    need_length(f"{path}.description", named.get("description"), 1, 100)


def _check_options(path: str, options: Sequence[Json], *, depth: int) -> None:
    need_length(f"{path}.options", options, 0, 25)
    nested = [option.get("type") in NESTED for option in options]
    if any(nested) and not all(nested):
        code = "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID"
        raise invalid(f"{path}.options", code, "Subcommands exclude all other types of options")
    if len({option.get("name") for option in options}) < len(options):
        code = "APPLICATION_COMMAND_OPTIONS_NAME_INVALID"
        raise invalid(f"{path}.options", code, "Option names must be unique")
    required = [bool(option.get("required")) for option in options]
    if not any(nested) and required != sorted(required, reverse=True):
        code = "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID"
        message = "Required options must be placed before non-required options"
        raise invalid(f"{path}.options", code, message)
    for at, option in enumerate(options):
        _check_option(f"{path}.options.{at}", option, depth=depth)


def _check_option(path: str, option: Json, *, depth: int) -> None:
    _check_named(path, option)
    kind = option.get("type")
    allowed = range(1, 12) if depth == 0 else range(1 if depth == 1 else 3, 12)
    if kind not in allowed or (depth == 1 and kind == GROUP):
        code = "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID"
        raise invalid(f"{path}.type", code, "Sub-command option type is invalid here")
    if kind in NESTED:
        _check_options(path, option.get("options") or [], depth=1 if kind == GROUP else 2)
        return
    choices = option.get("choices") or []
    need_length(f"{path}.choices", choices, 0, 25)
    if option.get("autocomplete") and (choices or kind not in (STRING, INTEGER, NUMBER)):
        code = "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID"
        raise invalid(f"{path}.autocomplete", code, "Autocomplete is not possible here")
    check_choices(f"{path}.choices", choices)


def check_choices(path: str, choices: Sequence[Json]) -> None:
    """Choices of an option, or of an autocomplete's answer."""
    need_length(path, choices, 0, 25)
    for at, choice in enumerate(choices):
        need_length(f"{path}.{at}.name", choice.get("name"), 1, 100)
        if isinstance(choice.get("value"), str):
            need_length(f"{path}.{at}.value", choice["value"], 1, 100)


def _characters(part: Json) -> int:
    """Characters of names, descriptions and values, the options' own among them."""
    texts = [part.get("name"), part.get("description"), part.get("value")]
    here = sum(len(str(text)) for text in texts if text)
    inner = [*(part.get("options") or []), *(part.get("choices") or [])]
    return here + sum(_characters(entry) for entry in inner)
