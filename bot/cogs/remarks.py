"""“Ask a character about this”: a model says something about a message, where all can read it."""

from dataclasses import dataclass
from typing import Final

import discord
from discord import app_commands, ui

from bot.administration import Payer
from bot.cogs.controls import Pressed, cut
from bot.cogs.forms import form, labelled, line, typed_in
from bot.cogs.interactions import Interaction
from bot.cogs.replies import tell
from bot.cogs.rights import need_welcome
from bot.cogs.speech import LIMIT, Utterance, Voice, plain, split, spoken_for
from bot.cogs.webhooks import avatar
from bot.cogs.which import channel_of
from bot.errors import ShownToUser
from games.core import clean

MOST_MODELS: Final = 25
LONGEST_QUESTION: Final = 500
QUOTED: Final = 200
"""Characters of the message that stand above the answer."""
KEPT: Final = 500
"""Messages that somebody is asking about at the same time."""


@dataclass(frozen=True)
class Quoted:
    """A message that is asked about, as it was when the menu was opened."""

    author: str
    said: str
    link: str


class Remarks:
    """Remembers what is asked about until the modal comes back: Discord does not say it again."""

    def __init__(self) -> None:
        self._asked: dict[tuple[int, int], Quoted] = {}

    def remember(self, user: int, message: discord.Message) -> None:
        """Keep a message for whoever asks about it."""
        quoted = Quoted(message.author.display_name, message.content, message.jump_url)
        self._asked.pop((user, message.id), None)
        self._asked[user, message.id] = quoted
        while len(self._asked) > KEPT:
            del self._asked[next(iter(self._asked))]

    def asked(self, user: int, message: str) -> Quoted:
        """Return what somebody asks about.  Raises ShownToUser."""
        found = self._asked.get((user, int(message))) if message.isdecimal() else None
        if found is None:
            raise ShownToUser("I have lost sight of that message; open its menu again.")
        return found


@app_commands.context_menu(name="Ask a character about this")
@app_commands.guild_only()
async def ask_about(interaction: Interaction, message: discord.Message) -> None:
    """Show a modal with a question and the models that can be asked."""
    await _need_allowed(interaction)
    if not message.content.strip():
        raise ShownToUser("That message has no text to ask about.")
    names = await interaction.client.services.models.names(interaction.guild_id or 0)
    if not names:
        raise ShownToUser("No models are set up; an admin can add one with /admin model add.")
    settings = await interaction.client.settings_of(interaction.guild_id or 0)
    first = settings.default_model if settings.default_model in names else names[0]
    options = [
        discord.SelectOption(label=name, value=name, default=name == first)
        for name in sorted(names, key=lambda name: name != first)[:MOST_MODELS]
    ]
    who: ui.Select[ui.View] = ui.Select(custom_id="who", options=options)
    told = "Empty: what they make of it"
    fields = [
        labelled("Who", "They answer in this channel, as an AI.", who),
        line("question", "Your question", told, most=LONGEST_QUESTION, long=True),
    ]
    interaction.client.remarks.remember(interaction.user.id, message)
    await interaction.response.send_modal(
        form("Ask about this message", Pressed("ask", str(message.id)), fields)
    )


async def answered(interaction: Interaction, pressed: Pressed) -> None:
    """Let a model answer; Discord takes one answer to an interaction, so it is asked once."""
    await _need_allowed(interaction)
    client, user = interaction.client, interaction.user
    quoted = client.remarks.asked(user.id, pressed.match_id)
    given = typed_in(interaction)
    name, question = given.get("who", ""), clean(given.get("question", ""), LONGEST_QUESTION)
    await interaction.response.defer(ephemeral=True, thinking=True)
    payer = Payer(interaction.guild_id or 0, user.id)
    said = await client.services.models.ask(payer, name, quoted.author, quoted.said, question)
    if not said:
        raise ShownToUser(f"{name} has said nothing; ask in other words.")
    await _speak(interaction, f"{name} (AI)", f"{_heading(quoted, user.id, question)}{plain(said)}")
    await tell(interaction, f"{plain(name)} has answered.")


async def _need_allowed(interaction: Interaction) -> None:
    """Refuse whoever may not write here, and the threads of matches that go on."""
    await need_welcome(interaction, interaction.client.services.administration)
    rights = interaction.permissions
    thread = isinstance(interaction.channel, discord.Thread)
    if not (rights.send_messages_in_threads if thread else rights.send_messages):
        raise ShownToUser("You may not write in this channel, so nobody answers you here.")
    if (interaction.channel_id or 0) in interaction.client.tables.threads:
        raise ShownToUser("A match is played here; ask when it is over, or in another channel.")


def _heading(quoted: Quoted, user: int, question: str) -> str:
    said = plain(cut(clean(quoted.said), QUOTED))
    asked = f": {plain(cut(question, QUOTED))}" if question else ""
    return f"> {plain(quoted.author)}: {said}\n-# {quoted.link} · asked by <@{user}>{asked}\n"


async def _speak(interaction: Interaction, name: str, text: str) -> None:
    """Say something under a model's name, through the channel's webhook where there is one."""
    client, voice = interaction.client, Voice(name)
    none = discord.AllowedMentions.none()
    webhook = await client.webhooks.of(channel_of(interaction))
    thread = interaction.channel if isinstance(interaction.channel, discord.Thread) else None
    place = client.get_partial_messageable(
        interaction.channel_id or 0, guild_id=interaction.guild_id
    )
    spare = len(spoken_for(Utterance(voice, "")))
    for number, piece in enumerate(split(text, LIMIT - spare)):
        async with client.pace:
            if webhook:
                await webhook.send(
                    piece,
                    username=name[:80],
                    avatar_url=avatar(name),
                    allowed_mentions=none,
                    thread=thread or discord.utils.MISSING,
                )
            else:
                nonce = f"ask{number}-{interaction.id}"[:25]
                said = spoken_for(Utterance(voice, piece))
                await place.send(said, nonce=nonce, allowed_mentions=none)
