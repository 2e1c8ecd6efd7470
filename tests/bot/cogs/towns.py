"""What tests of towns share: a town in a channel, and the answers of people who live there."""

from dataclasses import dataclass

from tests.bot.cogs.matches import told
from tests.discord_double.actors import Person
from tests.discord_double.state import Message


@dataclass
class Lived:
    """A town in its channel."""

    scene: object
    match_id: str

    @property
    def live(self) -> Message:
        """The live message."""
        mark = f"town `{self.match_id}`"
        return [m for m in self.scene.discord.messages(self.scene.channel) if mark in m.content][-1]

    @property
    def thread(self):
        """Where residents are heard."""
        return self.scene.discord.channels[self.live.id]

    async def reply(self, who: Person, command: str, /, **options) -> Message:
        """Give a command in the channel and return the private message that comes."""
        return await (await who.slash(self.scene.channel, f"town {command}", **options)).reply()

    def file(self, message: Message, number: int = 0) -> str:
        """Return the text of a file of a message."""
        return self.scene.discord.files[message.attachments[number].id].decode()

    async def command(self, who: Person, command: str, /, **options) -> str:
        """Give a command in the channel and return the private answer."""
        return await told(await who.slash(self.scene.channel, f"town {command}", **options))

    def said(self, place=None) -> list[str]:
        """What was told in the thread, or in another place, without the live message."""
        mark = f"town `{self.match_id}`"
        shown = self.scene.discord.messages(place or self.thread)
        return [m.content for m in shown if mark not in m.content]

    async def until_said(self, text: str, place=None) -> Message:
        """Wait for something told in the thread, or in another place."""
        where = place or self.thread
        await self.scene.discord.until(
            lambda: text in "\n".join(self.said(where)), what=f"{text} in {self.said(where)}"
        )
        return next(m for m in self.scene.discord.messages(where) if text in m.content)


async def founded(scene, who: Person, **options) -> Lived:
    """Found a town, and wait for its live message and its thread."""
    said = await told(await who.slash(scene.channel, "town create", **options))
    assert "is founded" in said, said
    live = await scene.shown(scene.channel, lambda m: "town `" in m.content)
    match_id = live.content.split("town `")[1].split("`")[0]
    await scene.thread(live)
    return Lived(scene, match_id)
