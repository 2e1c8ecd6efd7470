"""Threads: begun from a message or beside it, joined, archived, locked."""

from collections.abc import Mapping
from typing import Any

from tests.discord_double.errors import MANY_THREADS, THREAD_EXISTS, ApiError, invalid, need_length
from tests.discord_double.payloads import (
    member_json,
    message_json,
    thread_json,
    thread_member_json,
)
from tests.discord_double.permissions import Permission, require
from tests.discord_double.state import (
    HAS_THREAD,
    PRIVATE_THREAD,
    PUBLIC_THREAD,
    THREAD_CREATED,
    THREAD_STARTER,
    Channel,
    Message,
    Thread,
    User,
)
from tests.discord_double.world import World

ACTIVE_THREADS = 1000
AUTO_ARCHIVE = (60, 1440, 4320, 10080)
"""Minutes."""


def check_thread(body: Mapping[str, Any]) -> None:
    """Refuse a name or an archive time that Discord would refuse."""
    if "name" in body:
        need_length("name", body["name"], 1, 100)
    if body.get("auto_archive_duration") not in (None, *AUTO_ARCHIVE):
        message = f"Value must be one of {AUTO_ARCHIVE}."
        raise invalid("auto_archive_duration", "BASE_TYPE_CHOICES", message)


def begin_thread(
    world: World,
    parent: Channel,
    user: User,
    body: Mapping[str, Any],
    *,
    starter: Message | None = None,
) -> Thread:
    """Begin a thread, from a message (then with the message's id) or without one."""
    kind = PUBLIC_THREAD if starter else body.get("type", PRIVATE_THREAD)
    needed = Permission.CREATE_PUBLIC_THREADS
    if kind == PRIVATE_THREAD:
        needed = Permission.CREATE_PRIVATE_THREADS
    require(user.id, parent, needed)
    check_thread({"name": "", **body})
    if starter is not None and starter.thread is not None:
        raise ApiError(*THREAD_EXISTS)
    active = [c for c in world.channels.values() if isinstance(c, Thread) and not c.archived]
    if sum(thread.guild is parent.guild for thread in active) >= ACTIVE_THREADS:
        raise ApiError(*MANY_THREADS)
    thread = _made(world, parent, user, body, kind, starter)
    world.channels[thread.id] = thread
    if not thread.private:
        app = user.id if user.id in world.applications else None
        world.record.publish(app, thread.name)
    payload = {**thread_json(thread), "newly_created": True}
    world.emit("THREAD_CREATE", payload, channel=thread)
    _announce(world, thread, user, starter)
    return thread


def _made(
    world: World,
    parent: Channel,
    user: User,
    body: Mapping[str, Any],
    kind: int,
    starter: Message | None,
) -> Thread:
    now = world.clock.iso()
    return Thread(
        starter.id if starter else world.snowflakes.next(),
        kind,
        parent.guild,
        body["name"],
        parent=parent,
        owner_id=user.id,
        created_at=now,
        archived_at=now,
        auto_archive=body.get("auto_archive_duration") or 1440,
        invitable=body.get("invitable", True),
        joined={user.id: now},
    )


def _announce(world: World, thread: Thread, user: User, starter: Message | None) -> None:
    """Discord's own message about it: in the thread if it began from a message, else outside."""
    if starter is None:
        if thread.private:
            return
        note = Message(world.snowflakes.next(), thread.parent, user, world.clock.iso())
        note.kind, note.content = THREAD_CREATED, thread.name
        note.reference = {"channel_id": str(thread.id)}
    else:
        starter.thread = thread
        starter.flags |= HAS_THREAD
        _tell(world, "MESSAGE_UPDATE", starter)
        note = Message(world.snowflakes.next(), thread, user, world.clock.iso())
        note.kind, note.replies_to = THREAD_STARTER, starter
        note.reference = {"channel_id": str(thread.parent.id), "message_id": str(starter.id)}
    note.channel.messages[note.id] = note
    _tell(world, "MESSAGE_CREATE", note)


def _tell(world: World, kind: str, message: Message) -> None:
    guild = message.channel.guild
    assert guild is not None
    payload = {**message_json(message), "guild_id": str(guild.id)}
    world.emit(kind, payload, channel=message.channel)


def change_thread(
    world: World, thread: Thread, *, app_id: int | None = None, **changes: Any
) -> None:
    """Archive, lock, rename; an archived or opened one notes the time."""
    if changes.get("archived", thread.archived) != thread.archived:
        thread.archived_at = world.clock.iso()
    for name, value in changes.items():
        setattr(thread, name, value)
    if "name" in changes and not thread.private:
        world.record.publish(app_id, thread.name)
    world.emit("THREAD_UPDATE", thread_json(thread), channel=thread)


def join_thread(world: World, thread: Thread, user_id: int) -> None:
    """Make a user one of the thread's members."""
    assert thread.guild is not None
    thread.joined.setdefault(user_id, world.clock.iso())
    member = thread.guild.members.get(user_id)
    added = {
        **thread_member_json(thread, user_id),
        "member": member_json(member) if member else None,
        "presence": None,
    }
    payload = {
        "id": str(thread.id),
        "guild_id": str(thread.guild.id),
        "member_count": min(50, len(thread.joined)),
        "added_members": [added],
    }
    world.emit("THREAD_MEMBERS_UPDATE", payload, channel=thread)


def leave_thread(world: World, thread: Thread, user_id: int) -> None:
    assert thread.guild is not None
    payload = {
        "id": str(thread.id),
        "guild_id": str(thread.guild.id),
        "member_count": min(50, len(thread.joined)),
        "removed_member_ids": [str(user_id)],
    }
    world.emit("THREAD_MEMBERS_UPDATE", payload, channel=thread)
    thread.joined.pop(user_id, None)
