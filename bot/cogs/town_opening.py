"""A town founded in a channel."""

from dataclasses import dataclass

from bot.administration import MICRO, Limit
from bot.arena.arena import new_id
from bot.arena.towns import CatchUp, Per, Telling, TownPlace
from bot.cogs.interactions import Interaction
from bot.cogs.replies import tell
from bot.cogs.town_rights import need_founding
from bot.errors import ShownToUser
from games.core import Seat
from towns.events import CLOCK, HOST, MAYOR
from towns.questions import PlanSystem
from towns.town import Town


@dataclass(frozen=True)
class Wish:
    """What a town is to be like."""

    residents: int
    days: int
    model: str
    speed: float
    telling: Telling
    catch_up: CatchUp
    plans: PlanSystem
    seconds: int
    limit: Limit
    per: Per


def limit_of(calls: int | None, tokens: int | None, money: float | None) -> Limit:
    """Return a budget; money is in its own unit."""
    return Limit(calls, tokens, None if money is None else round(money * MICRO))


async def found(interaction: Interaction, wish: Wish) -> None:
    """Found a town here, in which time stands still until /town start."""
    await need_founding(interaction)
    player = await player_of(interaction, wish.model)
    await interaction.response.defer(ephemeral=True, thinking=True)
    game = Town(days=wish.days, seed=interaction.id % 2**31, plans=wish.plans, governed=True)
    names = list(game.start.residents)[: wish.residents]
    town = TownPlace(
        new_id(),
        interaction.guild_id or 0,
        interaction.channel_id or 0,
        interaction.user.id,
        f"i:{interaction.id}",
        speed=wish.speed,
        catch_up=wish.catch_up,
        telling=wish.telling,
        seconds=wish.seconds,
        seconds_per_tick=game.start.clock.seconds_per_tick,
        player=player,
        limit=wish.limit,
        per=wish.per,
    )
    nobody = {CLOCK: "person", MAYOR: "person", HOST: "person"}
    await interaction.client.towns.found(
        town, game, {**{Seat(name): player for name in names}, **nobody}
    )
    await tell(
        interaction,
        f"{game.start.name} is founded with {len(names)} residents. Time stands still until "
        "/town start; /town resident become lets members live here.",
    )


async def player_of(interaction: Interaction, model: str) -> str:
    """Return who plays residents: a model, or the house for none.  Raises ShownToUser."""
    if not model:
        return "house:hard"
    names = await interaction.client.services.models.names(interaction.guild_id or 0)
    if model not in names:
        known = f"there are {', '.join(names)}" if names else "an admin adds one: /admin model add"
        raise ShownToUser(f"There is no model of that name; {known}.")
    return f"model:{model}"
