"""What can be wrong with one call to a model server, in words that name what would help."""

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

from games.core import clean

_BUSY: Final = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
_QUOTED: Final = 160
_TOKEN = re.compile(r"(?i)\b(?:bearer\s+\S+|(?:sk|pk|key|token)[-_]\S{4,})")


class Fault(Exception):
    """One call has failed; the message says what happened and what would help.

    It is a clause to follow the model's name: "took too long; a smaller model would help".
    """

    def __init__(self, said: str, *, again: bool = False, wait: float | None = None) -> None:
        super().__init__(said)
        self.again = again
        """Whether the same call may go better soon."""
        self.wait = wait
        """Seconds the server wants to be left alone; None where it named none."""


class NotTaken(Fault):
    """The server does not take one part of the request, and may take it without."""

    def __init__(self, part: str, said: str) -> None:
        super().__init__(said)
        self.part = part


def of_status(
    status: int, headers: Mapping[str, str], body: object, sent: Iterable[str], secrets: set[str]
) -> Fault:
    """Return the fault that an HTTP status tells of.

    `sent` names the parts of the request that could be left out.
    """
    told = quoted(body, secrets)
    if status in {400, 415, 422, 500, 501} and (part := _part_not_taken(status, body, sent)):
        return NotTaken(part, f"does not take {part}{told}; leave it out of models.toml")
    if 300 <= status < 400:
        return Fault("sends requests on to another address; put the final address into base_url")
    if status in {401, 403}:  # such an answer may quote the key, so it is not shown
        return Fault(
            f"was refused (status {status}); check its key and what the key may be used for"
        )
    if status == 404:
        return Fault(f"was not found{told}; check base_url, which mostly ends in /v1, and model")
    if status == 402 or "insufficient_quota" in str(body):
        return Fault(f"has no credit left{told}; top up the account or choose another model")
    if status == 429:
        wait = retry_after(headers)
        return Fault(
            f"is asked too often{told}; wait or choose another model", again=True, wait=wait
        )
    if status in _BUSY:
        help_ = "look at the server's log or choose another model"
        said = f"has trouble on its server (status {status}){told}; {help_}"
        return Fault(said, again=True, wait=retry_after(headers))
    return Fault(f"did not accept the request (status {status}){told}; check its settings")


_WORDS: Final = {
    "response_format": ("response_format", "json", "schema", "grammar", "structured", "guided"),
    "max_tokens": ("max_completion_tokens",),
}
"""What an error names when it turns down a part of the request, where that is not its name."""


def _part_not_taken(status: int, body: object, sent: Iterable[str]) -> str | None:
    """Return the part of the request that an error names; "not implemented" means the schema."""
    text = str(body).casefold()
    for part in sent:
        if status == 501 and part == "response_format":
            return part
        if any(word in text for word in _WORDS.get(part, (part,))):
            return part
    return None


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that a server asks to wait, given as a number or as a date."""
    said = headers.get("retry-after", "")
    with suppress(ValueError):
        return max(0.0, float(said))
    with suppress(ValueError, TypeError):
        return max(0.0, (parsedate_to_datetime(said) - datetime.now(UTC)).total_seconds())
    return None


def quoted(body: object, secrets: set[str]) -> str:
    """Return " (“…”)" with a server's own message on one line and without secrets, or ""."""
    message = _message(body)
    for secret in secrets:
        message = message.replace(secret, "…")
    message = " ".join(clean(_TOKEN.sub("…", message)).split())
    if len(message) > _QUOTED:
        message = message[:_QUOTED] + "…"
    return f" (“{message}”)" if message else ""


def _message(body: object) -> str:
    """Return the text in an error object of any of the usual shapes."""
    found: Any = body
    for _ in range(3):
        if isinstance(found, Mapping):
            found = found.get("message") or found.get("error") or found.get("detail") or ""
    return found[:2000] if isinstance(found, str) and not found.lstrip().startswith("<") else ""
