"""/town: found a town in a channel, let its time pass, and look at it."""

import asyncio
import io
from dataclasses import replace

import discord
from discord import app_commands

from bot.administration import Amount
from bot.arena.towns import CatchUp, Per, Telling
from bot.arena.transcript import export
from bot.cogs.chat_commands import models
from bot.cogs.interactions import Interaction
from bot.cogs.replies import tell
from bot.cogs.town_charts import chart_files, ledger_file
from bot.cogs.town_evaluating import EvaluationCommands
from bot.cogs.town_governing import GOVERNING
from bot.cogs.town_opening import Wish, found, limit_of, mayors
from bot.cogs.town_policies import PolicyCommands
from bot.cogs.town_posts import issue
from bot.cogs.town_residents import ResidentCommands
from bot.cogs.town_rights import hosted_town, town_here
from bot.cogs.town_shown import game_of, ledger_text, now_of, status_text
from bot.cogs.town_teller import map_file
from bot.errors import ShownToUser
from games.core import Text
from towns.questions import PlanSystem
from towns.subjects import Subject
from towns.town import MOST_DAYS

SLOWEST, QUICKEST = 1, 36_000
"""Game seconds in a second."""
_Calls = app_commands.Range[int, 1, 10_000_000]
_Tokens = app_commands.Range[int, 1, 2_000_000_000]
_Money = app_commands.Range[float, 0.01, 1_000_000.0]
_Speed = app_commands.Range[int, SLOWEST, QUICKEST]


def _choices(
    kind: type[Telling] | type[CatchUp] | type[PlanSystem] | type[Per] | type[Subject],
) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=str(one), value=str(one)) for one in kind]


