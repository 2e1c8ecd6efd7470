"""/memory: what characters remember of whoever asks, to be seen, corrected and forgotten."""

from dataclasses import replace
from typing import Final

from discord import app_commands

from bot.cogs.controls import Pressed
from bot.cogs.files import json_file
from bot.cogs.forms import form, line
from bot.cogs.interactions import Interaction
from bot.cogs.memory_forms import ask_to_forget, forget_one
from bot.cogs.memory_pages import (
    ANY,
    VERB,
    character_called,
    characters,
    lines,
    meant,
    numbers,
    own,
    page,
)
from bot.cogs.replies import tell
from bot.errors import ShownToUser
from bot.memories import EVERYWHERE, Consent, MemorySettings
from characters.memory import MOST_TEXT

EFFECTS: Final = {
    Consent.REMEMBER: "Characters remember what you tell them.",
    Consent.PAUSED: "Nothing new is remembered of you; what is known is still used.",
    Consent.OPTED_OUT: (
        "Nothing new is remembered of you, and nothing that is known is used. To delete what is "
        "known, use /memory forget."
    ),
}
Longest = app_commands.Range[str, 1, 200]


class MemoryCommands(app_commands.Group):
    """What characters remember of you."""

    def __init__(self) -> None:
        super().__init__(name="memory", description="What characters remember of you.")

    @app_commands.command(description="See what characters remember of you here.")
    @app_commands.describe(character="Only what this one remembers.")
    @app_commands.autocomplete(character=characters)
    async def view(self, interaction: Interaction, character: str = "") -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        whose = await character_called(interaction, character) if character else ANY
        text, turns = await page(interaction, 0, whose)
        await tell(interaction, text, view=turns)

    @app_commands.command(description="Search what characters remember of you here.")
    @app_commands.describe(words="What it is about.")
    async def search(self, interaction: Interaction, words: Longest) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        memories = interaction.client.services.memories
        found = await memories.search(own(interaction), words, limit=5)
        await tell(interaction, await lines(interaction, found) or "Nothing like that is known.")

    @app_commands.command(description="Let characters forget something, for good.")
    @app_commands.describe(
        memory="One memory, by its number.",
        character="All that this one remembers of you here.",
        everything="All that any of them remembers of you.",
    )
    @app_commands.choices(
        everything=[
            app_commands.Choice(name="here", value="here"),
            app_commands.Choice(name="everywhere", value="everywhere"),
        ]
    )
    @app_commands.autocomplete(memory=numbers)
    @app_commands.autocomplete(character=characters)
    async def forget(
        self,
        interaction: Interaction,
        memory: int | None = None,
        character: str = "",
        everything: str = "",
    ) -> None:
        if sum(map(bool, (memory is not None, character, everything))) != 1:
            raise ShownToUser("Say one thing: a memory, a character, or everything.")
        await interaction.response.defer(ephemeral=True, thinking=True)
        if memory is not None:
            await forget_one(interaction, (await meant(interaction, memory)).id)
        elif character:
            whose = await character_called(interaction, character)
            await ask_to_forget(interaction, "character", whose)
        else:
            await ask_to_forget(interaction, everything)

    @app_commands.command(description="Put right what a character remembers of you.")
    @app_commands.describe(memory="Which memory, by its number.")
    @app_commands.autocomplete(memory=numbers)
    async def correct(self, interaction: Interaction, memory: int) -> None:
        found = await meant(interaction, memory)
        field = line(
            "text", "What is right", value=found.text, most=MOST_TEXT, required=True, long=True
        )
        await interaction.response.send_modal(
            form(f"Memory #{found.id}", Pressed(VERB, "correct", (str(found.id),)), [field])
        )

    @app_commands.command(description="Let nothing new be remembered of you, for now.")
    @app_commands.describe(everywhere="In all servers, and not only here.")
    async def pause(self, interaction: Interaction, everywhere: bool = False) -> None:  # noqa: FBT001, FBT002
        await _decide(interaction, Consent.PAUSED, everywhere=everywhere)

    @app_commands.command(description="Let characters remember again, after a pause.")
    @app_commands.describe(everywhere="In all servers, and not only here.")
    async def resume(self, interaction: Interaction, everywhere: bool = False) -> None:  # noqa: FBT001, FBT002
        where = _where(interaction, everywhere=everywhere)
        now = await interaction.client.services.memories.settings_of(where, interaction.user.id)
        if now.consent is Consent.OPTED_OUT:
            raise ShownToUser("You have not paused but opted out; /memory optin ends that.")
        await _decide(interaction, Consent.REMEMBER, everywhere=everywhere)

    @app_commands.command(
        description="Let nothing be remembered of you, and nothing known be used."
    )
    @app_commands.describe(everywhere="In all servers, and not only here.")
    async def optout(self, interaction: Interaction, everywhere: bool = False) -> None:  # noqa: FBT001, FBT002
        await _decide(interaction, Consent.OPTED_OUT, everywhere=everywhere)

    @app_commands.command(description="Let characters remember you again.")
    @app_commands.describe(everywhere="In all servers, and not only here.")
    async def optin(self, interaction: Interaction, everywhere: bool = False) -> None:  # noqa: FBT001, FBT002
        await _decide(interaction, Consent.REMEMBER, everywhere=everywhere)

    @app_commands.command(description="Let characters know you again in other servers that share.")
    @app_commands.guild_only()
    @app_commands.describe(on="Whether what is known here may be used there, and the reverse.")
    async def share(self, interaction: Interaction, on: bool) -> None:  # noqa: FBT001
        memories, guild = interaction.client.services.memories, interaction.guild_id or 0
        user = interaction.user.id
        now = await memories.settings_of(guild, user)
        await memories.change_settings(guild, user, replace(now, shared=on))
        shared = (
            "What a character knows of you here it may use in other servers where you share too."
        )
        alone = "What characters learn of you here stays here, and they use nothing from elsewhere."
        await tell(interaction, shared if on else alone)

    @app_commands.command(description="Get all that characters remember of you here, as a file.")
    async def export(self, interaction: Interaction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        kept = await interaction.client.services.memories.export(own(interaction))
        file = await json_file(f"memories-{interaction.user.id}.json", kept)
        await tell(
            interaction, "All that is remembered of you; nobody else can see this.", file=file
        )


async def _decide(interaction: Interaction, consent: Consent, *, everywhere: bool) -> None:
    """Keep how far somebody lets characters remember, and say what holds now."""
    memories, user = interaction.client.services.memories, interaction.user.id
    where = _where(interaction, everywhere=everywhere)
    now: MemorySettings = await memories.settings_of(where, user)
    await memories.change_settings(where, user, replace(now, consent=consent))
    place = "everywhere" if where == EVERYWHERE else "here"
    said = f"From now on, {place}: {EFFECTS[consent]}"
    if consent is Consent.REMEMBER and (other := await _narrower(interaction, where)):
        said += f" But {other}"
    await tell(interaction, said)


async def _narrower(interaction: Interaction, where: int) -> str:
    """Return what else keeps characters from remembering somebody; "" where nothing does."""
    memories, user = interaction.client.services.memories, interaction.user.id
    other = (interaction.guild_id or EVERYWHERE) if where == EVERYWHERE else EVERYWHERE
    if other == where or (await memories.settings_of(other, user)).consent is Consent.REMEMBER:
        return ""
    place = "everywhere, by /memory with everywhere: True" if other == EVERYWHERE else "here"
    return f"you have also said otherwise {place}, and the narrower of both holds."


def _where(interaction: Interaction, *, everywhere: bool) -> int:
    """Return where a decision holds: in this server, or everywhere and outside of any."""
    return EVERYWHERE if everywhere or interaction.guild_id is None else interaction.guild_id
