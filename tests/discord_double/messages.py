"""Messages come, change and go, and the rules of who may do it."""

from collections.abc import Mapping, Sequence
from typing import Any

from tests.discord_double.errors import (
    ARCHIVED,
    LOCKED,
    NO_DIRECT_MESSAGES,
    NO_HISTORY,
    UNKNOWN_MESSAGE,
    ApiError,
    invalid,
)
from tests.discord_double.mentions import Allowed, mention
from tests.discord_double.message_rules import Upload, check_message
from tests.discord_double.payloads import member_json, message_json
from tests.discord_double.permissions import Permission, may, require, to_send
from tests.discord_double.state import (
    COMPONENTS_V2,
    EPHEMERAL,
    LOADING,
    REPLY,
    SILENT,
    Attachment,
    Channel,
    Message,
    Thread,
    User,
    walk,
)
from tests.discord_double.threads import change_thread, join_thread
from tests.discord_double.world import World

Json = Mapping[str, Any]
SUPPRESS_EMBEDS = 1 << 2
SENT_FLAGS = SUPPRESS_EMBEDS | SILENT | COMPONENTS_V2 | EPHEMERAL | LOADING


def post(
    world: World, channel: Channel, user: User, body: Json, files: Sequence[Upload] = ()
) -> Message:
    """Send a message as a user or bot, who must be allowed to."""
    _may_post(channel, user, body, files)
    check_message(body, files)
    if (known := _same_nonce(world, user, body)) is not None:
        return known
    wake(world, channel, user.id)
    message = draft(world, channel, user, {**body, "flags": _own_flags(body)})
    message.replies_to, message.reference = _replied(channel, body)
    if message.reference is not None:
        message.kind = REPLY
    if user.id in world.applications:
        message.application_id = user.id
    create(world, message, body, files)
    if body.get("enforce_nonce") and message.nonce is not None:
        world.nonces[user.id, str(message.nonce)] = (world.clock.now(), message)
    if isinstance(channel, Thread) and user.id not in channel.joined:
        join_thread(world, channel, user.id)
    return message


def _may_post(channel: Channel, user: User, body: Json, files: Sequence[Upload]) -> None:
    require(user.id, channel, to_send(channel))
    if not all(reader.accepts_direct for reader in channel.recipients.values()):
        raise ApiError(*NO_DIRECT_MESSAGES)
    if body.get("embeds"):
        require(user.id, channel, Permission.EMBED_LINKS)
    if files:
        require(user.id, channel, Permission.ATTACH_FILES)
    reads = may(user.id, channel, Permission.READ_MESSAGE_HISTORY)
    if body.get("message_reference") and not reads:
        raise ApiError(*NO_HISTORY)


def _own_flags(body: Json) -> int:
    """Nobody sends an ephemeral message outside an interaction."""
    return (body.get("flags") or 0) & ~(EPHEMERAL | LOADING)


def _same_nonce(world: World, user: User, body: Json) -> Message | None:
    """The message sent with this nonce a short time ago, if it was to be unique."""
    if not body.get("enforce_nonce") or body.get("nonce") is None:
        return None
    at, message = world.nonces.get((user.id, str(body["nonce"])), (0.0, None))
    recent = world.clock.now() - at < world.nonce_seconds
    return message if recent and message is not None and not message.deleted else None


