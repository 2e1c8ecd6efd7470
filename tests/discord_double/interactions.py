"""Interactions: offered to an application, answered within three seconds or failed."""

import asyncio
import secrets
import time
from collections.abc import Mapping, Sequence
from typing import Any

from tests.discord_double.command_rules import check_choices
from tests.discord_double.errors import (
    ACKNOWLEDGED,
    BAD_WEBHOOK_TOKEN,
    UNKNOWN_CHANNEL,
    UNKNOWN_INTERACTION,
    UNKNOWN_MESSAGE,
    UNKNOWN_WEBHOOK,
    ApiError,
    invalid,
)
from tests.discord_double.message_rules import Upload, check_message
from tests.discord_double.messages import create, draft, edit
from tests.discord_double.modal_rules import check_modal
from tests.discord_double.payloads import channel_json, member_json, message_json, user_json
from tests.discord_double.permissions import in_channel
from tests.discord_double.state import (
    COMMAND_REPLY,
    EPHEMERAL,
    LOADING,
    MENU_REPLY,
    REPLY,
    Application,
    Channel,
    Message,
    User,
)
from tests.discord_double.waiting import until
from tests.discord_double.world import World

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5
"""Types of interactions."""
ANSWER, DEFER, DEFER_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
"""Types of first answers."""
POSSIBLE = {
    COMMAND: (ANSWER, DEFER, MODAL),
    COMPONENT: (ANSWER, DEFER, DEFER_UPDATE, UPDATE, MODAL),
    AUTOCOMPLETE: (CHOICES,),
    MODAL_SUBMIT: (ANSWER, DEFER, DEFER_UPDATE, UPDATE),
}
CHAT_INPUT = 1


