"""/town evaluation: questions to the residents, on a schedule or at once, with the answers."""

import io
from collections.abc import Sequence
from dataclasses import replace

import discord
from discord import app_commands

from bot.arena.evaluation import Evaluation
from bot.arena.events import Answered
from bot.arena.table import Table
from bot.arena.towns import TownPlace
from bot.cogs.interactions import Interaction
from bot.cogs.replies import tell
from bot.cogs.town_files import tell_faults, toml_in
from bot.cogs.town_results import results_text
from bot.cogs.town_rights import hosted_town, town_here
from bot.cogs.town_shown import game_of, now_of
from bot.errors import ShownToUser
from bot.pictures.evaluation_table import answers_csv
from towns.clock import clock_minutes
from towns.errors import BadTown
from towns.evaluation import SHIPPED

_Hours = app_commands.Range[int, 1, 24 * 365]
_FILE = "Your questions, a .toml file; without one, those that come with me."


class EvaluationCommands(app_commands.Group):
    """Questions to the residents."""

    def __init__(self) -> None:
        super().__init__(name="evaluation", description="Questions to the residents here.")

    @app_commands.command(description="Put questions to the residents, again and again.")
    @app_commands.describe(
        file=_FILE,
        hours="Game hours between two askings, for questions without a time of their own.",
        at="When they are put each day of the town, such as 20:00.",
    )
    async def start(
        self,
        interaction: Interaction,
        file: discord.Attachment | None = None,
        hours: _Hours | None = None,
        at: str | None = None,
    ) -> None:
        town, table = await hosted_town(interaction)
        minutes = _minutes(at)
        if hours and minutes is not None:
            raise ShownToUser("Say hours or at, not both.")
        await interaction.response.defer(ephemeral=True, thinking=True)
        try:
            wanted = await _wanted(table, file)
            wanted = replace(wanted, hours=hours or 0, at=minutes)
            count = len(wanted.probes())
        except BadTown as why:
            await tell_faults(interaction, why)
            return
        wanted = replace(wanted, until=now_of(table.match.state))
        towns = interaction.client.towns
        await towns.change(town.match_id, lambda one: replace(one, evaluation=wanted))
        interaction.client.town_evaluations.look(town.match_id)
        first = _first(wanted, table)
        told = f"{count} questions are put from now on. {first} {_by_rules(table)}"
        await tell(interaction, told.strip())

    @app_commands.command(description="Put the questions to the residents once, now.")
    @app_commands.describe(file=_FILE)
    async def now(self, interaction: Interaction, file: discord.Attachment | None = None) -> None:
        town, table = await hosted_town(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        kept = town.evaluation
        try:
            wanted = kept if kept.questions and file is None else await _wanted(table, file)
            probes = wanted.probes()
        except BadTown as why:
            await tell_faults(interaction, why)
            return
        evaluations = interaction.client.town_evaluations
        asked = await evaluations.put(town, table, probes, f"i:{interaction.id}")
        if not asked:
            raise ShownToUser("Nobody whom the questions are for lives here now.")
        told = f"{asked} answers; the results stand in <#{town.channel}>. {_by_rules(table)}"
        await tell(interaction, told.strip())

    @app_commands.command(description="Put no questions to the residents any more.")
    async def stop(self, interaction: Interaction) -> None:
        town, _ = await hosted_town(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        none = Evaluation()
        await interaction.client.towns.change(
            town.match_id, lambda one: replace(one, evaluation=none)
        )
        was = "No questions are put any more." if town.evaluation.questions else "None were put."
        await tell(interaction, f"{was} /town evaluation results has the answers so far.")

    @app_commands.command(description="Show the last results, with every answer so far as a file.")
    async def results(self, interaction: Interaction) -> None:
        town, table = await town_here(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        rounds = await _rounds(interaction, town)
        if not rounds:
            raise ShownToUser("Nobody has been asked yet; /town evaluation now asks at once.")
        clock = game_of(table).start.clock
        every = answers_csv([one for answers in rounds for one in answers], clock)
        file = discord.File(io.BytesIO(every.encode()), "answers.csv")
        await tell(interaction, results_text(rounds[-1], clock), file=file)


async def _wanted(table: Table, file: discord.Attachment | None) -> Evaluation:
    """Return questions that are not looked at yet.  Raises ShownToUser."""
    text = await toml_in(file) if file else SHIPPED.read_text("utf-8")
    return Evaluation(text, tuple(table.match.state.residents))


def _minutes(at: str | None) -> int | None:
    try:
        return None if at is None else clock_minutes(at.strip())
    except ValueError as why:
        raise ShownToUser(str(why)) from None


def _by_rules(table: Table) -> str:
    """Return what to expect where no model plays anybody; "" where one does."""
    players = [table.players[seat] for seat in table.match.state.residents]
    if any(player.startswith(("model:", "character:")) for player in players):
        return ""
    return "No model plays anybody here: by rules of thumb residents only tell what they remember."


def _first(evaluation: Evaluation, table: Table) -> str:
    """Return when the first of the questions is put, in words."""
    game = game_of(table)
    clock, since, end = game.start.clock, evaluation.until, game.end
    moments = [one.next_moment(clock, since, end) for one in evaluation.probes()]
    known = [moment for moment in moments if moment is not None]
    if not known:
        return "But the town's days are over before any of them."
    return f"The first time is {clock.at(min(known))}."


async def _rounds(interaction: Interaction, town: TownPlace) -> Sequence[Sequence[Answered]]:
    """Return what was answered, round by round, as the journal has it."""
    stored = await interaction.client.services.store.load(town.match_id)
    rounds = [
        [event for event in entry.events if isinstance(event, Answered)] for entry in stored.entries
    ]
    return [answers for answers in rounds if answers]
