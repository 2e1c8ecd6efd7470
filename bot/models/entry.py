"""A new entry for models.toml, as text."""

import json
import re

from pydantic import ValidationError

from bot.errors import OperatorError
from bot.models.config import ModelSettings

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
"""What can stand in [brackets] as it is."""


def entry(name: str, base_url: str, model: str, key: str) -> str:
    """Return the lines that name a model; no key where `key` is empty.  Raises OperatorError."""
    if not _NAME.fullmatch(name):
        raise OperatorError("A name has letters, digits and hyphens, 40 at most.")
    given = {"base_url": base_url, "model": model} | ({"api_key": key} if key else {})
    try:
        ModelSettings.model_validate({"name": name, **given}).key()
    except ValidationError as why:
        fault = why.errors(include_input=False, include_url=False)[0]
        reason = fault["msg"].removeprefix("Value error, ")
        raise OperatorError(f"{fault['loc'][0]}: {reason}.") from None
    # A string in JSON, of ASCII only, is a string in TOML too.
    lines = [f"{setting} = {json.dumps(value)}" for setting, value in given.items()]
    return "\n".join([f"[{name}]", *lines, ""])