def _replied(channel: Channel, body: Json) -> tuple[Message | None, dict[str, str] | None]:
    asked = body.get("message_reference")
    if not asked:
        return None, None
    replied = channel.messages.get(int(asked["message_id"]))
    if replied is None and asked.get("fail_if_not_exists", True):
        raise invalid("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
    reference = {"channel_id": str(channel.id), "message_id": str(asked["message_id"])}
    if channel.guild is not None:
        reference["guild_id"] = str(channel.guild.id)
    return replied, reference


def wake(world: World, channel: Channel, user_id: int | None) -> None:
    """Unarchive the thread that is sent to; a locked one opens to nobody but moderators."""
    if not isinstance(channel, Thread):
        return
    moderates = user_id is not None and may(user_id, channel, Permission.MANAGE_THREADS)
    if channel.locked and not moderates:
        raise ApiError(*(ARCHIVED if channel.archived else LOCKED))
    if channel.archived:
        change_thread(world, channel, archived=False)


def draft(world: World, channel: Channel, author: User, body: Json) -> Message:
    """A message with what its body says, not yet in its channel."""
    message = Message(world.snowflakes.next(), channel, author, world.clock.iso())
    message.flags = (body.get("flags") or 0) & SENT_FLAGS
    message.content = (body.get("content") or "").strip()
    message.embeds = [{"type": "rich", **embed} for embed in body.get("embeds") or []]
    message.components = numbered(body.get("components") or [])
    message.nonce = body.get("nonce")
    return message


def numbered(components: Sequence[Json]) -> list[dict[str, Any]]:
    """Components with the ids that Discord gives to those without one."""
    copies: list[dict[str, Any]] = _copy(components)
    for number, part in enumerate(walk(copies), start=1):
        part.setdefault("id", number)
    return copies


def _copy(thing: Any) -> Any:
    if isinstance(thing, Mapping):
        return {key: _copy(value) for key, value in thing.items()}
    return [_copy(value) for value in thing] if isinstance(thing, list | tuple) else thing


def create(world: World, message: Message, body: Json, files: Sequence[Upload] = ()) -> None:
    """Put a drafted message into its channel, and tell those who may know."""
    message.attachments = [_attach(world, message, file) for file in files]
    mention(message, Allowed.read(body.get("allowed_mentions")), world.users)
    message.channel.messages[message.id] = message
    world.record.message("created", message)
    _publish(world, message, files)
    if message.ephemeral:
        return
    emit_message(world, "MESSAGE_CREATE", message)


def emit_message(world: World, kind: str, message: Message) -> None:
    world.emit(kind, event_json(message), channel=message.channel)


def event_json(message: Message) -> dict[str, Any]:
    """The message as an event brings it: with its guild, and its author as a member."""
    answer = message_json(message)
    guild = message.channel.guild
    if guild is None:
        return answer
    answer["guild_id"] = str(guild.id)
    member = guild.members.get(message.author.id)
    if member is not None and message.webhook_id is None:
        answer["member"] = member_json(member, with_user=False)
    return answer


def _attach(world: World, message: Message, file: Upload) -> Attachment:
    new = world.snowflakes.next()
    world.files[new] = file.data
    url = f"{world.base}/cdn/attachments/{message.channel.id}/{new}/{file.filename}"
    kind = file.content_type
    return Attachment(new, file.filename, len(file.data), kind, url, file.description)


def _publish(world: World, message: Message, files: Sequence[Upload]) -> None:
    """Note the texts of a message that is not for one person alone."""
    if message.ephemeral or not message.channel.public or message.system:
        return
    app = message.application_id
    shown = [message.content, message.embeds, message.components, str(message.nonce or "")]
    by = [message.author.name, message.avatar_url] if message.webhook_id else []
    world.record.publish(app, *shown, *by)
    for file in files:
        world.record.publish_file(app, file)


def edit(world: World, message: Message, body: Json, files: Sequence[Upload] = ()) -> None:
    """Change the parts of a message that the body names; nobody is notified of it."""
    if isinstance(message.channel, Thread) and message.channel.archived and not message.ephemeral:
        raise ApiError(*ARCHIVED)
    kept = _kept(message, body)
    now: dict[str, Any] = {name: getattr(message, name) for name in ("content", "embeds")}
    now.update(components=message.components, flags=message.flags)
    now.update((name, body[name]) for name in now if name in body)
    now["flags"] = (now["flags"] or 0) | message.flags
    check_message(now, files, kept_files=len(kept))
    changed = draft(world, message.channel, message.author, now)
    message.content, message.flags = changed.content, changed.flags & ~LOADING | _lasting(message)
    message.embeds, message.components = changed.embeds, changed.components
    message.attachments = kept + [_attach(world, message, file) for file in files]
    message.edited_at = world.clock.iso()
    world.record.message("edited", message)
    _publish(world, message, files)
    if not message.ephemeral:
        emit_message(world, "MESSAGE_UPDATE", message)


def _lasting(message: Message) -> int:
    return message.flags & ~SENT_FLAGS | message.flags & EPHEMERAL


def _kept(message: Message, body: Json) -> list[Attachment]:
    """The attachments that stay: all of them unless the body lists some."""
    if body.get("attachments") is None:
        return message.attachments if "attachments" not in body else []
    listed = {str(entry.get("id")) for entry in body["attachments"]}
    return [attachment for attachment in message.attachments if str(attachment.id) in listed]


def delete(world: World, message: Message) -> None:
    """Take a message out of its channel; a thread begun from it stays."""
    if message.channel.messages.pop(message.id, None) is None:
        raise ApiError(*UNKNOWN_MESSAGE)
    message.deleted = True
    world.record.message("deleted", message)
    if message.ephemeral:
        return
    payload = {"id": str(message.id), "channel_id": str(message.channel.id)}
    if message.channel.guild is not None:
        payload["guild_id"] = str(message.channel.guild.id)
    world.emit("MESSAGE_DELETE", payload, channel=message.channel)
