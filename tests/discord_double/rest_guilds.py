"""Guilds, members, roles, channels and threads over REST."""

from tests.discord_double.errors import (
    MISSING_PERMISSIONS,
    UNKNOWN_MEMBER,
    UNKNOWN_ROLE,
    ApiError,
    need_length,
)
from tests.discord_double.payloads import (
    channel_json,
    member_json,
    role_json,
    thread_json,
    thread_member_json,
)
from tests.discord_double.permissions import Permission, in_channel, in_guild, may
from tests.discord_double.rest import Call, Json, Routes
from tests.discord_double.state import TEXT, Channel, Member, Overwrite, Thread
from tests.discord_double.threads import (
    begin_thread,
    change_thread,
    check_thread,
    join_thread,
    leave_thread,
)

routes = Routes()
THREAD_FIELDS = {
    "name": "name",
    "archived": "archived",
    "locked": "locked",
    "invitable": "invitable",
    "auto_archive_duration": "auto_archive",
}


@routes.on("GET", "/guilds/{guild}")
def guild(call: Call) -> Json:
    return call.world.guild_payload(call.guild, call.app, everybody=False)


@routes.on("GET", "/guilds/{guild}/channels")
def channels(call: Call) -> list[Json]:
    found = call.world.channels_of(call.guild)
    return [channel_json(channel) for channel in found if not isinstance(channel, Thread)]


@routes.on("POST", "/guilds/{guild}/channels")
def new_channel(call: Call) -> tuple[int, Json]:
    _need_in_guild(call, Permission.MANAGE_CHANNELS)
    need_length("name", call.body.get("name"), 1, 100)
    overwrites = [_overwrite(entry) for entry in call.body.get("permission_overwrites") or []]
    kind, topic = call.body.get("type", TEXT), call.body.get("topic")
    made = call.world.channel(
        call.guild, call.body["name"], kind=kind, overwrites=overwrites, topic=topic
    )
    return 201, channel_json(made)


def _need_in_guild(call: Call, permission: Permission) -> None:
    if not in_guild(call.app.id, call.guild) & permission:
        raise ApiError(*MISSING_PERMISSIONS)


def _overwrite(entry: Json) -> Overwrite:
    allow, deny = int(entry.get("allow") or 0), int(entry.get("deny") or 0)
    return Overwrite(int(entry["id"]), int(entry.get("type", 0)), allow, deny)


def _member(call: Call) -> Member:
    member = call.guild.members.get(int(call.path["user"]))
    if member is None:
        raise ApiError(*UNKNOWN_MEMBER)
    return member


@routes.on("GET", "/users/@me/guilds")
def guilds(call: Call) -> list[Json]:
    inside = [g for g in call.world.guilds.values() if call.app.id in g.members]
    return [
        {
            "id": str(found.id),
            "name": found.name,
            "icon": None,
            "owner": found.owner_id == call.app.id,
            "permissions": str(in_guild(call.app.id, found)),
            "features": [],
        }
        for found in inside
    ]


@routes.on("GET", "/guilds/{guild}/members")
def members(call: Call) -> list[Json]:
    """In the order of their ids, from after the one named, as many as asked for."""
    after, limit = int(call.query.get("after", 0)), int(call.query.get("limit", 1))
    found = sorted(user for user in call.guild.members if user > after)[:limit]
    return [member_json(call.guild.members[user]) for user in found]


@routes.on("GET", "/guilds/{guild}/members/{user}")
def member(call: Call) -> Json:
    return member_json(_member(call))


@routes.on("GET", "/guilds/{guild}/roles")
def roles(call: Call) -> list[Json]:
    return [role_json(role) for role in call.guild.roles.values()]


def _change_role(call: Call, *, add: bool) -> None:
    _need_in_guild(call, Permission.MANAGE_ROLES)
    held, role_id = _member(call), int(call.path["role"])
    if role_id not in call.guild.roles:
        raise ApiError(*UNKNOWN_ROLE)
    held.roles = [role for role in held.roles if role != role_id] + [role_id] * add
    payload = {**member_json(held), "guild_id": str(call.guild.id)}
    call.world.emit("GUILD_MEMBER_UPDATE", payload, guild=call.guild)


@routes.on("PUT", "/guilds/{guild}/members/{user}/roles/{role}")
def give_role(call: Call) -> None:
    _change_role(call, add=True)


@routes.on("DELETE", "/guilds/{guild}/members/{user}/roles/{role}")
def take_role(call: Call) -> None:
    _change_role(call, add=False)


@routes.on("GET", "/guilds/{guild}/threads/active")
def active(call: Call) -> Json:
    found = [
        channel
        for channel in call.world.channels_of(call.guild)
        if isinstance(channel, Thread) and not channel.archived and in_channel(call.app.id, channel)
    ]
    return _threads(call, found)


