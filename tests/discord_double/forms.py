"""What a person fills into a modal, and what their client makes of it."""

from collections.abc import Mapping
from typing import Any

from tests.discord_double.component_rules import INPUT, ROW, TEXT_DISPLAY
from tests.discord_double.errors import NotOffered
from tests.discord_double.modal_rules import CHECKBOX, RADIO_GROUP
from tests.discord_double.options import Resolved

Json = dict[str, Any]


def submitted(modal: Json, values: Mapping[str, Any], resolved: Resolved) -> list[Json]:
    """The parts of the modal with the values, which go by custom id or label.

    Raises: NotOffered if a value fits no field, or a field not its value.
    """
    left = dict(values)
    parts = [_part(part, left, resolved) for part in modal["components"]]
    if left:
        raise NotOffered(f"{modal['title']!r} has no field {', '.join(left)}")
    return parts


def _part(part: Json, left: dict[str, Any], resolved: Resolved) -> Json:
    answer = {"type": part["type"], "id": part.get("id", 0)}
    if part["type"] == TEXT_DISPLAY:
        return answer
    if part["type"] == ROW:
        field = part["components"][0]
        return {**answer, "components": [_field(field, field["label"], left, resolved)]}
    return {**answer, "component": _field(part["component"], part["label"], left, resolved)}


def _field(field: Json, label: str, left: dict[str, Any], resolved: Resolved) -> Json:
    answer = {"type": field["type"], "id": field.get("id", 0), "custom_id": field["custom_id"]}
    given = left.pop(field["custom_id"], left.pop(label, None))
    required = field.get("required", True)
    if field["type"] == INPUT:
        text = field.get("value") or "" if given is None else given
        _check_text(field, label, text, required=required)
        return {**answer, "value": text}
    if field["type"] in (RADIO_GROUP, CHECKBOX):
        return {**answer, "value": _default(field) if given is None else given}
    chosen = _defaults(field) if given is None else given
    _check_chosen(field, label, chosen, required=required)
    return {**answer, "values": [resolved.value(value) for value in chosen]}


def _default(field: Json) -> Any:
    if field["type"] == CHECKBOX:
        return bool(field.get("default"))
    return next(iter(_defaults(field)), None)


def _defaults(field: Json) -> list[str]:
    return [option["value"] for option in field.get("options") or [] if option.get("default")]


def _check_text(field: Json, label: str, text: str, *, required: bool) -> None:
    if not text and not required:
        return
    least, most = max(1, field.get("min_length") or 0), field.get("max_length") or 4000
    if not least <= len(text) <= most:
        raise NotOffered(f"{label!r} takes {least} to {most} characters, not {len(text)}")


def _check_chosen(field: Json, label: str, chosen: Any, *, required: bool) -> None:
    if not chosen and not required:
        return
    check_values(label, field, chosen)


def check_values(label: str, field: Json, chosen: Any) -> None:
    """Refuse values that a select does not have, too few or too many."""
    least, most = field.get("min_values", 1), field.get("max_values", 1)
    if not least <= len(chosen) <= most:
        raise NotOffered(f"{label!r} takes {least} to {most} values, not {len(chosen)}")
    known = [option["value"] for option in field.get("options") or []]
    if known and not set(chosen) <= set(known):
        raise NotOffered(f"{label!r} has no such value: {chosen}; it has {known}")
