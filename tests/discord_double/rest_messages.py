"""Messages of channels over REST: sent, read, changed, reacted to."""

import time

from tests.discord_double.errors import (
    ARCHIVED,
    NOT_YOUR_MESSAGE,
    ApiError,
    need_length,
    need_number,
)
from tests.discord_double.messages import delete, edit, post
from tests.discord_double.permissions import Permission, may, to_send
from tests.discord_double.reactions import react, unreact
from tests.discord_double.rest import Call, Json, Routes
from tests.discord_double.state import Message, Thread

routes = Routes()
MESSAGES = "/channels/{channel}/messages"
ONE = MESSAGES + "/{message}"
REACTION = ONE + "/reactions/{emoji}"


@routes.on("POST", MESSAGES)
def send(call: Call) -> Json:
    return call.shown(post(call.world, call.channel, call.app.user, call.body, call.files))


@routes.on("GET", MESSAGES)
def history(call: Call) -> list[Json]:
    """The newest first, at most 100; without the permission none at all."""
    call.need()
    if not may(call.app.id, call.channel, Permission.READ_MESSAGE_HISTORY):
        return []
    limit = int(call.query.get("limit", 50))
    need_number("limit", limit, 1, 100)
    found = [message for message in call.channel.messages.values() if not message.ephemeral]
    return [call.shown(message) for message in reversed(_page(call, found, limit))]


def _page(call: Call, found: list[Message], limit: int) -> list[Message]:
    """Those beside the message that the query names, the oldest first."""
    if "around" in call.query:
        middle = int(call.query["around"])
        before = [message for message in found if message.id < middle][-(limit // 2) :]
        since = [message for message in found if message.id >= middle]
        return before + since[: limit - len(before)]
    if "after" in call.query:
        return [m for m in found if m.id > int(call.query["after"])][:limit]
    if "before" in call.query:
        return [m for m in found if m.id < int(call.query["before"])][-limit:]
    return found[-limit:]


@routes.on("GET", MESSAGES + "/pins")
def pins(call: Call) -> Json:
    call.need(Permission.READ_MESSAGE_HISTORY)
    pinned = [message for message in call.channel.messages.values() if message.pinned]
    items = [{"pinned_at": message.at, "message": call.shown(message)} for message in pinned]
    return {"items": items, "has_more": False}


def _pin(call: Call, *, pinned: bool) -> None:
    call.need(Permission.PIN_MESSAGES)
    call.message.pinned = pinned
    guild = call.channel.guild
    payload = {"channel_id": str(call.channel.id), "last_pin_timestamp": call.world.clock.iso()}
    if guild is not None:
        payload["guild_id"] = str(guild.id)
    call.world.emit("CHANNEL_PINS_UPDATE", payload, channel=call.channel)


@routes.on("PUT", MESSAGES + "/pins/{message}")
def pin(call: Call) -> None:
    _pin(call, pinned=True)


@routes.on("DELETE", MESSAGES + "/pins/{message}")
def unpin(call: Call) -> None:
    _pin(call, pinned=False)


@routes.on("POST", MESSAGES + "/bulk-delete")
def delete_many(call: Call) -> None:
    call.need(Permission.MANAGE_MESSAGES)
    need_length("messages", call.body["messages"], 2, 100)
    for message_id in call.body["messages"]:
        if (message := call.channel.messages.get(int(message_id))) is not None:
            delete(call.world, message)


@routes.on("GET", ONE)
def one(call: Call) -> Json:
    call.need(Permission.READ_MESSAGE_HISTORY)
    return call.shown(call.message)


@routes.on("PATCH", ONE)
def change(call: Call) -> Json:
    if call.message.author.id != call.app.id:
        raise ApiError(*NOT_YOUR_MESSAGE)
    edit(call.world, call.message, call.body, call.files)
    return call.shown(call.message)


@routes.on("DELETE", ONE)
def remove(call: Call) -> None:
    if call.message.author.id != call.app.id:
        call.need(Permission.MANAGE_MESSAGES)
    delete(call.world, call.message)


@routes.on("PUT", REACTION + "/@me")
def add_reaction(call: Call) -> None:
    if isinstance(call.channel, Thread) and call.channel.archived:
        raise ApiError(*ARCHIVED)
    react(call.world, call.message, call.path["emoji"], call.app.user)


@routes.on("DELETE", REACTION + "/{user}")
def remove_reaction(call: Call) -> None:
    user = call.path["user"]
    user_id = call.app.id if user == "@me" else int(user)
    if user_id != call.app.id:
        call.need(Permission.MANAGE_MESSAGES)
    unreact(call.world, call.message, call.path["emoji"], user_id)


@routes.on("POST", "/channels/{channel}/typing")
def typing(call: Call) -> None:
    call.need(to_send(call.channel))
    call.world.record.typed.append((call.channel.id, call.app.id, time.monotonic()))
