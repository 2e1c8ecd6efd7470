"""/admin model: models that a server adds for itself, with a key that nobody sees again."""

from collections.abc import Sequence

import discord
from discord import app_commands, ui

from bot.administration import Payer, ServerModel
from bot.cogs.controls import Pressed, button, cut, view
from bot.cogs.forms import form, labelled, line, typed_in
from bot.cogs.interactions import Interaction
from bot.cogs.replies import tell
from bot.cogs.rights import is_admin, need_admin
from bot.cogs.speech import plain
from bot.errors import ShownToUser

CHOICES = 25
LONGEST_OPTION = 100
"""Characters of an option's value, Discord's own limit."""
NO_ADDRESS = (
    "Whoever runs this bot has allowed no addresses for models of servers; they can with the "
    "settings PARLOUR_ALLOWED_BASE_URLS and PARLOUR_ALLOWED_MODEL_FILES."
)


async def known_names(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Suggest the models of this server, to admins alone."""
    if not is_admin(interaction):
        return []
    names = await interaction.client.services.models.names(interaction.guild_id or 0)
    return _choices(names, typed)


async def own_names(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Suggest the models that this server has added, to admins alone."""
    if not is_admin(interaction):
        return []
    guild = interaction.guild_id or 0
    known = interaction.client.services.models.known(guild)
    return _choices([model.name for model in known if model.guild == guild], typed)


class ModelCommands(app_commands.Group):
    """Models of this server."""

    def __init__(self) -> None:
        super().__init__(name="model", description="Models of this server, beside the operator's.")

    @app_commands.command(description="Add a model, or give one of yours another key.")
    async def add(self, interaction: Interaction) -> None:
        need_admin(interaction)
        addresses = interaction.client.services.models.addresses()
        if not addresses:
            raise ShownToUser(NO_ADDRESS)
        fields = [
            line("name", "Name", "What it is called here", required=True, most=40, example="gpt"),
            _address(addresses),
            line("model", "Model", "What its server calls it; here, the file", required=True),
            line("key", "API key", "Kept sealed and never shown again; empty for none", most=500),
            line("prices", "Prices", "For a million tokens in and out", example="0.15 / 0.60"),
        ]
        await interaction.response.send_modal(form("Add a model", Pressed("model", "add"), fields))

    @app_commands.command(description="Ask a model a few questions and see how it does.")
    @app_commands.describe(name="Which model.")
    @app_commands.autocomplete(name=known_names)
    async def test(self, interaction: Interaction, name: str) -> None:
        await test(interaction, name)

    @app_commands.command(description="Remove a model of this server, and its key.")
    @app_commands.describe(name="Which model.")
    @app_commands.autocomplete(name=own_names)
    async def remove(self, interaction: Interaction, name: str) -> None:
        need_admin(interaction)
        guild, by = interaction.guild_id or 0, interaction.user.id
        await interaction.client.services.models.remove(guild, name.strip(), by)
        await tell(interaction, f"The model {plain(name.strip())} and its key are gone.")

    @app_commands.command(name="list", description="List the models that this server may use.")
    async def list_all(self, interaction: Interaction) -> None:
        need_admin(interaction)
        known = interaction.client.services.models.known(interaction.guild_id or 0)
        lines = [model_line(model) for model in known]
        await tell(interaction, "\n".join(lines) or "There are none; use /admin model add.")


async def pressed(interaction: Interaction, pressed: Pressed) -> None:
    """Take a modal with a new model, or the button that tries one."""
    need_admin(interaction)
    match (pressed.match_id, *pressed.rest):
        case ["add"]:
            await _add(interaction)
        case ["test", name]:
            await test(interaction, name)
        case _:
            raise ShownToUser("That control is not known any more; use /admin model.")


async def test(interaction: Interaction, name: str) -> None:
    """Try a model and tell how it did."""
    need_admin(interaction)
    await interaction.response.defer(ephemeral=True, thinking=True)
    payer = Payer(interaction.guild_id or 0, interaction.user.id)
    await tell(interaction, plain(await interaction.client.services.models.test(payer, name)))


def model_line(model: ServerModel) -> str:
    """Return one line about a model; its key is shown as it may be."""
    parts = [f"**{plain(model.name)}**: {plain(model.model)} at {plain(model.base_url)}"]
    if not model.guild:
        return f"{parts[0]}, given by whoever runs this bot"
    parts.append(f"key {plain(model.key)}" if model.key else "no key")
    if model.price_in or model.price_out:
        parts.append(f"{model.price_in:g} / {model.price_out:g} for a million tokens")
    return ", ".join(parts)


async def _add(interaction: Interaction) -> None:
    given = typed_in(interaction)
    price_in, price_out = read_prices(given.get("prices", ""))
    wanted = ServerModel(
        interaction.guild_id or 0,
        given.get("name", ""),
        given.get("address", ""),
        given.get("model", ""),
        "",
        price_in,
        price_out,
    )
    await interaction.response.defer(ephemeral=True, thinking=True)
    models = interaction.client.services.models
    added = await models.add(wanted, given.get("key", ""), interaction.user.id)
    trial = button("Test", Pressed("model", "test", (added.name,)), discord.ButtonStyle.primary)
    await tell(interaction, f"Added. {model_line(added)}", view=view([trial]))


def read_prices(text: str) -> tuple[float, float]:
    """Return two prices typed as "0.15 / 0.60"; one alone counts for both.  Raises ShownToUser."""
    if not text:
        return 0.0, 0.0
    parts = text.split("/")
    try:
        prices = [float(part) for part in parts]
    except ValueError:
        prices = []
    if len(prices) not in (1, 2):
        raise ShownToUser("Write prices as 0.15 / 0.60, for a million tokens in and out.")
    return prices[0], prices[-1]


def _address(addresses: Sequence[str]) -> ui.Label[ui.View]:
    """Return a select of the allowed addresses, or an input where they do not fit into one."""
    told = "Where it is; whoever runs this bot decides which may be used"
    if len(addresses) > CHOICES or max(map(len, addresses)) > LONGEST_OPTION:
        return line("address", "Address", told, required=True, most=300)
    options = [discord.SelectOption(label=url, value=url) for url in addresses]
    return labelled("Address", told, ui.Select(custom_id="address", options=options))


def _choices(names: Sequence[str], typed: str) -> list[app_commands.Choice[str]]:
    found = [name for name in names if typed.casefold() in name.casefold()]
    return [app_commands.Choice(name=cut(name, 100), value=name) for name in found[:CHOICES]]