@app_commands.guild_only()
class TownCommands(app_commands.Group):
    """A small town that lives in a channel."""

    def __init__(self) -> None:
        super().__init__(name="town", description="A small town that lives in a channel.")
        self.add_command(ResidentCommands())
        self.add_command(EvaluationCommands())
        self.add_command(PolicyCommands())
        for command in GOVERNING:
            self.add_command(command)

    @app_commands.command(description="Found a town in this channel.")
    @app_commands.describe(
        residents="How many live there at first.",
        days="How many days it lives.",
        model="The model that plays them; without one they follow rules of thumb.",
        speed="Game seconds in a second; at 60 a day takes 24 minutes.",
        telling="digest: one message for each game hour; live: every line that is said.",
        catch_up="What becomes of the time in which I am down.",
        plans="How models plan: merged takes fewer calls.",
        think="Seconds that a member who is a resident may think.",
        calls="The most calls of models.",
        tokens="The most tokens of models.",
        money="The most that models may cost.",
        per="What this budget is for.",
        mayor="Who governs: me, house, none, or the name of a model.",
        mayor_days="How many days the mayor decides, once in an hour.",
        seed="The same seed and answers make the same town.",
        file="Your own town, a .toml file; without one, the town that comes with me.",
        buildings="Types of buildings of your own, for your town: a buildings.toml.",
        equipment="Equipment of your own, for your town: an equipment.toml.",
        goods="Goods of your own, for your town: a goods.toml.",
    )
    @app_commands.autocomplete(model=models, mayor=mayors)
    @app_commands.choices(
        telling=_choices(Telling),
        catch_up=_choices(CatchUp),
        plans=_choices(PlanSystem),
        per=_choices(Per),
    )
    async def create(
        self,
        interaction: Interaction,
        residents: app_commands.Range[int, 1, 25] = 8,
        days: app_commands.Range[int, 1, MOST_DAYS] = 3,
        model: str = "",
        speed: _Speed = 60,
        telling: str = Telling.DIGEST,
        catch_up: str = CatchUp.SKIP,
        plans: str = PlanSystem.MERGED,
        think: app_commands.Range[int, 5, 3600] = 120,
        calls: _Calls | None = None,
        tokens: _Tokens | None = None,
        money: _Money | None = None,
        per: str = Per.ALL,
        mayor: str = "none",
        mayor_days: app_commands.Range[int, 1, MOST_DAYS] = 3,
        seed: app_commands.Range[int, 0, 2**31] | None = None,
        file: discord.Attachment | None = None,
        buildings: discord.Attachment | None = None,
        equipment: discord.Attachment | None = None,
        goods: discord.Attachment | None = None,
    ) -> None:
        own = {"buildings.toml": buildings, "equipment.toml": equipment, "goods.toml": goods}
        wish = Wish(
            residents,
            days,
            model,
            float(speed),
            Telling(telling),
            CatchUp(catch_up),
            PlanSystem(plans),
            think,
            limit_of(calls, tokens, money),
            Per(per),
            mayor,
            mayor_days,
            seed,
            file,
            own,
        )
        await found(interaction, wish)

    @app_commands.command(description="Let the time of the town here pass by itself.")
    async def start(self, interaction: Interaction) -> None:
        town, table = await hosted_town(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        was_going = town.going and not table.paused
        await interaction.client.towns.change(town.match_id, lambda one: replace(one, going=True))
        await self._go_on(interaction)
        await tell(interaction, "Time passes already." if was_going else "Time passes.")

    @app_commands.command(description="Let everything in the town here stand still.")
    async def pause(self, interaction: Interaction) -> None:
        _, table = await hosted_town(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        await table.pause(Text("{who} wants it so.", who=interaction.user.display_name[:40]))
        await tell(interaction, "The town stands still; /town start goes on.")

    @app_commands.command(description="Let the town here go on for a while, and then stand still.")
    @app_commands.describe(minutes="Game minutes.")
    async def step(
        self, interaction: Interaction, minutes: app_commands.Range[int, 1, 10_080] = 60
    ) -> None:
        town, table = await hosted_town(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        await interaction.client.towns.change(town.match_id, lambda one: replace(one, going=False))
        await self._go_on(interaction, game_of(table).start.clock.ticks(minutes))
        await tell(interaction, f"The town goes on for {minutes} minutes of its own.")

    @app_commands.command(description="Choose how fast time passes in the town here.")
    @app_commands.describe(speed="Game seconds in a second; at 60 a day takes 24 minutes.")
    async def speed(self, interaction: Interaction, speed: _Speed) -> None:
        town, table = await hosted_town(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        towns = interaction.client.towns
        await towns.change(town.match_id, lambda one: replace(one, speed=float(speed)))
        if town.going and not table.paused:
            # The clock is asked anew, and so goes on at the new pace.
            await towns.give_time(table, 1, f"i:{interaction.id}")
        towns.refresh(town.match_id)
        await tell(interaction, f"Time passes {speed} × as fast as here.")

    @app_commands.command(description="Choose what the models of the town here may cost.")
    @app_commands.describe(
        calls="The most calls.",
        tokens="The most tokens.",
        money="The most money.",
        per="What this budget is for.",
    )
    @app_commands.choices(per=_choices(Per))
    async def budget(
        self,
        interaction: Interaction,
        calls: _Calls | None = None,
        tokens: _Tokens | None = None,
        money: _Money | None = None,
        per: str = Per.ALL,
    ) -> None:
        town, _ = await hosted_town(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        limit = limit_of(calls, tokens, money)
        cost = await interaction.client.services.accounts.cost_of_match(town.match_id)
        before = cost if per == Per.DAY else Amount()  # a day's budget counts from now on
        await interaction.client.towns.change(
            town.match_id, lambda one: replace(one, limit=limit, per=Per(per), before=before)
        )
        none = limit == limit_of(None, None, None)
        told = "Its models have no budget of their own now" if none else "That is its budget now"
        await tell(interaction, f"{told}; a town that has paused goes on with /town start.")

    @app_commands.command(name="map", description="Draw the town here as it stands.")
    async def map_(self, interaction: Interaction) -> None:
        _, table = await town_here(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        await tell(interaction, "The town as it stands.", file=await map_file(table))

    @app_commands.command(description="Show how the town here and everybody in it stand.")
    async def status(self, interaction: Interaction) -> None:
        town, table = await town_here(interaction)
        cost = await interaction.client.services.accounts.cost_of_match(town.match_id)
        await tell(interaction, status_text(town, table, cost))

    @app_commands.command(description="Read the newspaper of the town here.")
    @app_commands.describe(day="Of which day; today where none is named.")
    async def news(
        self, interaction: Interaction, day: app_commands.Range[int, 1, MOST_DAYS] | None = None
    ) -> None:
        _, table = await town_here(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        today = game_of(table).start.clock.at(now_of(table.match.state)).day
        if day and day > today:
            raise ShownToUser(f"It is day {today} there; nobody has written that issue yet.")
        post = await issue(table, day or today)
        await tell(interaction, post.utterance.text)

    @app_commands.command(description="Show who has how much, with every transfer as a file.")
    async def ledger(self, interaction: Interaction) -> None:
        _, table = await town_here(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        stored = await interaction.client.services.store.load(table.setup.match_id)
        chart, _ = await chart_files(table, stored, Subject.MONEY)
        await tell(interaction, ledger_text(table), files=[ledger_file(table), chart])

    @app_commands.command(description="Draw how money, mood or calls here have changed.")
    @app_commands.describe(
        subject="Mood: how well needs are met; calls: of models; answers: by each resident."
    )
    @app_commands.choices(subject=_choices(Subject))
    async def chart(self, interaction: Interaction, subject: str) -> None:
        town, table = await town_here(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        stored = await interaction.client.services.store.load(town.match_id)
        files = await chart_files(table, stored, Subject(subject))
        await tell(interaction, f"{Subject(subject).capitalize()}, and all numbers.", files=files)

    @app_commands.command(description="Hand out all that everybody could watch, as a page.")
    async def history(self, interaction: Interaction) -> None:
        await self._hand_out(interaction, "html", "All that was to be seen of the town.")

    @app_commands.command(description="Hand out all that everybody could watch, for programs.")
    async def export(self, interaction: Interaction) -> None:
        await self._hand_out(interaction, "json", "The town's record as JSON.")

    @app_commands.command(description="End the town here for good.")
    @app_commands.describe(name="Its name, to be sure.")
    async def delete(self, interaction: Interaction, name: str) -> None:
        town, table = await hosted_town(interaction)
        called = game_of(table).start.name
        if name.strip().casefold() != called.casefold():
            raise ShownToUser(f"To end this town for good, write its name: {called}.")
        await interaction.response.defer(ephemeral=True, thinking=True)
        who = interaction.user.display_name[:40]
        await table.abort(Text("{who} has ended the town.", who=who))
        await interaction.client.towns.close(town.match_id)
        await tell(interaction, f"{called} is over.")

    async def _go_on(self, interaction: Interaction, ticks: int = 1) -> None:
        """Let time pass, whatever stood in its way."""
        town, table = await hosted_town(interaction)
        await interaction.client.towns.need_thread(town.match_id)
        if table.paused:
            await table.resume()
            interaction.client.services.arena.outbox.reopen(town.room)
        await interaction.client.towns.give_time(table, ticks, f"i:{interaction.id}")
        interaction.client.towns.refresh(town.match_id)
        interaction.client.town_teller.look(town.match_id)

    async def _hand_out(self, interaction: Interaction, kind: str, told: str) -> None:
        town, _ = await town_here(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        stored = await interaction.client.services.store.load(town.match_id)
        text = await asyncio.to_thread(export, stored, "public", kind)
        file = discord.File(io.BytesIO(text.encode()), f"town-{town.match_id}.{kind}")
        await tell(interaction, told, file=file)
