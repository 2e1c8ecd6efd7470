"""/town policy: prices, taxes and opening hours, shown to everybody and set by who governs."""

from discord import app_commands

from bot.cogs.interactions import Interaction
from bot.cogs.replies import tell
from bot.cogs.speech import plain
from bot.cogs.town_governing import decide
from bot.cogs.town_rights import town_here
from bot.cogs.town_shown import fitting
from bot.cogs.which import CHOICES
from bot.errors import ShownToUser
from games.core import clean
from towns.clock import Hours, clock_minutes
from towns.policies import Tax
from towns.policy_making import policy_lines, prices_at


async def items(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Suggest what is paid for in the town here."""
    try:
        _, table = await town_here(interaction)
    except ShownToUser:
        return []
    places = table.match.state.ground.guide.places.values()
    found = dict.fromkeys(item for place in places for item in prices_at(place))
    return [
        app_commands.Choice(name=item, value=item)
        for item in found
        if typed.casefold() in item.casefold()
    ][:CHOICES]


async def places(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Suggest the buildings where nobody lives."""
    try:
        _, table = await town_here(interaction)
    except ShownToUser:
        return []
    found = table.match.state.ground.guide.places.values()
    names = [one.name for one in found if not one.private]
    return [
        app_commands.Choice(name=name, value=name)
        for name in names
        if typed.casefold() in name.casefold()
    ][:CHOICES]


class PolicyCommands(app_commands.Group):
    """The policies of a town."""

    def __init__(self) -> None:
        super().__init__(name="policy", description="Prices, taxes and opening hours here.")

    @app_commands.command(description="Show taxes, opening hours, and what things may cost.")
    async def show(self, interaction: Interaction) -> None:
        _, table = await town_here(interaction)
        await tell(interaction, fitting([plain(one) for one in policy_lines(table.match.state)]))

    @app_commands.command(description="Set what something costs.")
    @app_commands.describe(
        item="A good, or what else is paid for.",
        coins="Its price; /town policy show has the bounds.",
        place="At this building only; else wherever it is sold.",
    )
    @app_commands.autocomplete(item=items, place=places)
    async def price(
        self,
        interaction: Interaction,
        item: str,
        coins: app_commands.Range[int, 0, 1_000_000_000],
        place: str = "",
    ) -> None:
        wish = {"do": "price", "item": item, "coins": str(coins), "place": place}
        await decide(interaction, wish, lambda _: f"{plain(item)} costs {coins:,} coins now.")

    @app_commands.command(description="Set the share that the town takes.")
    @app_commands.describe(
        tax="Of wages, or of what is paid for goods.", percent="How many percent."
    )
    @app_commands.choices(tax=[app_commands.Choice(name=one, value=one) for one in Tax])
    async def tax(
        self, interaction: Interaction, tax: str, percent: app_commands.Range[int, 0, 100]
    ) -> None:
        wish = {"do": "tax", "tax": tax, "percent": str(percent)}
        await decide(interaction, wish, lambda _: f"The town takes {percent} % of {tax} now.")

    @app_commands.command(description="Set when a building is open.")
    @app_commands.describe(
        opens="Such as 08:00.", closes="Such as 20:00; the same as opens for always."
    )
    @app_commands.autocomplete(place=places)
    async def hours(self, interaction: Interaction, place: str, opens: str, closes: str) -> None:
        wish = {"do": "hours", "place": place, "opens": opens, "closes": closes}
        await decide(interaction, wish, lambda _: f"{plain(place)} is {_open(opens, closes)} now.")


def _open(opens: str, closes: str) -> str:
    """Return when a building is open, for times that were taken."""
    hours = Hours(*(clock_minutes(clean(time)) for time in (opens, closes)))
    return str(hours) if hours.always else f"open from {hours}"
