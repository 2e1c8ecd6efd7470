"""A town founded in a channel."""

from dataclasses import dataclass

import discord
from discord import app_commands

from bot.administration import MICRO, Limit
from bot.arena.arena import new_id
from bot.arena.towns import NOBODY, CatchUp, Per, Telling, TownPlace
from bot.cogs.chat_commands import models
from bot.cogs.interactions import Interaction
from bot.cogs.replies import tell
from bot.cogs.town_files import Catalogue, tell_faults, town_in
from bot.cogs.town_rights import need_founding
from bot.cogs.which import CHOICES
from bot.errors import ShownToUser
from games.core import Seat
from towns.errors import BadTown
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
    mayor: str
    """As `mayor_spec` takes it."""
    mayor_days: int
    seed: int | None
    file: discord.Attachment | None
    """The founder's own town; None for the one that comes with Parlour."""
    catalogue: Catalogue


def limit_of(calls: int | None, tokens: int | None, money: float | None) -> Limit:
    """Return a budget; money is in its own unit."""
    return Limit(calls, tokens, None if money is None else round(money * MICRO))


async def found(interaction: Interaction, wish: Wish) -> None:
    """Found a town here, in which time stands still until /town start."""
    await need_founding(interaction)
    player = await player_of(interaction, wish.model)
    mayor = await mayor_spec(interaction, wish.mayor)
    await interaction.response.defer(ephemeral=True, thinking=True)
    try:
        data = await town_in(wish.file, wish.catalogue)
    except BadTown as why:
        await tell_faults(interaction, why)
        return
    game = Town(
        data=data,
        days=wish.days,
        seed=interaction.id % 2**31 if wish.seed is None else wish.seed,
        plans=wish.plans,
        governed=True,
        mayor=bool(mayor),
        mayor_days=wish.mayor_days,
    )
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
    offices = {CLOCK: "person", MAYOR: mayor or NOBODY, HOST: "person"}
    await interaction.client.towns.found(
        town, game, {**{Seat(name): player for name in names}, **offices}
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


async def mayor_spec(
    interaction: Interaction, who: str, member: discord.Member | None = None
) -> str:
    """Return who plays the mayor; "" for nobody.  Raises ShownToUser."""
    if member is not None and member.bot:
        raise ShownToUser("A bot cannot be the mayor; choose a member, or name a model.")
    if member is not None:
        return f"person:{member.id}"
    match who.strip().casefold():
        case "none":
            return ""
        case "me":
            return f"person:{interaction.user.id}"
        case "house":
            return "house:hard"
        case "":
            raise ShownToUser("Say who: me, house, none, the name of a model, or a member.")
    return await player_of(interaction, who)


async def mayors(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Suggest who can be the mayor, beside members."""
    known = ["me", "house", "none"]
    found = [app_commands.Choice(name=one, value=one) for one in known if typed.casefold() in one]
    return [*found, *await models(interaction, typed)][:CHOICES]
