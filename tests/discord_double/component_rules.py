"""What buttons, selects and the newer parts of a message may be."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tests.discord_double.errors import invalid, need_length, need_number
from tests.discord_double.state import walk

Json = Mapping[str, Any]
ROW, BUTTON, SELECT, INPUT = 1, 2, 3, 4
USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT = 5, 6, 7, 8
SECTION, TEXT_DISPLAY, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER = 9, 10, 11, 12, 13, 14, 17
SELECTS = (SELECT, USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT)
OLDER = (ROW, BUTTON, *SELECTS)
NEWER = (*OLDER, SECTION, TEXT_DISPLAY, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER)
LINK, PREMIUM = 5, 6
"""Styles of buttons that send no interaction."""
PARTS, DISPLAYED = 40, 4000
"""Parts, and characters in text displays, of a newer message."""


def check_components(components: Sequence[Json], *, newer: bool) -> None:
    """Refuse a message's components that Discord would refuse."""
    if not newer:
        need_length("components", components, 0, 5)
    allowed = NEWER if newer else OLDER
    tops = (ROW, *NEWER[len(OLDER) :]) if newer else (ROW,)
    for at, part in enumerate(components):
        if part.get("type") not in tops:
            raise _wrong_type(f"components.{at}", tops)
        check_part(f"components.{at}", part, allowed)
    parts = list(walk(list(components)))  # type: ignore[arg-type]
    check_unique([part["custom_id"] for part in parts if part.get("custom_id")])
    written = sum(len(part["content"]) for part in parts if part["type"] == TEXT_DISPLAY)
    if newer and len(parts) > PARTS:
        raise invalid("components", "BASE_TYPE_MAX_LENGTH", "Must be 40 or fewer in length.")
    if newer and written > DISPLAYED:
        code = "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED"
        raise invalid("components", code, "Components displayable text size exceeds 4000")


def check_unique(custom_ids: Sequence[str]) -> None:
    if len(set(custom_ids)) < len(custom_ids):
        code = "COMPONENT_CUSTOM_ID_DUPLICATED"
        raise invalid("components", code, "Component custom id cannot be duplicated")


def _wrong_type(path: str, allowed: Sequence[int]) -> Exception:
    message = f'Value of field "type" must be one of {tuple(allowed)}.'
    return invalid(f"{path}.type", "UNION_TYPE_CHOICES", message)


def check_part(path: str, part: Json, allowed: Sequence[int]) -> None:
    """Check one part and those inside it."""
    kind = part.get("type")
    if kind not in allowed:
        raise _wrong_type(path, allowed)
    if (check := CHECKS.get(part["type"])) is not None:
        check(path, part)
    for at, inner in enumerate(part.get("components") or []):
        check_part(f"{path}.components.{at}", inner, allowed)
    if part.get("accessory"):
        check_part(f"{path}.accessory", part["accessory"], allowed)


def _row(path: str, part: Json) -> None:
    inner = part.get("components") or []
    buttons = bool(inner) and inner[0].get("type") == BUTTON
    need_length(f"{path}.components", inner, 1, 5 if buttons else 1)
    for at, entry in enumerate(inner):
        kinds = (BUTTON,) if buttons else SELECTS
        if entry.get("type") not in kinds:
            raise _wrong_type(f"{path}.components.{at}", kinds)


def _button(path: str, part: Json) -> None:
    need_length(f"{path}.label", part.get("label"), 0, 80)
    if part.get("style") not in range(1, 7):
        code = "BASE_TYPE_CHOICES"
        raise invalid(f"{path}.style", code, "Value must be one of (1, 2, 3, 4, 5, 6).")
    if part["style"] == LINK:
        need_length(f"{path}.url", part.get("url"), 1, 512)
    elif part["style"] != PREMIUM:
        need_length(f"{path}.custom_id", part.get("custom_id"), 1, 100)
    if part["style"] != PREMIUM and not (part.get("label") or part.get("emoji")):
        code = "BUTTON_COMPONENT_INVALID_LABEL"
        raise invalid(f"{path}.label", code, "A button needs a label or an emoji.")


def check_select(path: str, part: Json) -> None:
    need_length(f"{path}.custom_id", part.get("custom_id"), 1, 100)
    need_length(f"{path}.placeholder", part.get("placeholder"), 0, 150)
    least, most = part.get("min_values", 1), part.get("max_values", 1)
    need_number(f"{path}.min_values", least, 0, 25)
    need_number(f"{path}.max_values", most, 1, 25)
    if least > most:
        raise invalid(f"{path}.min_values", "NUMBER_TYPE_MAX", "Must not exceed max_values.")
    if part.get("type") == SELECT:
        check_options(path, part.get("options") or [], most)


def check_options(path: str, options: Sequence[Json], most: int) -> None:
    need_length(f"{path}.options", options, 1, 25)
    for at, option in enumerate(options):
        need_length(f"{path}.options.{at}.label", option.get("label"), 1, 100)
        need_length(f"{path}.options.{at}.value", option.get("value"), 1, 100)
        need_length(f"{path}.options.{at}.description", option.get("description"), 0, 100)
    if len({option["value"] for option in options}) < len(options):
        code = "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED"
        raise invalid(f"{path}.options", code, "The specified option value is already used")
    if sum(bool(option.get("default")) for option in options) > most:
        code = "SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES"
        raise invalid(f"{path}.options", code, "Too many default values")
    if most > len(options):
        code = "SELECT_COMPONENT_MAX_VALUES_TOO_LARGE"
        raise invalid(f"{path}.max_values", code, "More values than options")


def _section(path: str, part: Json) -> None:
    need_length(f"{path}.components", part.get("components"), 1, 3)
    if not part.get("accessory"):
        raise invalid(f"{path}.accessory", "BASE_TYPE_REQUIRED", "This field is required")


def _text_display(path: str, part: Json) -> None:
    need_length(f"{path}.content", part.get("content"), 1, 4000)


def _gallery(path: str, part: Json) -> None:
    need_length(f"{path}.items", part.get("items"), 1, 10)
    for at, item in enumerate(part["items"]):
        need_length(f"{path}.items.{at}.description", item.get("description"), 0, 1024)


CHECKS: Mapping[int, Callable[[str, Json], None]] = {
    ROW: _row,
    BUTTON: _button,
    **dict.fromkeys(SELECTS, check_select),
    SECTION: _section,
    TEXT_DISPLAY: _text_display,
    GALLERY: _gallery,
}
