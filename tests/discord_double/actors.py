"""People: they write, run commands, press, pick and fill in, as their own client lets them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.discord_double import interactions
from tests.discord_double.command_rules import CHAT_INPUT, ON_MESSAGE, ON_USER
from tests.discord_double.component_rules import BUTTON, LINK, PREMIUM, SELECT, SELECTS
from tests.discord_double.errors import NOT_YOUR_MESSAGE, ApiError, NotOffered
from tests.discord_double.forms import check_values, submitted
from tests.discord_double.interactions import Interaction
from tests.discord_double.message_rules import Upload
from tests.discord_double.messages import delete, edit, post
from tests.discord_double.options import Resolved, filled, offered
from tests.discord_double.permissions import Permission, in_channel, require
from tests.discord_double.reactions import react
from tests.discord_double.state import (
    PUBLIC_THREAD,
    Application,
    Channel,
    Message,
    Thread,
    User,
    label_of,
    walk,
)
from tests.discord_double.threads import begin_thread
from tests.discord_double.world import World


@dataclass(eq=False, kw_only=True)
class Person(User):
    """A user who is no bot.

    What their client would not let them do raises NotOffered, what Discord refuses ApiError.
    """

    world: World

    async def send(
        self,
        channel: Channel,
        text: str,
        *,
        reply_to: Message | None = None,
        mentions: Sequence[User] = (),
        files: Sequence[Upload] = (),
    ) -> Message:
        """Write a message; a reply notifies the one who is replied to."""
        named = " ".join(user.mention for user in mentions)
        body: dict[str, Any] = {"content": f"{named} {text}".strip()}
        if reply_to is not None:
            body["message_reference"] = {"message_id": str(reply_to.id)}
        return post(self.world, channel, self, body, files)

    async def edit(self, message: Message, text: str) -> None:
        if message.author is not self:
            raise ApiError(*NOT_YOUR_MESSAGE)
        edit(self.world, message, {"content": text})

    async def delete(self, message: Message) -> None:
        if message.author is not self:
            require(self.id, message.channel, Permission.MANAGE_MESSAGES)
        delete(self.world, message)

    async def react(self, message: Message, emoji: str) -> None:
        react(self.world, message, emoji, self)

    async def begin_thread(self, start: Message | Channel, name: str) -> Thread:
        """Begin a public thread from a message, or in a channel without one."""
        if isinstance(start, Message):
            return begin_thread(self.world, start.channel, self, {"name": name}, starter=start)
        return begin_thread(self.world, start, self, {"name": name, "type": PUBLIC_THREAD})

    def sees(self, channel: Channel) -> list[Message]:
        """The messages that this person can read there, the oldest first."""
        if not in_channel(self.id, channel):
            return []
        return [m for m in channel.messages.values() if m.only_for in (None, self.id)]

    async def slash(self, channel: Channel, command: str, /, **options: Any) -> Interaction:
        """Run a command, such as "arena create" with its options by name."""
        name, *path = command.split()
        app, found = offered(self.world, channel, self, name)
        resolved = Resolved(self.world, channel)
        parts = filled(found, path, options, resolved)
        return await self._run(app, found, channel, {"options": parts}, resolved)

    async def autocomplete(
        self, channel: Channel, command: str, focused: str, partial: str, /, **options: Any
    ) -> Interaction:
        """Type a part of the focused option; what is offered are the interaction's choices."""
        name, *path = command.split()
        app, found = offered(self.world, channel, self, name)
        resolved = Resolved(self.world, channel)
        parts = filled(found, path, {**options, focused: partial}, resolved, focus=focused)
        data = self._command_data(found, {"options": parts}, resolved)
        return await self.forge(channel, interactions.AUTOCOMPLETE, data, app=app)

    async def use_on_user(self, channel: Channel, command: str, user: User) -> Interaction:
        """Pick a command from the context menu of a user."""
        app, found = offered(self.world, channel, self, command, ON_USER)
        resolved = Resolved(self.world, channel)
        target = {"target_id": resolved.value(user)}
        return await self._run(app, found, channel, target, resolved)

    async def use_on_message(self, command: str, message: Message) -> Interaction:
        """Pick a command from the context menu of a message."""
        self._need_visible(message)
        app, found = offered(self.world, message.channel, self, command, ON_MESSAGE)
        resolved = Resolved(self.world, message.channel)
        target = {"target_id": resolved.value(message)}
        return await self._run(app, found, message.channel, target, resolved)

    async def click(self, message: Message, button: str) -> Interaction:
        """Press the button of this label or custom id."""
        found = self._control(message, button, (BUTTON,))
        if found["style"] in (LINK, PREMIUM):
            raise NotOffered(f"{button!r} sends nothing to the bot")
        data = {"custom_id": found["custom_id"], "component_type": BUTTON}
        return await self.forge(message.channel, interactions.COMPONENT, data, message=message)

    async def select(self, message: Message, select: str, values: Sequence[Any]) -> Interaction:
        """Pick values (texts, or users, roles, channels) in the select of this custom id."""
        found = self._control(message, select, SELECTS)
        check_values(select, found, values)
        resolved = Resolved(self.world, message.channel)
        data = {"custom_id": found["custom_id"], "component_type": found["type"]}
        data["values"] = [resolved.value(value) for value in values]
        if found["type"] != SELECT:
            data["resolved"] = resolved.tables
        return await self.forge(message.channel, interactions.COMPONENT, data, message=message)

    async def submit_modal(
        self, opened: Interaction, values: Mapping[str, Any] | None = None
    ) -> Interaction:
        """Fill in the modal that an interaction opened; fields left out keep their default."""
        if opened.modal is None or opened.user is not self:
            raise NotOffered("no modal was opened")
        resolved = Resolved(self.world, opened.channel)
        parts = submitted(opened.modal, values or {}, resolved)
        data = {"custom_id": opened.modal["custom_id"], "components": parts}
        data["resolved"] = resolved.tables
        kind, message = interactions.MODAL_SUBMIT, opened.message
        return await self.forge(opened.channel, kind, data, app=opened.app, message=message)

    async def forge(
        self,
        channel: Channel,
        kind: int,
        data: Mapping[str, Any],
        *,
        app: Application | None = None,
        message: Message | None = None,
    ) -> Interaction:
        """Send an interaction as it stands, whatever a client would have offered.

        It goes to the application whose message it is on, unless another is named.
        """
        if app is None:
            assert message is not None and message.application_id is not None
            app = self.world.applications[message.application_id]
        interaction = Interaction(self.world, app, self, channel, kind, data, message)
        interaction.offer()
        return await interaction.settled()

    async def _run(
        self,
        app: Application,
        command: Mapping[str, Any],
        channel: Channel,
        about: Mapping[str, Any],
        resolved: Resolved,
    ) -> Interaction:
        data = self._command_data(command, about, resolved)
        return await self.forge(channel, interactions.COMMAND, data, app=app)

    @staticmethod
    def _command_data(
        command: Mapping[str, Any], about: Mapping[str, Any], resolved: Resolved
    ) -> dict[str, Any]:
        data = {"id": command["id"], "name": command["name"], "type": command["type"], **about}
        if command["type"] != CHAT_INPUT or resolved.tables:
            data["resolved"] = resolved.tables
        if "guild_id" in command:
            data["guild_id"] = command["guild_id"]
        return data

    def _need_visible(self, message: Message) -> None:
        if message.deleted or message not in self.sees(message.channel):
            raise NotOffered(f"{self.name} does not see this message")

    def _control(self, message: Message, named: str, kinds: Sequence[int]) -> dict[str, Any]:
        """The control as it is on the message now."""
        self._need_visible(message)
        parts = [part for part in walk(message.components) if part["type"] in kinds]
        for part in parts:
            if named in (part.get("custom_id"), part.get("custom_id") and label_of(part)):
                if part.get("disabled"):
                    raise NotOffered(f"{named!r} is disabled")
                return part
        raise NotOffered(f"no control {named!r}; there are {message.controls}")
