"""Who am I, which commands have I, whom do I write to."""

from typing import Any

from tests.discord_double.command_rules import CHAT_INPUT, check_command, check_commands
from tests.discord_double.errors import (
    NOT_YOUR_APPLICATION,
    UNKNOWN_COMMAND,
    UNKNOWN_USER,
    ApiError,
)
from tests.discord_double.payloads import channel_json, user_json
from tests.discord_double.rest import Call, Json, Routes
from tests.discord_double.state import Application

routes = Routes()
GLOBAL = "/applications/{application}/commands"
OF_GUILD = "/applications/{application}/guilds/{guild}/commands"


@routes.on("GET", "/users/@me")
def me(call: Call) -> Json:
    return {**user_json(call.app.user), "verified": True, "mfa_enabled": False, "flags": 0}


def application(call: Call) -> Json:
    app = call.app
    return {
        "id": str(app.id),
        "name": app.name,
        "icon": None,
        "description": "",
        "bot_public": True,
        "bot_require_code_grant": False,
        "owner": user_json(app.user),
        "verify_key": "0" * 64,
        "team": None,
        "flags": app.flags,
        "tags": [],
        "approximate_guild_count": sum(app.id in g.members for g in call.world.guilds.values()),
    }


for path in ("/oauth2/applications/@me", "/applications/@me"):
    routes.on("GET", path)(application)


@routes.on("GET", "/gateway/bot")
def gateway(call: Call) -> Json:
    left = max(0, 1000 - len(call.app.identified))
    limit = {"total": 1000, "remaining": left, "reset_after": 86_400_000, "max_concurrency": 1}
    url = call.world.base.replace("http", "ws", 1) + "/gateway"
    return {"url": url, "shards": 1, "session_start_limit": limit}


@routes.on("GET", "/users/@me/guilds")
def my_guilds(call: Call) -> list[Json]:
    after, limit = int(call.query.get("after", 0)), int(call.query.get("limit", 200))
    mine = (guild for guild in call.world.guilds.values() if call.app.id in guild.members)
    later = sorted((guild for guild in mine if guild.id > after), key=lambda guild: guild.id)
    return [{"id": str(guild.id), "name": guild.name} for guild in later[:limit]]


@routes.on("GET", "/users/{user}")
def user(call: Call) -> Json:
    assert call.app
    found = call.world.users.get(int(call.path["user"]))
    if found is None:
        raise ApiError(*UNKNOWN_USER)
    return user_json(found)


@routes.on("POST", "/users/@me/channels")
def direct(call: Call) -> Json:
    found = call.world.users.get(int(call.body["recipient_id"]))
    if found is None:
        raise ApiError(*UNKNOWN_USER)
    return channel_json(call.world.direct(call.app, found))


def _own(call: Call) -> Application:
    if call.path["application"] != str(call.app.id):
        raise ApiError(*NOT_YOUR_APPLICATION)
    return call.app


def _shelf(call: Call) -> dict[int, Json]:
    """The commands of the path: the application's global ones, or those of one guild."""
    app = _own(call)
    if "guild" not in call.path:
        return app.commands
    return app.guild_commands.setdefault(call.guild.id, {})


def _completed(call: Call, shelf: dict[int, Json], command: Json) -> Json:
    """The command with the keys that Discord adds; one of the same name keeps its id."""
    kind = command.get("type", CHAT_INPUT)
    same = (c for c in shelf.values() if (c["type"], c["name"]) == (kind, command["name"]))
    known = next(same, None)
    full: dict[str, Any] = {
        "id": known["id"] if known else str(call.world.snowflakes.next()),
        "application_id": str(call.app.id),
        "version": str(call.world.snowflakes.next()),
        "type": kind,
        "description": "",
        "options": [],
        "default_member_permissions": None,
        "dm_permission": True,
        "nsfw": False,
        "contexts": None,
        "integration_types": [0],
    }
    full.update((name, value) for name, value in command.items() if value is not None)
    if full["default_member_permissions"] is not None:
        full["default_member_permissions"] = str(full["default_member_permissions"])
    return {**full, "guild_id": str(call.guild.id)} if "guild" in call.path else full


def listed(call: Call) -> list[Json]:
    return list(_shelf(call).values())


def replaced(call: Call) -> list[Json]:
    shelf = _shelf(call)
    check_commands(call.body)
    full = [_completed(call, shelf, command) for command in call.body]
    shelf.clear()
    shelf.update((int(command["id"]), command) for command in full)
    return full


def added(call: Call) -> tuple[int, Json]:
    shelf = _shelf(call)
    check_command("0", call.body)
    full = _completed(call, shelf, call.body)
    known = int(full["id"]) in shelf
    shelf[int(full["id"])] = full
    return (200 if known else 201), full


def removed(call: Call) -> None:
    if _shelf(call).pop(int(call.path["command"]), None) is None:
        raise ApiError(*UNKNOWN_COMMAND)


for base in (GLOBAL, OF_GUILD):
    routes.on("GET", base)(listed)
    routes.on("PUT", base)(replaced)
    routes.on("POST", base)(added)
    routes.on("DELETE", base + "/{command}")(removed)
