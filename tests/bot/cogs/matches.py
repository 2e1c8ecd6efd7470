"""What tests of the play part share: matches begun, what was told, and what the disk holds."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass, field

from tests.discord_double.actors import Person
from tests.discord_double.interactions import COMPONENT, Interaction
from tests.discord_double.state import Message, Thread

PRESSED = {"component_type": 2}


@dataclass
class Played:
    """A match in its thread."""

    scene: object
    match_id: str
    lobby: Message
    thread: Thread
    answered: set = field(default_factory=set)

    @property
    def live(self) -> Message:
        """The newest live message of the match."""
        mark = f"match `{self.match_id}`"
        shown = self.scene.discord.messages(self.thread)
        return [m for m in shown if mark in m.content and not m.deleted][-1]

    def said(self) -> list[str]:
        """What was told in the thread, the live message left out."""
        mark = f"match `{self.match_id}`"
        shown = self.scene.discord.messages(self.thread)
        return [m.content for m in shown if mark not in m.content]

    def text(self) -> str:
        return "\n".join(self.said())

    async def until_said(self, text: str) -> None:
        await self.scene.discord.until(lambda: text in self.text(), what=text)

    async def until_shown(self, text: str) -> Message:
        await self.scene.discord.until(lambda: text in self.live.content, what=text)
        return self.live

    async def press(self, who: Person, label: str) -> str:
        """Press a button of the live message and return the private answer.

        A question that was answered by the same person is waited out, as a person would.
        """
        await self.scene.discord.until(lambda: self._new(who, label), what=label)
        self.answered.add((who.id, self.live.controls[label]))
        return await told(await who.click(self.live, label))

    def _new(self, who: Person, label: str) -> bool:
        control = self.live.controls.get(label, "")
        return bool(control) and (
            not control.startswith("p:a:") or (who.id, control) not in self.answered
        )

    async def command(self, who: Person, command: str, **options) -> str:
        """Give a command in the thread and return the private answer."""
        return await told(await who.slash(self.thread, command, **options))


async def told(interaction: Interaction) -> str:
    """Return what only the one who acted reads."""
    assert not interaction.failed
    assert interaction.acked_after < 3
    reply = await interaction.reply()
    assert reply.ephemeral
    return reply.content


async def opened(scene, who: Person, game: str, **options) -> tuple[Message, str]:
    """Open a lobby; return its message and its id."""
    said = await told(await who.slash(scene.channel, "arena create", game=game, **options))
    lobby_id = said.split("`")[1]
    lobby = await scene.shown(scene.channel, lambda m: lobby_id in str(m.components))
    return lobby, lobby_id


async def begun(scene, game: str, *people: Person, bots: int = 0, **options) -> Played:
    """Begin a match of these people, the first of whom creates it, and of house bots."""
    lobby, match_id = await opened(scene, people[0], game, **options)
    for person in people[1:]:
        assert "You sit down" in await told(await person.click(lobby, "Join"))
    for _ in range(bots):
        assert "sits down" in await told(await people[0].click(lobby, "Add house bot"))
    return await started(scene, people[0], lobby, match_id)


async def started(scene, who: Person, lobby: Message, match_id: str) -> Played:
    """Press Start and wait for the live message."""
    await scene.discord.until(lambda: not disabled(lobby, "Start"))
    assert "The match has begun" in await told(await who.click(lobby, "Start"))
    thread = await scene.thread(lobby)
    mark = f"match `{match_id}`"
    await scene.shown(thread, lambda m: mark in m.content)
    return Played(scene, match_id, lobby, thread)


def disabled(message: Message, label: str) -> bool:
    found = [part for row in message.components for part in row["components"]]
    return any(part.get("label") == label and part.get("disabled") for part in found)


async def pressed(who: Person, message: Message, custom_id: str, **data) -> str:
    """Press what a client would not offer, and return the private answer."""
    sent = {"custom_id": custom_id, **PRESSED, **data}
    return await told(await who.forge(message.channel, COMPONENT, sent, message=message))


def kept(scene) -> list:
    """What the disk holds of lobbies and matches.

    But for how far threads were read, and for the closing of a lobby, which follows its match.
    """
    with closing(sqlite3.connect(f"file:{scene.settings.database_file}?mode=ro", uri=True)) as db:
        state = "replace(state, 'closed', 'started')"
        lobbies = db.execute(f"SELECT lobby_id, {state}, body FROM lobbies ORDER BY 1").fetchall()
        entries = db.execute("SELECT match_id, number, seat, events FROM entries ORDER BY 1, 2")
        return [*lobbies, *entries.fetchall()]
