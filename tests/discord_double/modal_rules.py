"""What a modal may hold."""

from collections.abc import Mapping
from typing import Any

from tests.discord_double.component_rules import (
    INPUT,
    ROW,
    SELECT,
    SELECTS,
    TEXT_DISPLAY,
    check_options,
    check_select,
    check_unique,
)
from tests.discord_double.errors import invalid, need_length, need_number
from tests.discord_double.state import walk

Json = Mapping[str, Any]
LABEL, FILE_UPLOAD, RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX = 18, 19, 21, 22, 23


def check_modal(modal: Json) -> None:
    """Refuse a modal that Discord would refuse."""
    need_length("data.title", modal.get("title"), 1, 45)
    need_length("data.custom_id", modal.get("custom_id"), 1, 100)
    parts = modal.get("components") or []
    need_length("data.components", parts, 1, 5)
    for at, part in enumerate(parts):
        _check_top(f"data.components.{at}", part)
    check_unique([part["custom_id"] for part in walk(list(parts)) if part.get("custom_id")])


def _check_top(path: str, part: Json) -> None:
    if part.get("type") == ROW:
        need_length(f"{path}.components", part.get("components"), 1, 1)
        inner = part["components"][0]
        need_length(f"{path}.components.0.label", inner.get("label"), 1, 45)
        _check_field(f"{path}.components.0", inner)
    elif part.get("type") == LABEL:
        need_length(f"{path}.label", part.get("label"), 1, 45)
        need_length(f"{path}.description", part.get("description"), 0, 100)
        _check_field(f"{path}.component", part.get("component") or {})
    elif part.get("type") != TEXT_DISPLAY:
        message = 'Value of field "type" must be one of (1, 10, 18).'
        raise invalid(f"{path}.type", "UNION_TYPE_CHOICES", message)


def _check_field(path: str, field: Json) -> None:
    kind = field.get("type")
    need_length(f"{path}.custom_id", field.get("custom_id"), 1, 100)
    if kind == INPUT:
        _check_input(path, field)
    elif kind in SELECTS:
        check_select(path, field)
    elif kind in (RADIO_GROUP, CHECKBOX_GROUP):
        need_length(f"{path}.options", field.get("options"), 2 if kind == RADIO_GROUP else 1, 10)
        check_options(path, field["options"], 1)
    elif kind not in (FILE_UPLOAD, CHECKBOX):
        kinds = (INPUT, SELECT, *SELECTS[1:], FILE_UPLOAD, RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX)
        message = f'Value of field "type" must be one of {kinds}.'
        raise invalid(f"{path}.type", "UNION_TYPE_CHOICES", message)


def _check_input(path: str, field: Json) -> None:
    least = field.get("min_length") or 0
    most = 4000 if field.get("max_length") is None else field["max_length"]
    need_number(f"{path}.min_length", least, 0, 4000)
    need_number(f"{path}.max_length", most, 1, 4000)
    need_length(f"{path}.placeholder", field.get("placeholder"), 0, 100)
    if field.get("style") not in (1, 2):
        raise invalid(f"{path}.style", "BASE_TYPE_CHOICES", "Value must be one of (1, 2).")
    if least > most:
        raise invalid(f"{path}.min_length", "NUMBER_TYPE_MAX", "Must not exceed max_length.")
    if field.get("value"):
        need_length(f"{path}.value", field["value"], least, most)
