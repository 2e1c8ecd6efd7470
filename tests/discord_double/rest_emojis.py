"""Emojis of an application, which no guild has and every guild shows."""

import base64
import binascii
import re

from tests.discord_double.errors import (
    MANY_EMOJIS,
    NOT_YOUR_APPLICATION,
    UNKNOWN_EMOJI,
    ApiError,
    invalid,
    need_length,
)
from tests.discord_double.payloads import user_json
from tests.discord_double.rest import Call, Json, Routes
from tests.discord_double.state import Application

routes = Routes()
EMOJIS = "/applications/{application}/emojis"
EMOJI = EMOJIS + "/{emoji}"
MOST = 2000
MOST_BYTES = 256 * 1024
PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"RIFF")
DATA = re.compile(r"data:image/(png|jpeg|gif|webp);base64,(.*)", re.DOTALL)


def _own(call: Call) -> Application:
    if call.path["application"] != str(call.app.id):
        raise ApiError(*NOT_YOUR_APPLICATION)
    return call.app


def _one(call: Call) -> int:
    number = int(call.path["emoji"])
    if number not in _own(call).emojis:
        raise ApiError(*UNKNOWN_EMOJI)
    return number


def _check_name(call: Call) -> str:
    name: str = call.body.get("name")
    need_length("name", name, 2, 32)
    if not re.fullmatch(r"[A-Za-z0-9_]+", name):
        raise invalid("name", "STRING_TYPE_REGEX", "String value did not match validation regex.")
    if any(name == emoji["name"] for emoji in _own(call).emojis.values()):
        code = "APPLICATION_EMOJI_NAME_ALREADY_TAKEN"
        raise invalid("name", code, "An emoji with this name already exists.")
    return name


def _check_picture(text: str) -> bytes:
    found = DATA.fullmatch(text)
    try:
        data = base64.b64decode(found[2], validate=True) if found else b""
    except binascii.Error:
        data = b""
    if not data.startswith(PICTURES):
        raise invalid("image", "IMAGE_INVALID", "Invalid image data")
    if len(data) > MOST_BYTES:
        code = "BINARY_TYPE_MAX_SIZE"
        raise invalid("image", code, "File cannot be larger than 256.0 kb.")
    return data


@routes.on("GET", EMOJIS)
def listed(call: Call) -> Json:
    return {"items": list(_own(call).emojis.values())}


@routes.on("POST", EMOJIS)
def begin(call: Call) -> tuple[int, Json]:
    app = _own(call)
    if len(app.emojis) >= MOST:
        raise ApiError(*MANY_EMOJIS)
    name, picture = _check_name(call), _check_picture(call.body.get("image") or "")
    new = call.world.snowflakes.next()
    flags = {"require_colons": True, "managed": False, "animated": False, "available": True}
    owner = {"roles": [], "user": user_json(app.user)}
    app.emojis[new] = {"id": str(new), "name": name, **flags, **owner}
    call.world.files[new] = picture
    return 201, app.emojis[new]


@routes.on("GET", EMOJI)
def one(call: Call) -> Json:
    return _own(call).emojis[_one(call)]


@routes.on("PATCH", EMOJI)
def rename(call: Call) -> Json:
    emoji = _own(call).emojis[_one(call)]
    emoji["name"] = _check_name(call)
    return emoji


@routes.on("DELETE", EMOJI)
def end(call: Call) -> None:
    del _own(call).emojis[_one(call)]
