"""/admin budget: what models may cost a server and each of its members, and what they have cost."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

import discord
from discord import app_commands

from bot.administration import MICRO, WARN_AT, Amount, Budget, Limit, begins_anew, in_words
from bot.cogs.controls import Pressed, button, view
from bot.cogs.forms import form, line, typed_in
from bot.cogs.interactions import Interaction
from bot.cogs.replies import tell
from bot.cogs.rights import need_admin
from bot.errors import ShownToUser

MOST = 10**12
"""No limit is higher: money is counted in millionths, in 64 bits."""
WHOSE = {"server": "the whole server", "member": "each member"}


class BudgetCommands(app_commands.Group):
    """What models may cost."""

    def __init__(self) -> None:
        super().__init__(name="budget", description="What models may cost in a day.")

    @app_commands.command(description="Show the limits, and what is used of them today.")
    @app_commands.describe(member="Show also what this member has used.")
    async def show(self, interaction: Interaction, member: discord.User | None = None) -> None:
        need_admin(interaction)
        buttons = [
            button(f"Limits of {words}", Pressed("budget", whose)) for whose, words in WHOSE.items()
        ]
        await tell(interaction, await budget_text(interaction, member), view=view(buttons))

    @app_commands.command(name="set", description="Set the limits for a day.")
    @app_commands.describe(whose="Of the whole server, or of each member.")
    @app_commands.choices(
        whose=[app_commands.Choice(name=words, value=key) for key, words in WHOSE.items()]
    )
    async def change(self, interaction: Interaction, whose: str) -> None:
        await ask(interaction, whose)


async def pressed(interaction: Interaction, pressed: Pressed) -> None:
    """Show the modal of a button, or take what was typed into it."""
    whose = pressed.match_id
    if whose not in WHOSE:
        raise ShownToUser("That control is not known any more; use /admin budget show.")
    if pressed.rest:
        await _set(interaction, whose)
    else:
        await ask(interaction, whose)


async def ask(interaction: Interaction, whose: str) -> None:
    """Show a modal with the limits as they are."""
    need_admin(interaction)
    budget = await interaction.client.services.administration.budget_of(interaction.guild_id or 0)
    limit = limit_of(budget, whose)
    money = "" if limit.money is None else f"{Decimal(limit.money) / MICRO:f}"
    fields = [
        line("requests", "Requests a day", "Empty: no limit", value=_shown(limit.requests)),
        line("tokens", "Tokens a day", "Empty: no limit", value=_shown(limit.tokens)),
        line("money", "Money a day", "Empty: no limit", value=money, example="2.50"),
    ]
    title = f"Limits of {WHOSE[whose]}"
    await interaction.response.send_modal(form(title, Pressed("budget", whose, ("given",)), fields))


async def budget_text(interaction: Interaction, member: discord.abc.User | None = None) -> str:
    """Return the limits and what is used of them today, in words."""
    guild, now = interaction.guild_id or 0, datetime.now(UTC)
    services = interaction.client.services
    budget = await services.administration.budget_of(guild)
    spent = await services.accounts.spent(guild, 0, now.date())
    anew = discord.utils.format_dt(begins_anew(now), "R")
    lines = [
        f"**What models may cost in a day** (UTC; it begins anew {anew})",
        f"The whole server: {usage(spent.used, budget.guild)}",
        f"Each member: {usage(None, budget.user)}",
    ]
    if services.accounts.cap != Limit():
        most = usage(None, services.accounts.cap)
        lines.append(f"Any server, which only the operator of this bot can change: {most}")
    if member is not None:
        theirs = await services.accounts.spent(guild, member.id, now.date())
        lines.append(f"<@{member.id}>: {usage(theirs.used, budget.user)}")
    return "\n".join(lines)


def usage(used: Amount | None, limit: Limit) -> str:
    """Return "3 of 100 requests, 1,200 tokens (no limit), …"; without `used` the limits alone."""
    told = []
    for unit, most in vars(limit).items():
        now = None if used is None else in_words(unit, getattr(used, unit))
        if most is None:
            told.append(f"{now} (no limit)" if now else f"no limit for {unit}")
        else:
            told.append(f"{now} of {in_words(unit, most)}" if now else in_words(unit, most))
    return ", ".join(told)


def limit_of(budget: Budget, whose: str) -> Limit:
    """Return the limit of the server, or of each member."""
    return budget.guild if whose == "server" else budget.user


def read_limit(given: dict[str, str]) -> Limit:
    """Return the limit that was typed.  Raises ShownToUser."""
    return Limit(
        _count(given.get("requests", ""), 1),
        _count(given.get("tokens", ""), 1),
        _count(given.get("money", ""), MICRO),
    )


async def _set(interaction: Interaction, whose: str) -> None:
    need_admin(interaction)
    guild, administration = interaction.guild_id or 0, interaction.client.services.administration
    limit = read_limit(dict(typed_in(interaction)))
    budget = await administration.budget_of(guild)
    changed = replace(budget, guild=limit) if whose == "server" else replace(budget, user=limit)
    await administration.change_budget(guild, changed, interaction.user.id)
    settings = await interaction.client.settings_of(guild)
    where = f"<#{settings.notices}>" if settings.notices else "/admin audit"
    told = f"At {WARN_AT} % I tell you in {where}; /admin setup chooses where."
    await tell(interaction, f"{await budget_text(interaction)}\n{told}")


def _shown(limit: int | None) -> str:
    return "" if limit is None else str(limit)


def _count(text: str, unit: int) -> int | None:
    """Return a limit in its smallest unit; None for no limit."""
    if not text:
        return None
    try:
        count = Decimal(text) * unit
    except InvalidOperation:
        count = Decimal("NaN")
    if not count.is_finite() or not 0 <= count <= MOST or count != int(count):
        raise ShownToUser("Limits are numbers such as 1000, or 2.50 for money; empty for none.")
    return int(count)
