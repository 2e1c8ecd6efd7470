"""Webhooks of channels, and answers to interactions, which share their paths."""

import re
import secrets

from tests.discord_double.errors import (
    BAD_WEBHOOK_TOKEN,
    MANY_WEBHOOKS,
    MISSING_PERMISSIONS,
    UNKNOWN_CHANNEL,
    UNKNOWN_INTERACTION,
    UNKNOWN_MESSAGE,
    UNKNOWN_WEBHOOK,
    ApiError,
    invalid,
    need_length,
)
from tests.discord_double.interactions import Interaction
from tests.discord_double.message_rules import check_message
from tests.discord_double.messages import create, delete, draft, edit, wake
from tests.discord_double.payloads import message_json, webhook_json
from tests.discord_double.permissions import Permission, in_guild, require
from tests.discord_double.rest import PREFIX, Call, Json, Routes
from tests.discord_double.state import EPHEMERAL, LOADING, Channel, Message, Thread, User, Webhook

routes = Routes()
WEBHOOK = "/webhooks/{webhook}"
EXECUTE = WEBHOOK + "/{token}"
MESSAGE = EXECUTE + "/messages/{message}"
PER_CHANNEL = 15
FORBIDDEN = re.compile("clyde|discord", re.IGNORECASE)


def _json(call: Call, webhook: Webhook) -> Json:
    return webhook_json(webhook, base=call.world.base + PREFIX)


def _check_name(path: str, name: str) -> None:
    need_length(path, name, 1, 80)
    if (found := FORBIDDEN.search(name)) is not None:
        message = f'Username cannot contain "{found[0].lower()}"'
        raise invalid(path, "USERNAME_INVALID_CONTAINS", message)


def _of_channel(call: Call) -> list[Webhook]:
    call.need(Permission.MANAGE_WEBHOOKS)
    return [w for w in call.world.webhooks.values() if w.channel is call.channel]


@routes.on("POST", "/channels/{channel}/webhooks")
def begin(call: Call) -> Json:
    known = _of_channel(call)
    _check_name("name", call.body.get("name") or "")
    if len(known) >= PER_CHANNEL:
        raise ApiError(*MANY_WEBHOOKS)
    new, token = call.world.snowflakes.next(), secrets.token_urlsafe(51)
    name, app = call.body["name"], call.app
    webhook = Webhook(new, call.channel, name, token, app.user, app.id)
    call.world.webhooks[new] = webhook
    _changed(call, webhook)
    return _json(call, webhook)


def _changed(call: Call, webhook: Webhook) -> None:
    guild = webhook.channel.guild
    assert guild is not None
    payload = {"guild_id": str(guild.id), "channel_id": str(webhook.channel.id)}
    call.world.emit("WEBHOOKS_UPDATE", payload, channel=webhook.channel)


@routes.on("GET", "/channels/{channel}/webhooks")
def of_channel(call: Call) -> list[Json]:
    return [_json(call, webhook) for webhook in _of_channel(call)]


@routes.on("GET", "/guilds/{guild}/webhooks")
def of_guild(call: Call) -> list[Json]:
    if not in_guild(call.app.id, call.guild) & Permission.MANAGE_WEBHOOKS:
        raise ApiError(*MISSING_PERMISSIONS)
    found = [w for w in call.world.webhooks.values() if w.channel.guild is call.guild]
    return [_json(call, webhook) for webhook in found]


def _webhook(call: Call) -> Webhook:
    """The webhook of the path, by its token or for a bot that may manage it."""
    webhook = call.world.webhooks.get(int(call.path["webhook"]))
    if webhook is None:
        raise ApiError(*UNKNOWN_WEBHOOK)
    if "token" in call.path:
        if webhook.token != call.path["token"]:
            raise ApiError(*BAD_WEBHOOK_TOKEN)
    else:
        require(call.app.id, webhook.channel, Permission.MANAGE_WEBHOOKS)
    return webhook


def one(call: Call) -> Json:
    return _json(call, _webhook(call))


