"""What tests of chats share: a chat in a channel, and a model that can be slow."""

import asyncio
import json
from dataclasses import dataclass

from aiohttp import web

from tests.bot.cogs.matches import told
from tests.discord_double.actors import Person
from tests.discord_double.state import Channel, Message
from tests.faulty_model import FaultyModel, Received


class Talker(FaultyModel):
    """Answers in free text as `replies` says, and writes as slowly as `pause`."""

    pause = 0.0
    """Seconds between the pieces of an answer."""

    def replies(self, received: Received) -> str:
        return f"Answer {len(self.prompts)}."

    def learns(self, lines: list[dict]) -> list[dict]:
        """Facts, by "My … is …"."""
        found = []
        for line in lines:
            _, mine, words = line["words"].partition("My ")
            if mine and " is " in words:
                fact = {"about": words.split(" is ")[0], "fact": words, "quote": words}
                found.append({**fact, "line": line["line"], "importance": 9})
        return found

    def _says(self, mode, received):
        if "response_format" not in received.body:
            return self.says.popleft() if self.says else self.replies(received)
        properties = received.body["response_format"]["json_schema"]["schema"]["properties"]
        if "facts" not in properties:
            return json.dumps({"insights": []})
        lines = json.loads(received.messages[-1]["content"])
        return json.dumps({"facts": self.learns(lines), "episode": "", "importance": 1})

    async def _completion(self, mode, request, body):
        if not self.pause or not body.get("stream"):
            return await super()._completion(mode, request, body)
        text = self._says(mode, Received(request.path, {}, body))
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        for at in range(0, len(text), 8):
            choice = {"index": 0, "delta": {"content": text[at : at + 8]}, "finish_reason": None}
            await response.write(b"data: " + json.dumps({"choices": [choice]}).encode() + b"\n\n")
            await asyncio.sleep(self.pause)
        end = {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
        await response.write(b"data: " + json.dumps(end).encode() + b"\n\ndata: [DONE]\n\n")
        await response.write_eof()
        return response

    @property
    def prompts(self) -> list[str]:
        """The prompts of answers in free text."""
        return [one.prompt for one in self.requests if "response_format" not in one.body]


@dataclass
class Talk:
    """A chat in its channel or thread."""

    scene: object
    place: Channel

    def spoken(self, name: str = "") -> list[Message]:
        """What characters have said, as it stands."""
        shown = self.scene.discord.messages(self.place)
        return [m for m in shown if m.author.name.endswith("(AI)") and name in m.author.name]

    def words(self) -> list[str]:
        return [m.content for m in self.spoken()]

    async def until(self, text: str) -> Message:
        """Wait for words of a character."""
        await self.scene.discord.until(
            lambda: any(text in one for one in self.words()), what=f"{text} in {self.words()}"
        )
        return [m for m in self.spoken() if text in m.content][-1]

    async def until_told(self, text: str) -> Message:
        """Wait for something that the bot says itself."""

        def shown():
            return [m.content for m in self.scene.discord.messages(self.place)]

        await self.scene.discord.until(lambda: text in "\n".join(shown()), what=text)
        return next(m for m in self.scene.discord.messages(self.place) if text in m.content)

    async def command(self, who: Person, name: str, **options) -> str:
        return await told(await who.slash(self.place, f"chat {name}", **options))

    async def press(self, who: Person, message: Message, label: str) -> str:
        return await told(await who.click(message, label))


async def talking(scene, who: Person, character: str = "socrates", **options) -> Talk:
    """Begin a chat and wait for its greeting."""
    said = await told(await who.slash(scene.channel, "chat with", character=character, **options))
    place = scene.discord.channels[int(said.split("<#")[1].split(">")[0])]
    talk = Talk(scene, place)
    await scene.discord.until(talk.spoken, what="a greeting")
    return talk
