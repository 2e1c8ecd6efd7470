"""What a message may hold: lengths, counts, and what must not stand together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.discord_double.component_rules import check_components
from tests.discord_double.errors import EMPTY_MESSAGE, TOO_LARGE, ApiError, invalid, need_length
from tests.discord_double.state import COMPONENTS_V2

Json = Mapping[str, Any]
FILE_BYTES = 10 * 2**20
REQUEST_BYTES = 25 * 2**20
FILES = 10
EMBED_TEXT = 6000
NONCE = 25


@dataclass(frozen=True)
class Upload:
    """A file on its way in, with its alt text."""

    filename: str
    data: bytes
    content_type: str = "application/octet-stream"
    description: str | None = None


def check_message(body: Json, files: Sequence[Upload], *, kept_files: int = 0) -> None:
    """Refuse a body that Discord would refuse.

    Raises: ApiError 50035 for a field, 50006 for a message without anything in it.
    """
    content = body.get("content") or ""
    need_length("content", content, 0, 2000)
    check_embeds(body.get("embeds") or [])
    _check_files(files)
    _check_mentions(body.get("allowed_mentions") or {})
    if len(str(body.get("nonce") or "")) > NONCE:
        raise invalid("nonce", "NONCE_TYPE_TOO_LONG", "Nonce must be 25 or fewer in length.")
    newer = bool((body.get("flags") or 0) & COMPONENTS_V2)
    if newer and (content or body.get("embeds") or body.get("poll") or body.get("sticker_ids")):
        code = "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"
        raise invalid("content", code, "Not to be used with IS_COMPONENTS_V2.")
    check_components(body.get("components") or [], newer=newer)
    anything = body.get("embeds") or body.get("components") or files or body.get("poll")
    if not (content.strip() or anything or kept_files or body.get("sticker_ids")):
        raise ApiError(*EMPTY_MESSAGE)


def check_embeds(embeds: Sequence[Json]) -> None:
    need_length("embeds", embeds, 0, 10)
    written = 0
    for at, embed in enumerate(embeds):
        written += _check_embed(f"embeds.{at}", embed)
    if written > EMBED_TEXT:
        message = f"Embed size exceeds maximum size of {EMBED_TEXT}"
        raise invalid("embeds", "MAX_EMBED_SIZE_EXCEEDED", message)


def _check_embed(path: str, embed: Json) -> int:
    """Check one embed, and count its characters."""
    texts = [
        ("title", embed.get("title"), 0, 256),
        ("description", embed.get("description"), 0, 4096),
        ("footer.text", (embed.get("footer") or {}).get("text"), 0, 2048),
        ("author.name", (embed.get("author") or {}).get("name"), 0, 256),
    ]
    fields = embed.get("fields") or []
    need_length(f"{path}.fields", fields, 0, 25)
    for at, entry in enumerate(fields):
        texts.append((f"fields.{at}.name", entry.get("name"), 1, 256))
        texts.append((f"fields.{at}.value", entry.get("value"), 1, 1024))
    for name, text, least, most in texts:
        need_length(f"{path}.{name}", text, least, most)
    return sum(len(text or "") for _name, text, _least, _most in texts)


def _check_files(files: Sequence[Upload]) -> None:
    need_length("attachments", files, 0, FILES)
    for at, file in enumerate(files):
        need_length(f"attachments.{at}.description", file.description, 0, 1024)
    if sum(len(file.data) for file in files) > REQUEST_BYTES:
        raise ApiError(*TOO_LARGE)
    if any(len(file.data) > FILE_BYTES for file in files):
        raise ApiError(*TOO_LARGE)


def _check_mentions(allowed: Json) -> None:
    """A kind is either parsed or listed, and a list has 100 ids at most."""
    for kind in ("users", "roles"):
        need_length(f"allowed_mentions.{kind}", allowed.get(kind), 0, 100)
        if allowed.get(kind) and kind in (allowed.get("parse") or []):
            code = "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE"
            message = f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.'
            raise invalid("allowed_mentions", code, message)
