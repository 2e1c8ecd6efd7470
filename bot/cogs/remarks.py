"""“Ask a character about this”: a model says something about a message, where all can read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import discord
from discord import app_commands, ui

from bot.administration import Payer
from bot.cast import LONGEST_ID
from bot.cogs.character_rights import need_fitting_channel
from bot.cogs.controls import Pressed, cut
from bot.cogs.forms import form, labelled, line, typed_in
from bot.cogs.interactions import Interaction
from bot.cogs.replies import tell
from bot.cogs.rights import need_welcome
from bot.cogs.speech import LIMIT, Utterance, Voice, plain, split, spoken_for
from bot.cogs.voices import Where
from bot.cogs.which import channel_of
from bot.errors import ShownToUser
from characters.persona import persona_text
from games.core import clean

MOST: Final = 25
"""Options of a select; Discord's own limit."""
MOST_MODELS: Final = 5
"""Models that are offered behind the characters, where there are many of both."""
CHARACTER: Final = "character:"
LONGEST_QUESTION: Final = 500
QUOTED: Final = 200
"""Characters of the message that stand above the answer."""
NO_MODELS: Final = "No models are set up; an admin can add one with /admin model add."
KEPT: Final = 500
"""Messages that somebody is asking about at the same time."""


@dataclass(frozen=True)
class Quoted:
    """A message that is asked about, as it was when the menu was opened."""

    author: str
    said: str
    link: str


@dataclass(frozen=True)
class Speaker:
    """Who answers: a model, or a character for which a model speaks."""

    name: str
    model: str
    character: str = ""
    """Its id; empty for a model."""
    persona: str = ""


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
    """Show a modal with a question, and the characters and models that can be asked."""
    await _need_allowed(interaction)
    if not message.content.strip():
        raise ShownToUser("That message has no text to ask about.")
    names = await interaction.client.services.models.names(interaction.guild_id or 0)
    if not names:
        raise ShownToUser(NO_MODELS)
    first = await _usual_model(interaction, names)
    models = [
        discord.SelectOption(label=name, value=name)
        for name in sorted(names, key=lambda name: name != first)
    ]
    characters = await _characters(interaction)
    options = [*characters[: MOST - min(len(models), MOST_MODELS)], *models][:MOST]
    options[0].default = True
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
    speaker = await _speaker(interaction, name)
    said = await client.services.models.ask(
        payer,
        speaker.model,
        quoted.author,
        quoted.said,
        question,
        who=speaker.name,
        persona=speaker.persona,
    )
    if not said:
        raise ShownToUser(f"{speaker.name} has said nothing; ask in other words.")
    voice = Voice(f"{speaker.name} (AI)", speaker.character)
    await _speak(interaction, voice, f"{_heading(quoted, user.id, question)}{plain(said)}")
    await tell(interaction, f"{plain(speaker.name)} has answered.")


async def _speaker(interaction: Interaction, picked: str) -> Speaker:
    """Return who was picked.  Raises ShownToUser."""
    if not picked.startswith(CHARACTER):
        return Speaker(picked, picked)
    services, guild = interaction.client.services, interaction.guild_id or 0
    member = await services.cast.find(guild, picked.removeprefix(CHARACTER))
    need_fitting_channel(interaction, member.card)
    names = await services.models.names(guild)
    if not names:
        raise ShownToUser(NO_MODELS)
    model = await _usual_model(interaction, names)
    return Speaker(member.card.called, model, member.character, persona_text(member.card))


async def _usual_model(interaction: Interaction, names: Sequence[str]) -> str:
    settings = await interaction.client.settings_of(interaction.guild_id or 0)
    return settings.default_model if settings.default_model in names else names[0]


async def _characters(interaction: Interaction) -> list[discord.SelectOption]:
    members = await interaction.client.services.cast.members(interaction.guild_id or 0)
    return [
        discord.SelectOption(label=cut(member.card.called, 100), value=f"{CHARACTER}{character}")
        for character, member in members.items()
        if len(character) <= LONGEST_ID
    ]


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


async def _speak(interaction: Interaction, voice: Voice, text: str) -> None:
    """Say something under a model's or character's name, or as the bot where that cannot be."""
    place = interaction.channel_id or 0
    where = Where(interaction.guild_id or 0, channel_of(interaction), place)
    spare = len(spoken_for(Utterance(voice, "")))
    for number, piece in enumerate(split(text, LIMIT - spare)):
        nonce = f"ask{number}-{interaction.id}"
        await interaction.client.voices.say(where, Utterance(voice, piece), nonce)