def _threads(call: Call, found: list[Thread]) -> Json:
    joined = [thread for thread in found if call.app.id in thread.joined]
    return {
        "threads": [thread_json(thread) for thread in found],
        "members": [thread_member_json(thread, call.app.id) for thread in joined],
    }


@routes.on("GET", "/channels/{channel}/threads/archived/public")
def archived(call: Call) -> Json:
    call.need(Permission.READ_MESSAGE_HISTORY)
    found = [
        thread
        for thread in call.world.channels.values()
        if isinstance(thread, Thread)
        and thread.parent is call.channel
        and thread.archived
        and not thread.private
    ]
    found.sort(key=lambda thread: thread.archived_at, reverse=True)
    return {**_threads(call, found), "has_more": False}


@routes.on("GET", "/channels/{channel}")
def channel(call: Call) -> Json:
    call.need()
    return channel_json(call.channel)


@routes.on("PATCH", "/channels/{channel}")
def change(call: Call) -> Json:
    call.need()
    if "name" in call.body or "topic" in call.body:
        call.world.limits.take_rename(call.path["channel"])
    if isinstance(call.channel, Thread):
        return _change_thread(call, call.channel)
    call.need(Permission.MANAGE_CHANNELS)
    _change_channel(call.channel, call.body)
    shown = channel_json(call.channel)
    call.world.record.publish(call.app.id, call.channel.name, call.channel.topic)
    call.world.emit("CHANNEL_UPDATE", shown, guild=call.channel.guild)
    return shown


def _change_channel(channel: Channel, body: Json) -> None:
    if "name" in body:
        need_length("name", body["name"], 1, 100)
        channel.name = body["name"]
    if "topic" in body:
        need_length("topic", body["topic"], 0, 1024)
        channel.topic = body["topic"]
    if "permission_overwrites" in body:
        given = [_overwrite(entry) for entry in body["permission_overwrites"]]
        channel.overwrites = {overwrite.id: overwrite for overwrite in given}


def _change_thread(call: Call, thread: Thread) -> Json:
    """Its owner may rename and archive it; locking, and opening a locked one, takes more."""
    moderates = may(call.app.id, thread, Permission.MANAGE_THREADS)
    locks = thread.locked or "locked" in call.body
    if not moderates and (locks or thread.owner_id != call.app.id):
        raise ApiError(*MISSING_PERMISSIONS)
    check_thread(call.body)
    changes = {THREAD_FIELDS[name]: call.body[name] for name in THREAD_FIELDS if name in call.body}
    change_thread(call.world, thread, app_id=call.app.id, **changes)
    return thread_json(thread)


@routes.on("DELETE", "/channels/{channel}")
def delete(call: Call) -> Json:
    thread = isinstance(call.channel, Thread)
    call.need(Permission.MANAGE_THREADS if thread else Permission.MANAGE_CHANNELS)
    call.world.delete_channel(call.channel)
    return channel_json(call.channel)


@routes.on("PUT", "/channels/{channel}/permissions/{target}")
def overwrite(call: Call) -> None:
    call.need(Permission.MANAGE_ROLES)
    given = _overwrite({**call.body, "id": call.path["target"]})
    call.world.change_overwrite(call.channel, given)


@routes.on("POST", "/channels/{channel}/messages/{message}/threads")
def thread_from_message(call: Call) -> tuple[int, Json]:
    made = begin_thread(call.world, call.channel, call.app.user, call.body, starter=call.message)
    return 201, {**thread_json(made), "member": thread_member_json(made, call.app.id)}


@routes.on("POST", "/channels/{channel}/threads")
def thread(call: Call) -> tuple[int, Json]:
    made = begin_thread(call.world, call.channel, call.app.user, call.body)
    return 201, {**thread_json(made), "member": thread_member_json(made, call.app.id)}


def _thread(call: Call) -> tuple[Thread, int]:
    call.need()
    assert isinstance(call.channel, Thread)
    user = call.path["user"]
    return call.channel, call.app.id if user == "@me" else int(user)


@routes.on("PUT", "/channels/{channel}/thread-members/{user}")
def join(call: Call) -> None:
    found, user_id = _thread(call)
    join_thread(call.world, found, user_id)


@routes.on("DELETE", "/channels/{channel}/thread-members/{user}")
def leave(call: Call) -> None:
    found, user_id = _thread(call)
    if user_id != call.app.id and found.owner_id != call.app.id:
        call.need(Permission.MANAGE_THREADS)
    leave_thread(call.world, found, user_id)


@routes.on("GET", "/channels/{channel}/thread-members")
def thread_members(call: Call) -> list[Json]:
    call.need()
    assert isinstance(call.channel, Thread)
    return [thread_member_json(call.channel, user) for user in call.channel.joined]