class Interaction:
    """What one user did with one application's controls, and what came of it."""

    def __init__(
        self,
        world: World,
        app: Application,
        user: User,
        channel: Channel,
        kind: int,
        data: Mapping[str, Any],
        message: Message | None = None,
    ) -> None:
        self.world, self.app, self.user, self.channel = world, app, user, channel
        self.kind, self.data, self.message = kind, data, message
        self.id = world.snowflakes.next()
        self.token = secrets.token_urlsafe(60)
        self.born = world.clock.now()
        self.acked_after: float | None = None
        """Seconds until the first answer."""
        self.failed = False
        """Whether no answer came in time, so that the user saw it fail."""
        self.answered_with: int | None = None
        self.modal: dict[str, Any] | None = None
        self.choices: list[dict[str, Any]] | None = None
        self.original: Message | None = None
        """The first answer's message; for an update the message with the control."""
        self.followups: list[Message] = []
        self._settled = asyncio.Event()
        self._began = time.monotonic()

    def offer(self) -> None:
        """Send it to the application, and let the time for an answer run."""
        self.world.interactions[self.token] = self
        self.world.emit("INTERACTION_CREATE", self.event_json(), app=self.app)
        asyncio.get_running_loop().call_later(self.world.ack_seconds, self._give_up)

    def _give_up(self) -> None:
        self.failed = self.answered_with is None
        self._settled.set()

    async def settled(self) -> "Interaction":
        """Wait for the first answer, or until it has failed."""
        await self._settled.wait()
        return self

    async def reply(self) -> Message:
        """Wait for the first answer's message; a mere "is thinking" does not count.

        Raises: AssertionError if none comes in time.
        """
        await until(lambda: self.failed or self.replied, what=f"a reply to {self}")
        assert self.original is not None and not self.failed, f"{self} has no reply"
        return self.original

    @property
    def replied(self) -> bool:
        return self.original is not None and not self.original.loading

    def __repr__(self) -> str:
        of = self.data.get("name") or self.data.get("custom_id")
        return f"<interaction {of!r} of {self.user.name}, answered with {self.answered_with}>"

    def origin_json(self) -> dict[str, Any]:
        """What a message says of the interaction that it answers."""
        guild = self.channel.guild
        origin: dict[str, Any] = {
            "id": str(self.id),
            "type": self.kind,
            "user": user_json(self.user),
            "authorizing_integration_owners": {"0": str(guild.id) if guild else "0"},
        }
        answer: dict[str, Any] = {"interaction_metadata": origin}
        if self.kind == COMMAND:
            older = {"id": str(self.id), "type": COMMAND, "name": self.data["name"]}
            answer["interaction"] = {**older, "user": user_json(self.user)}
        return answer

    def event_json(self) -> dict[str, Any]:
        guild = self.channel.guild
        home = {**channel_json(self.channel)}
        home.pop("permission_overwrites", None)
        home["permissions"] = str(in_channel(self.user.id, self.channel))
        payload: dict[str, Any] = {
            "id": str(self.id),
            "application_id": str(self.app.id),
            "type": self.kind,
            "data": self.data,
            "token": self.token,
            "version": 1,
            "channel_id": str(self.channel.id),
            "channel": home,
            "locale": "en-US",
            "entitlements": [],
            "entitlement_sku_ids": [],
            "authorizing_integration_owners": {"0": str(guild.id) if guild else "0"},
            "context": 0 if guild else 1,
            "attachment_size_limit": 10 * 2**20,
            "app_permissions": str(in_channel(self.app.id, self.channel)),
        }
        if self.message is not None:
            payload["message"] = message_json(self.message)
        if guild is None:
            return {**payload, "user": user_json(self.user)}
        member = member_json(guild.members[self.user.id])
        member["permissions"] = str(in_channel(self.user.id, self.channel))
        about = {"id": str(guild.id), "locale": "en-US", "features": []}
        return {
            **payload,
            "guild_id": str(guild.id),
            "guild": about,
            "guild_locale": "en-US",
            "member": member,
        }

    # -- what the application does --

    def answer(self, kind: int, data: Mapping[str, Any], files: Sequence[Upload]) -> None:
        """The first answer. Raises: ApiError 10062 if it is late, 40060 if it is the second."""
        if self.failed:
            raise ApiError(*UNKNOWN_INTERACTION)
        if self.answered_with is not None:
            raise ApiError(*ACKNOWLEDGED)
        without_message = kind in (DEFER_UPDATE, UPDATE) and self.message is None
        if kind not in POSSIBLE[self.kind] or without_message:
            code = "INTERACTION_CALLBACK_TYPE_INVALID"
            raise invalid("type", code, "Invalid interaction callback type")
        self._need_channel()
        self._do(kind, data, files)
        self.answered_with = kind
        self.acked_after = time.monotonic() - self._began
        self._settled.set()

    def _do(self, kind: int, data: Mapping[str, Any], files: Sequence[Upload]) -> None:
        if kind == ANSWER:
            self.original = self._say(data, files)
        elif kind == DEFER:
            flags = (data.get("flags") or 0) & EPHEMERAL
            self.original = self._say({"flags": flags | LOADING}, (), checked=False)
        elif kind == CHOICES:
            check_choices("data.choices", data.get("choices") or [])
            self.choices = list(data.get("choices") or [])
        elif kind == MODAL:
            check_modal(data)
            self.modal = dict(data)
        elif kind == UPDATE:
            assert self.message is not None
            self._need_message(self.message)
            edit(self.world, self.message, data, files)
            self.original = self.message
        else:
            self.original = self.message

    def _say(
        self, body: Mapping[str, Any], files: Sequence[Upload], *, checked: bool = True
    ) -> Message:
        if checked:
            check_message(body, files)
        message = draft(self.world, self.channel, self.app.user, body)
        message.webhook_id = message.application_id = self.app.id
        message.interaction = self
        message.kind = self._message_kind()
        message.only_for = self.user.id if message.ephemeral else None
        create(self.world, message, body, files)
        return message

    def _message_kind(self) -> int:
        if self.kind == COMMAND:
            return COMMAND_REPLY if self.data.get("type", CHAT_INPUT) == CHAT_INPUT else MENU_REPLY
        return REPLY if self.message is not None else 0

    def check_token(self) -> None:
        """Refuse follow-ups before an answer, and 15 minutes after the start."""
        if self.world.clock.now() - self.born > self.world.token_seconds:
            raise ApiError(*BAD_WEBHOOK_TOKEN)
        if self.answered_with is None:
            raise ApiError(*UNKNOWN_WEBHOOK)
        self._need_channel()

    def follow_up(self, body: Mapping[str, Any], files: Sequence[Upload]) -> Message:
        """A further message; the first after a mere "is thinking" takes its place."""
        if self.original is not None and self.original.loading:
            self.change(self.original, {**body, "flags": 0}, files)
            return self.original
        message = self._say(body, files)
        self.followups.append(message)
        return message

    def find(self, which: str) -> Message:
        """The message @original, or a follow-up by its id."""
        if which == "@original":
            if self.original is None:
                raise ApiError(*UNKNOWN_MESSAGE)
            return self._need_message(self.original)
        for message in (self.original, *self.followups):
            if message is not None and str(message.id) == which:
                return self._need_message(message)
        raise ApiError(*UNKNOWN_MESSAGE)

    def change(self, message: Message, body: Mapping[str, Any], files: Sequence[Upload]) -> None:
        """Edit an answer; filling in a deferred one does not mark it as edited."""
        filled = message.loading
        edit(self.world, message, body, files)
        if filled:
            message.edited_at = None

    def _need_channel(self) -> None:
        if self.channel.id not in self.world.channels:
            raise ApiError(*UNKNOWN_CHANNEL)

    @staticmethod
    def _need_message(message: Message) -> Message:
        if message.deleted:
            raise ApiError(*UNKNOWN_MESSAGE)
        return message
