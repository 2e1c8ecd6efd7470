"""What a person's client makes of a command as it was typed, and where it says no."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.discord_double.command_rules import (
    BOOLEAN,
    CHANNEL,
    CHAT_INPUT,
    FILE,
    INTEGER,
    MENTIONABLE,
    NESTED,
    NUMBER,
    ROLE,
    STRING,
    USER,
)
from tests.discord_double.errors import NotOffered
from tests.discord_double.message_rules import Upload
from tests.discord_double.payloads import member_json, message_json, role_json, user_json
from tests.discord_double.permissions import Permission, in_channel, in_guild, may, to_send
from tests.discord_double.state import Application, Channel, Guild, Message, Role, User
from tests.discord_double.world import World

Json = dict[str, Any]
TYPES: Mapping[int, tuple[type, ...]] = {
    STRING: (str,),
    INTEGER: (int,),
    BOOLEAN: (bool,),
    USER: (User,),
    CHANNEL: (Channel,),
    ROLE: (Role,),
    MENTIONABLE: (User, Role),
    NUMBER: (int, float),
    FILE: (Upload,),
}


@dataclass
class Resolved:
    """Objects that an interaction's values name, written out."""

    world: World
    home: Channel
    tables: dict[str, Json] = field(default_factory=dict)

    def value(self, thing: Any) -> Any:
        """The value as the interaction has it, with what it names added to the tables."""
        if isinstance(thing, User):
            self._user(thing)
        elif isinstance(thing, Channel):
            self._channel(thing)
        elif isinstance(thing, Role):
            self._add("roles", thing.id, role_json(thing))
        elif isinstance(thing, Message):
            self._add("messages", thing.id, message_json(thing))
        elif isinstance(thing, Upload):
            return self._file(thing)
        else:
            return thing
        return str(thing.id)

    def _add(self, table: str, key: int, payload: Json) -> None:
        self.tables.setdefault(table, {})[str(key)] = payload

    def _user(self, user: User) -> None:
        self._add("users", user.id, user_json(user))
        guild = self.home.guild
        if guild is not None and user.id in guild.members:
            member = member_json(guild.members[user.id], with_user=False)
            bits = str(in_channel(user.id, self.home))
            self._add("members", user.id, {**member, "permissions": bits})

    def _channel(self, channel: Channel) -> None:
        about = {"id": str(channel.id), "name": channel.name, "type": channel.kind}
        self._add("channels", channel.id, {**about, "permissions": "0"})

    def _file(self, file: Upload) -> str:
        new = self.world.snowflakes.next()
        self.world.files[new] = file.data
        url = f"{self.world.base}/cdn/attachments/{self.home.id}/{new}/{file.filename}"
        about = {"id": str(new), "filename": file.filename, "size": len(file.data)}
        kind = {"content_type": file.content_type, "url": url, "proxy_url": url}
        self._add("attachments", new, {**about, **kind})
        return str(new)


def offered(
    world: World, channel: Channel, user: User, name: str, kind: int = CHAT_INPUT
) -> tuple[Application, Json]:
    """The application and command of this name that the user's client shows in the channel.

    Raises: NotOffered if there is none, or not for this user here.
    """
    if not may(user.id, channel, Permission.USE_APPLICATION_COMMANDS, to_send(channel)):
        raise NotOffered(f"{user.name} can use no commands in #{channel.name}")
    listed = list(_listed(world, channel))
    for app, command in listed:
        if (command["type"], command["name"]) == (kind, name):
            _need_permission(user, channel.guild, command)
            return app, command
    raise NotOffered(f"no command {name!r}; there are {[command['name'] for _, command in listed]}")


def _listed(world: World, channel: Channel) -> Iterator[tuple[Application, Json]]:
    guild = channel.guild
    for app in world.applications.values():
        if guild is None:
            if app.id in channel.recipients:
                yield from ((app, c) for c in app.commands.values() if _in_direct(c))
        elif app.id in guild.members:
            own = app.guild_commands.get(guild.id, {})
            yield from ((app, command) for command in own.values())
            yield from ((app, c) for c in app.commands.values() if 0 in (c["contexts"] or [0]))


def _in_direct(command: Json) -> bool:
    contexts = command["contexts"]
    return bool(command["dm_permission"]) if contexts is None else 1 in contexts


def _need_permission(user: User, guild: Guild | None, command: Json) -> None:
    needed = command["default_member_permissions"]
    if needed is None or guild is None or command["name"] in guild.opened_commands:
        return
    bits = in_guild(user.id, guild)
    if int(needed) == 0 and not bits & Permission.ADMINISTRATOR:
        raise NotOffered(f"/{command['name']} is not shown to {user.name}")
    if bits & int(needed) != int(needed):
        raise NotOffered(f"/{command['name']} is not shown to {user.name}")


def filled(
    command: Json, path: list[str], given: Mapping[str, Any], resolved: Resolved, *, focus: str = ""
) -> list[Json]:
    """The options of an interaction, inside the subcommand that the path leads to.

    With a focus it is an autocomplete, so that what is required may still be missing.
    """
    specs = command.get("options") or []
    if path:
        found = next((o for o in specs if o["type"] in NESTED and o["name"] == path[0]), None)
        if found is None:
            raise NotOffered(f"no subcommand {path[0]!r} in {command['name']!r}")
        inner = filled(found, path[1:], given, resolved, focus=focus)
        return [{"name": path[0], "type": found["type"], "options": inner}]
    if any(option["type"] in NESTED for option in specs):
        raise NotOffered(f"{command['name']!r} needs a subcommand")
    if unknown := given.keys() - {option["name"] for option in specs}:
        raise NotOffered(f"{command['name']!r} has no option {', '.join(sorted(unknown))}")
    missing = [o["name"] for o in specs if o.get("required") and o["name"] not in given]
    if missing and not focus:
        raise NotOffered(f"{command['name']!r} needs {', '.join(missing)}")
    return [
        _option(o, given[o["name"]], resolved, focus=focus) for o in specs if o["name"] in given
    ]


def _option(spec: Json, given: Any, resolved: Resolved, *, focus: str) -> Json:
    answer: Json = {"name": spec["name"], "type": spec["type"]}
    if focus == spec["name"]:
        return {**answer, "value": given, "focused": True}
    if not focus:
        _check_value(spec, given)
    return {**answer, "value": resolved.value(given)}


def _check_value(spec: Json, given: Any) -> None:
    allowed = TYPES[spec["type"]]
    if not isinstance(given, allowed) or (isinstance(given, bool) and bool not in allowed):
        raise NotOffered(f"{given!r} is no value of option {spec['name']!r}")
    choices = [choice["value"] for choice in spec.get("choices") or []]
    if choices and given not in choices:
        raise NotOffered(f"{given!r} is not among the choices {choices}")
    size = len(given) if isinstance(given, str) else given
    ends = ("min_length", "max_length") if isinstance(given, str) else ("min_value", "max_value")
    least, most = spec.get(ends[0]), spec.get(ends[1])
    if (least is not None and size < least) or (most is not None and size > most):
        raise NotOffered(f"{given!r} is out of the range of option {spec['name']!r}")
    kinds = spec.get("channel_types")
    if isinstance(given, Channel) and kinds and given.kind not in kinds:
        raise NotOffered(f"#{given.name} is no channel for option {spec['name']!r}")