def end(call: Call) -> None:
    webhook = _webhook(call)
    del call.world.webhooks[webhook.id]
    _changed(call, webhook)


def rename(call: Call) -> Json:
    webhook = _webhook(call)
    if "name" in call.body:
        _check_name("name", call.body["name"])
        webhook.name = call.body["name"]
    return _json(call, webhook)


for path in (WEBHOOK, EXECUTE):
    routes.on("GET", path)(one)
    routes.on("DELETE", path)(end)
    routes.on("PATCH", path)(rename)


def _interaction(call: Call) -> Interaction | None:
    """The interaction whose token the path has, if it is one's."""
    interaction = call.world.interactions.get(call.path["token"])
    if interaction is None or str(interaction.app.id) != call.path["webhook"]:
        return None
    interaction.check_token()
    return interaction


@routes.on("POST", EXECUTE)
def execute(call: Call) -> Json | None:
    interaction = _interaction(call)
    if interaction is not None:
        return message_json(interaction.follow_up(call.body, call.files))
    webhook = _webhook(call)
    name = call.body.get("username") or webhook.name
    _check_name("username", name)
    check_message(call.body, call.files)
    channel = _target(call, webhook)
    wake(call.world, channel, None)
    author = User(webhook.id, name, bot=True)
    flags = (call.body.get("flags") or 0) & ~(EPHEMERAL | LOADING)
    message = draft(call.world, channel, author, {**call.body, "flags": flags, "nonce": None})
    message.webhook_id, message.application_id = webhook.id, webhook.application_id
    message.avatar_url = call.body.get("avatar_url")
    create(call.world, message, call.body, call.files)
    return message_json(message) if call.flag("wait") else None


def _target(call: Call, webhook: Webhook) -> Channel:
    """The webhook's channel, or the thread of it that the query names."""
    if "thread_id" not in call.query:
        return webhook.channel
    thread = call.world.channels.get(int(call.query["thread_id"]))
    if not isinstance(thread, Thread) or thread.parent is not webhook.channel:
        raise ApiError(*UNKNOWN_CHANNEL)
    return thread


def _message(call: Call) -> tuple[Message, Interaction | None]:
    interaction = _interaction(call)
    if interaction is not None:
        return interaction.find(call.path["message"]), interaction
    webhook = _webhook(call)
    messages = _target(call, webhook).messages
    message = messages.get(int(call.path["message"]))
    if message is None or message.webhook_id != webhook.id:
        raise ApiError(*UNKNOWN_MESSAGE)
    return message, None


@routes.on("GET", MESSAGE)
def read(call: Call) -> Json:
    """Whole, whatever the bot may read elsewhere: the token is the webhook's own."""
    return message_json(_message(call)[0])


@routes.on("PATCH", MESSAGE)
def change(call: Call) -> Json:
    message, interaction = _message(call)
    if interaction is not None:
        interaction.change(message, call.body, call.files)
    else:
        edit(call.world, message, call.body, call.files)
    return message_json(message)


@routes.on("DELETE", MESSAGE)
def remove(call: Call) -> None:
    delete(call.world, _message(call)[0])


@routes.on("POST", "/interactions/{interaction}/{token}/callback")
def answer(call: Call) -> Json | None:
    interaction = call.world.interactions.get(call.path["token"])
    if interaction is None or str(interaction.id) != call.path["interaction"]:
        raise ApiError(*UNKNOWN_INTERACTION)
    kind = call.body["type"]
    interaction.answer(kind, call.body.get("data") or {}, call.files)
    if not call.flag("with_response"):
        return None
    return _answered(interaction, kind)


def _answered(interaction: Interaction, kind: int) -> Json:
    message = interaction.original
    about: Json = {
        "id": str(interaction.id),
        "type": interaction.kind,
        "response_message_loading": message is not None and message.loading,
        "response_message_ephemeral": message is not None and message.ephemeral,
    }
    if message is None:
        return {"interaction": about}
    about["response_message_id"] = str(message.id)
    return {"interaction": about, "resource": {"type": kind, "message": message_json(message)}}
