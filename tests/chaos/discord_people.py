"""People who play in Discord while the bot is killed: they press again what has failed."""

import asyncio
import re
from dataclasses import dataclass, field
from random import Random

from tests.discord_double.actors import Person
from tests.discord_double.errors import ApiError, NotOffered
from tests.discord_double.server import DiscordDouble
from tests.discord_double.state import Channel, Message, walk

PAUSE = 0.15
PATIENCE = 6.0
"""Seconds until somebody whose click was taken, but led to nothing, clicks again."""


@dataclass(frozen=True)
class Plan:
    """What is played at one table, and with whom beside its creator."""

    game: str
    options: str = ""
    people: int = 1
    """How many people sit there; with 0 the creator only looks on."""
    house: int = 0
    models: int = 0

    @property
    def seats(self) -> int:
        return self.people + self.house + self.models


PLANS = (
    *[Plan("rock-paper-scissors", "target=4", house=1)] * 3,
    *[Plan("tic-tac-toe", people=2)] * 2,
    Plan("prisoners-dilemma", "rounds=5", people=2),
    *[Plan("chameleon", house=2)] * 2,
    *[Plan("conversation", "rounds=3", house=2)] * 2,
    *[Plan("chameleon", models=2)] * 4,
    *[Plan("conversation", "rounds=3", models=2)] * 4,
    *[Plan("conversation", "rounds=5", people=0, models=2)] * 2,
)
"""Ten tables at which the bot speaks alone, then ten at which models speak through webhooks."""


