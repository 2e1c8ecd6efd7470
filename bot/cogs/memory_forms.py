"""What the buttons and forms of /memory do; always for whoever pressed them alone."""

from datetime import UTC, datetime
from typing import Final

import discord

from bot.cogs.controls import Pressed, button, view
from bot.cogs.forgetting import forget, told
from bot.cogs.forms import typed_in
from bot.cogs.interactions import Interaction
from bot.cogs.memory_pages import VERB, meant, own, page
from bot.cogs.replies import tell
from bot.cogs.speech import plain
from bot.errors import ShownToUser
from bot.memories import Which

UNKNOWN: Final = "That control is not known any more; use /memory view."


async def pressed(interaction: Interaction, pressed: Pressed) -> None:
    """Do what a control of memories says."""
    match (pressed.match_id, *pressed.rest):
        case ["view", number, character] if number.isdecimal() and len(number) < 6:
            text, turns = await page(interaction, int(number), character)
            await interaction.response.edit_message(content=text, view=turns)
        case ["correct", number] if number.isdecimal() and len(number) < 19:
            await _correct(interaction, int(number))
        case ["forget", what, *of]:
            which = _which(interaction, what, *of)
            await interaction.response.defer(ephemeral=True, thinking=True)
            await tell(interaction, told(await forget(interaction.client, which)))
        case _:
            raise ShownToUser(UNKNOWN)


async def forget_one(interaction: Interaction, number: int) -> None:
    """Forget one memory of whoever asks, and say what went."""
    await tell(interaction, told(await forget(interaction.client, own(interaction, number=number))))


async def ask_to_forget(interaction: Interaction, what: str, *of: str) -> None:
    """Ask whether so much is to be forgotten, unless there is nothing."""
    which = _which(interaction, what, *of)
    found = await interaction.client.services.memories.view(which)
    if not found:
        await tell(interaction, "There is nothing to forget.")
        return
    count = "1 memory" if len(found) == 1 else f"{len(found):,} memories"
    servers = {memory.scope.guild for memory in found}
    where = f" in {len(servers)} servers" if len(servers) > 1 else ""
    sure = Pressed(VERB, "forget", (what, *of))
    await tell(
        interaction,
        f"Forget {count}{where} for good? Nothing brings them back.",
        view=view([button("Forget for good", sure, discord.ButtonStyle.danger)]),
    )


async def _correct(interaction: Interaction, number: int) -> None:
    old = await meant(interaction, number)
    text = typed_in(interaction).get("text", "")
    await interaction.response.defer(ephemeral=True, thinking=True)
    memories, user = interaction.client.services.memories, interaction.user.id
    new = await memories.correct(user, old.id, text, datetime.now(UTC))
    await tell(interaction, f"Now it is `#{new.id}`: {plain(new.text)}")


def _which(interaction: Interaction, what: str, *of: str) -> Which:
    """Return whose memories are meant: of whoever asks, and nobody else's.  Raises ShownToUser."""
    match (what, *of):
        case ["character", character]:
            return own(interaction, character)
        case ["here"]:
            return own(interaction)
        case ["everywhere"]:
            return Which(user=interaction.user.id)
    raise ShownToUser(UNKNOWN)
