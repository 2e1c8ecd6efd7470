"""Steering a double that runs in another process: one POST per verb, JSON in and out.

    POST /control/user {"name": "alice"}                              -> {"id": "…"}
    POST /control/slash {"user": "…", "channel": "…", "command": "arena create",
                         "options": {"game": "go"}}                   -> an interaction
    POST /control/deeds {"since": 0}                                  -> a list

Things are named by their ids. An option that is a user or channel is {"user": id} or
{"channel": id}. A refusal of Discord's, or of a person's client, is status 400 with "refused".
"""

import inspect
import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from aiohttp import web

from tests.discord_double.actors import Person
from tests.discord_double.errors import ApiError, NotOffered
from tests.discord_double.interactions import Interaction
from tests.discord_double.payloads import message_json
from tests.discord_double.permissions import Permission
from tests.discord_double.server import DiscordDouble
from tests.discord_double.state import Message

Json = dict[str, Any]


class Control:
    """The verbs, each a method that takes the request's fields."""

    def __init__(self, double: DiscordDouble) -> None:
        self._double = double

    def guild(self, name: str, owner: str) -> Json:
        return _named(self._double.guild(name, self._person(owner)))

    def user(self, name: str) -> Json:
        return _named(self._double.user(name))

    def member(self, guild: str, user: str) -> Json:
        self._double.member(self._double.guilds[int(guild)], self._person(user))
        return {}

    def channel(self, guild: str, name: str) -> Json:
        return _named(self._double.channel(self._double.guilds[int(guild)], name))

    def application(self, name: str, **intents: bool) -> Json:
        app = self._double.application(name, **intents)
        return {**_named(app), "token": app.token}

    def install(self, app: str, guild: str, permissions: int = Permission.ADMINISTRATOR) -> Json:
        application = self._double.applications[int(app)]
        return _named(
            self._double.install(application, self._double.guilds[int(guild)], permissions)
        )

    async def send(self, user: str, channel: str, text: str) -> Json:
        where = self._double.channels[int(channel)]
        return _message(await self._person(user).send(where, text))

    async def slash(
        self, user: str, channel: str, command: str, options: Json | None = None
    ) -> Json:
        where = self._double.channels[int(channel)]
        given = {name: self._value(value) for name, value in (options or {}).items()}
        return await self._shown(await self._person(user).slash(where, command, **given))

    async def autocomplete(
        self, user: str, channel: str, command: str, focused: str, partial: str
    ) -> Json:
        where = self._double.channels[int(channel)]
        person = self._person(user)
        return await self._shown(await person.autocomplete(where, command, focused, partial))

    async def click(self, user: str, message: str, button: str) -> Json:
        found = self._message(message)
        return await self._shown(await self._person(user).click(found, button))

    async def select(self, user: str, message: str, select: str, values: list[Any]) -> Json:
        found, picked = self._message(message), [self._value(value) for value in values]
        return await self._shown(await self._person(user).select(found, select, picked))

    async def submit_modal(self, user: str, interaction: str, values: Json) -> Json:
        opened = (i for i in self._double.interactions.values() if str(i.id) == interaction)
        return await self._shown(await self._person(user).submit_modal(next(opened), values))

    def messages(self, channel: str, viewer: str | None = None) -> list[Json]:
        where = self._double.channels[int(channel)]
        seen = self._double.messages(where, self._person(viewer) if viewer else None)
        return [_message(message) for message in seen]

    def threads(self, channel: str) -> list[Json]:
        found = self._double.threads(self._double.channels[int(channel)])
        return [{**_named(thread), "name": thread.name} for thread in found]

    def deeds(self, since: int = 0) -> list[Json]:
        return [
            {**asdict(deed), "pinged": sorted(deed.pinged)}
            for deed in self._double.record.deeds[since:]
        ]

    def requests(self, since: int = 0) -> list[Json]:
        return [asdict(request) for request in self._double.record.requests[since:]]

    def public_texts(self) -> list[str]:
        return self._double.public_texts()

    def advance(self, seconds: float) -> Json:
        self._double.clock.advance(seconds)
        return {}

    def unlimited(self) -> Json:
        self._double.unlimited()
        return {}

    async def gateway(self, do: str, code: int = 4000) -> Json:
        """Drop, reconnect, invalidate, freeze or close all connections."""
        if do == "close":
            await self._double.close_all(code)
            return {}
        double = self._double
        plain = {
            "drop": double.gateway_drop,
            "reconnect": double.reconnect,
            "invalidate": double.invalidate,
            "freeze": double.freeze,
        }
        plain[do]()
        return {}

    def _person(self, user_id: str) -> Person:
        person = self._double.users[int(user_id)]
        assert isinstance(person, Person)
        return person

    def _message(self, message_id: str) -> Message:
        channels = self._double.channels.values()
        return next(c.messages[int(message_id)] for c in channels if int(message_id) in c.messages)

    def _value(self, given: Any) -> Any:
        if isinstance(given, dict) and "user" in given:
            return self._double.users[int(given["user"])]
        if isinstance(given, dict) and "channel" in given:
            return self._double.channels[int(given["channel"])]
        return given

    async def _shown(self, interaction: Interaction) -> Json:
        original = interaction.original
        return {
            "id": str(interaction.id),
            "acked_after": interaction.acked_after,
            "failed": interaction.failed,
            "modal": interaction.modal,
            "choices": interaction.choices,
            "reply": _message(original) if original is not None else None,
        }


def _named(thing: Any) -> Json:
    return {"id": str(thing.id)}


def _message(message: Message) -> Json:
    return {**message_json(message), "pinged": sorted(message.pinged)}


def control(double: DiscordDouble) -> None:
    """Let the double be steered over HTTP; call it before the double serves."""
    verbs = Control(double)

    async def answer(request: web.Request) -> web.Response:
        name = request.match_info["verb"]
        verb: Callable[..., Any] | None = getattr(verbs, name, None)
        if verb is None or name.startswith("_"):
            return web.json_response({"refused": f"no verb {name}"}, status=404)
        text = await request.text()
        try:
            result = verb(**json.loads(text or "{}"))
            result = await result if inspect.isawaitable(result) else result
        except (ApiError, NotOffered, LookupError, TypeError) as refusal:
            why = f"{type(refusal).__name__}: {refusal}"
            return web.json_response({"refused": why}, status=400)
        return web.json_response(result)

    double.web_app.router.add_post("/control/{verb}", answer)
