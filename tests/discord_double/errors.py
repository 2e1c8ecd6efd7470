"""What the API answers when it refuses, with Discord's status and code."""

from collections.abc import Mapping
from typing import Any


class ApiError(Exception):
    """A refusal: HTTP status, Discord's code and message.

    `errors` is the tree of a form's errors, `headers` go with the answer.
    """

    def __init__(
        self,
        status: int,
        code: int,
        message: str,
        *,
        errors: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{status} {code} {message} {errors or ''}".strip())
        self.status = status
        self.code = code
        self.headers = dict(headers or {})
        self.body: dict[str, Any] = {"message": message, "code": code}
        if errors:
            self.body["errors"] = errors


class NotOffered(Exception):
    """A person's own client would not let them do this, so Discord never hears of it."""


UNAUTHORIZED = (401, 0, "401: Unauthorized")
UNKNOWN_CHANNEL = (404, 10003, "Unknown Channel")
UNKNOWN_GUILD = (404, 10004, "Unknown Guild")
UNKNOWN_MEMBER = (404, 10007, "Unknown Member")
UNKNOWN_MESSAGE = (404, 10008, "Unknown Message")
UNKNOWN_ROLE = (404, 10011, "Unknown Role")
UNKNOWN_USER = (404, 10013, "Unknown User")
UNKNOWN_EMOJI = (404, 10014, "Unknown Emoji")
UNKNOWN_WEBHOOK = (404, 10015, "Unknown Webhook")
UNKNOWN_INTERACTION = (404, 10062, "Unknown interaction")
UNKNOWN_COMMAND = (404, 10063, "Unknown application command")
NOT_YOUR_APPLICATION = (
    403,
    20012,
    "You are not authorized to perform this action on this application",
)
MANY_WEBHOOKS = (400, 30007, "Maximum number of webhooks reached (15)")
MANY_EMOJIS = (400, 30008, "Maximum number of emojis reached (2000)")
MANY_COMMANDS = (400, 30032, "Maximum number of application commands reached")
ACKNOWLEDGED = (400, 40060, "Interaction has already been acknowledged.")
MISSING_ACCESS = (403, 50001, "Missing Access")
NOT_YOUR_MESSAGE = (403, 50005, "Cannot edit a message authored by another user")
EMPTY_MESSAGE = (400, 50006, "Cannot send an empty message")
NO_DIRECT_MESSAGES = (403, 50007, "Cannot send messages to this user")
MISSING_PERMISSIONS = (403, 50013, "Missing Permissions")
BAD_WEBHOOK_TOKEN = (401, 50027, "Invalid Webhook Token")
ARCHIVED = (400, 50083, "Thread is archived")
THREAD_EXISTS = (400, 160004, "A thread has already been created for this message")
NO_HISTORY = (400, 160002, "Cannot reply without permission to read message history")
LOCKED = (403, 160005, "Thread is locked")
MANY_THREADS = (400, 160006, "Maximum number of active threads reached")
TOO_LARGE = (413, 40005, "Request entity too large")


def invalid(path: str, code: str, message: str) -> ApiError:
    """Error 50035, which names the field at the dotted path."""
    tree: dict[str, Any] = {"_errors": [{"code": code, "message": message}]}
    for name in reversed(path.split(".")):
        tree = {name: tree}
    return ApiError(400, 50035, "Invalid Form Body", errors=tree)


def need_length(path: str, text: Any, least: int, most: int) -> None:
    """Refuse a text, or a list, shorter or longer than allowed; None counts as empty."""
    size = len(text or "")
    if size > most and least == 0:
        raise invalid(path, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")
    if not least <= size <= most:
        message = f"Must be between {least} and {most} in length."
        raise invalid(path, "BASE_TYPE_BAD_LENGTH", message)


def need_number(path: str, number: Any, least: int, most: int) -> None:
    """Refuse a number out of its range."""
    if not isinstance(number, int) or not least <= number <= most:
        message = f"int value should be between {least} and {most}."
        raise invalid(path, "NUMBER_TYPE_MINMAX", message)
