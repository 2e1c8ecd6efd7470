"""/privacy: what is kept about whoever asks, handed out and deleted."""

from collections.abc import Mapping, Sequence
from typing import Any

from discord import app_commands

from bot.cogs.controls import Pressed
from bot.cogs.files import json_file
from bot.cogs.forgetting import forget_prompts
from bot.cogs.forms import form, line, typed_in
from bot.cogs.interactions import Interaction
from bot.cogs.replies import tell
from bot.cogs.speech import plain
from bot.errors import ShownToUser

WORD = "delete"
"""What is typed to confirm."""
POLICY = """\
**What I keep.** Which matches, lobbies and tournaments you were in, under the name you had; what \
you said and did at the table or said to residents of a town; what models that you seated have \
cost, by day; bans; whether you want pings; what you have changed as an admin; that you brought a \
character. Messages outside matches and chats I do not keep.
**Characters** remember what you tell them in a chat, for each server apart, until you leave it. \
`/memory view` shows it, `/memory forget` deletes it, `/memory optout` ends it; admins see how \
many memories there are, never what they say.
**Who reads it.** Whoever runs me, and in a match everybody its rules let see it. Where a model \
sits at the table or speaks for a character, what its seat may see and remembers goes to its \
server; so does a message that somebody asks a model about.
**How long.** Until you or an admin of the server delete it. `/privacy export` hands you all of \
it, `/privacy delete` deletes it; backups made before keep what was in them."""


class PrivacyCommands(app_commands.Group):
    """What is kept about you."""

    def __init__(self) -> None:
        super().__init__(name="privacy", description="What I keep about you, and how to delete it.")

    @app_commands.command(description="Read what I keep, who sees it, and how to delete it.")
    async def policy(self, interaction: Interaction) -> None:
        await tell(interaction, f"{POLICY}\n{_servers(interaction)}")

    @app_commands.command(description="Get all that I keep about you, as a file.")
    async def export(self, interaction: Interaction) -> None:
        user, client = interaction.user.id, interaction.client
        await interaction.response.defer(ephemeral=True, thinking=True)
        kept = await client.services.privacy.export_of(user)
        file = await json_file(f"you-{user}.json", {**kept, "pings": user not in client.muted})
        await tell(interaction, "All that I keep about you; nobody else can see this.", file=file)

    @app_commands.command(description="Delete all that I keep about you.")
    async def delete(self, interaction: Interaction) -> None:
        told = f"It cannot be brought back. Type: {WORD}"
        field = line("word", "Delete all that is kept about you", told, required=True, most=20)
        await interaction.response.send_modal(
            form("Delete what I keep about you", Pressed("privacy", "delete"), [field])
        )


async def confirmed(interaction: Interaction, _: Pressed) -> None:
    """Delete everything about whoever has confirmed it."""
    if typed_in(interaction).get("word", "").casefold() != WORD:
        raise ShownToUser(f"You did not type {WORD}, so nothing was deleted.")
    user, client = interaction.user.id, interaction.client
    await interaction.response.defer(ephemeral=True, thinking=True)
    kept = await client.services.privacy.export_of(user)
    texts = await _forget(interaction, user, kept["matches"])
    await client.set_muted(user, muted=False)
    await client.leavers.strike_out(user)
    forget_prompts(client)
    for lobby in kept["lobbies"]:
        client.lobbies.refresh(await client.lobbies.lobby(lobby["lobby"]))
    said = "1 text" if texts == 1 else f"{texts} texts"
    remembered = len(kept["remembered"]["memories"])
    memories = "1 memory" if remembered == 1 else f"{remembered} memories"
    await tell(
        interaction,
        f"Done: {said} emptied, {memories} forgotten, and your name taken out of "
        f"{len(kept['matches'])} seats. What stands in channels stays until somebody deletes "
        "those messages. A ban outlives this, and so do characters that you brought.",
    )


async def _forget(interaction: Interaction, user: int, matches: Sequence[Mapping[str, Any]]) -> int:
    """Delete from the store with no table in memory, which could write it there again."""
    arena = interaction.client.services.arena
    loaded = [match["match"] for match in matches if match["match"] in arena.tables]
    for match_id in loaded:
        await arena.rest(match_id)
    try:
        return await interaction.client.services.privacy.delete_of(user)
    finally:
        for match_id in loaded:
            table = await arena.wake(match_id)
            if not table.over:
                arena.play(table)


def _servers(interaction: Interaction) -> str:
    """Return where the models of this server are."""
    known = interaction.client.services.models.known(interaction.guild_id or 0)
    if not known:
        return "**Models.** None are set up here, so nothing goes anywhere."
    told = [f"{plain(model.name)} at {plain(model.base_url)}" for model in known]
    return f"**Models.** {', '.join(told)}"