@dataclass
class Company:
    """The people of one table, who play one match after the other."""

    double: DiscordDouble
    channel: Channel
    plan: Plan
    people: list[Person]
    rng: Random
    done: list[int] = field(default_factory=list)
    """The lobbies' messages of the matches that are over."""
    typed: dict[str, int] = field(default_factory=dict)
    """Ids of the messages that answer a question, by their words."""
    doing: str = ""
    """What the company waits for."""

    @property
    def host(self) -> Person:
        return self.people[0]

    async def play_on(self, going):
        """Play matches until nobody wants another one."""
        while going():
            lobby = await self.lobby()
            await self.fill(lobby)
            thread = await self.start(lobby)
            seated = self.people[: self.plan.people]
            await asyncio.gather(*(self.play(person, thread) for person in seated))
            self.doing = f"the end in {thread.id}"
            while not self.over(thread):
                await asyncio.sleep(PAUSE)
            self.done.append(lobby.id)

    async def lobby(self) -> Message:
        """Open a lobby; one that appears although the command has failed will do."""
        self.doing = "a lobby"
        while not (lobby := self.open_lobby()):
            wish = {"game": self.plan.game, "options": self.plan.options}
            await self.try_to(self.host.slash(self.channel, "arena create", **wish))
            for _ in range(20):
                if not self.open_lobby():
                    await asyncio.sleep(PAUSE)
        return lobby

    def open_lobby(self) -> Message | None:
        mine = f"created by {self.host.mention}"
        for message in reversed(self.channel.messages.values()):
            if mine in message.content and message.id not in self.done and message.controls:
                return message
        return None

    async def fill(self, lobby: Message):
        """Press until everybody sits there."""
        while (want := self.wanted(lobby)) and "has begun" not in lobby.content:
            self.doing = f"{want[1]} at lobby {lobby.id}: {lobby.content!r}"
            before = lobby.content
            person, label = want
            opened = await self.press(person, lobby, label)
            if opened and label == "Add model" and opened.replied:
                await self.pick(person, opened.original)
            for _ in range(int(PATIENCE / PAUSE)):
                if lobby.content == before and opened:
                    await asyncio.sleep(PAUSE)

    def wanted(self, lobby: Message) -> tuple[Person, str] | None:
        """Who presses what next; None when all sit there."""
        text = lobby.content
        seated = [line for line in text.splitlines() if re.match(r"\d+\. ", line)]
        if not self.plan.people and any(self.host.mention in line for line in seated):
            return self.host, "Leave"
        for person in self.people[1 : self.plan.people]:
            if not any(person.mention in line for line in seated):
                return person, "Join"
        if sum("a house bot" in line for line in seated) < self.plan.house:
            return self.host, "Add house bot"
        if sum("the model" in line for line in seated) < self.plan.models:
            return self.host, "Add model"
        return None

    async def start(self, lobby: Message) -> Channel:
        while not (lobby.thread and self.table(lobby.thread)):
            self.doing = f"the start of {lobby.id}: {lobby.content!r}"
            if "Start" in lobby.controls:
                await self.press(self.host, lobby, "Start")
            await asyncio.sleep(PAUSE)
        return lobby.thread

    def table(self, thread: Channel) -> Message | None:
        """The live message of a match."""
        shown = [m for m in thread.messages.values() if str(m.nonce).startswith("table-")]
        return shown[-1] if shown else None

    def over(self, thread: Channel) -> bool:
        return "Result: " in self.table(thread).content

    async def play(self, person: Person, thread: Channel):
        """Answer whatever is asked, until the match is over."""
        name = f"asked: **{person.name}**"
        while not self.over(thread):
            table = self.table(thread)
            self.doing = f"{person.name} in {thread.id}: {table.content!r}"
            if name in table.content.casefold() or "The floor is open" in table.content:
                await self.answer(person, table)
            await asyncio.sleep(self.rng.uniform(PAUSE, 3 * PAUSE))

    async def answer(self, person: Person, table: Message):
        if answers(table):
            await self.pick(person, table)
        elif opened := await self.press(person, table, "Answer"):
            if opened.modal:
                await self.say(person, opened)
            elif opened.replied and answers(opened.original):
                await self.pick(person, opened.original)

    async def say(self, person: Person, opened):
        """Say something once, in the form or in the thread, and wait until it is heard."""
        words = f"word{len(self.typed)}x{person.id % 100_000} *is* <said> @everyone"
        if self.rng.random() < 0.3:
            await self.try_to(person.submit_modal(opened, {"answer": words}))
            return
        self.typed[words] = (await person.send(opened.channel, words)).id
        token = words.split()[0]
        while not self.heard(opened.channel, token, person) and not self.over(opened.channel):
            self.doing = f"{person.name} to be heard in {opened.channel.id}: {words!r}"
            await asyncio.sleep(PAUSE)

    def heard(self, thread: Channel, token: str, person: Person) -> bool:
        said = reversed(thread.messages.values())
        return any(token in m.content for m in said if m.author is not person and not m.ephemeral)

    async def pick(self, person: Person, message: Message):
        """Press a button of those that answer, or pick in the select."""
        choices = answers(message)
        if not choices:
            return
        part = self.rng.choice(choices)
        if part["type"] == 2:
            await self.press(person, message, part["custom_id"])
        else:
            value = self.rng.choice(part["options"])["value"]
            await self.try_to(person.select(message, part["custom_id"], [value]))

    async def press(self, person: Person, message: Message, control: str):
        """Press a button; give the interaction once it is answered, None when it has failed."""
        return await self.try_to(person.click(message, control))

    async def try_to(self, deed):
        try:
            interaction = await deed
        except (NotOffered, ApiError):
            return None  # what was there a moment ago is there no more
        for _ in range(int(PATIENCE / PAUSE)):
            settled = interaction.modal or interaction.replied or interaction.failed
            if settled or not self.double.connections:
                break
            await asyncio.sleep(PAUSE)
        return None if interaction.failed else interaction


def answers(message: Message):
    """The buttons and the select that answer a question or choose a model."""
    parts = [part for part in walk(message.components) if "custom_id" in part]
    return [part for part in parts if part["custom_id"].split(":")[1] in ("a", "s", "lm")]
