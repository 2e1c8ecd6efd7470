"""/town resident: who lives in a town, who plays them, and a word with one of them."""

import json
from contextlib import suppress

from discord import app_commands

from bot.arena.lobbies import person_in
from bot.arena.table import Table
from bot.cogs.interactions import Interaction
from bot.cogs.replies import tell
from bot.cogs.speech import BOT, Utterance, Voice, plain
from bot.cogs.town_governing import granted
from bot.cogs.town_opening import player_of
from bot.cogs.town_rights import hosted_town, resident_called, resident_of, town_here
from bot.cogs.town_shown import game_of, resident_text
from bot.cogs.voices import Where
from bot.cogs.which import CHOICES
from bot.errors import ShownToUser
from games.core import Refused, Seat, Text, Words, clean
from towns.events import HOST
from towns.memory import NOTHING_SAID
from towns.perception import situation_of
from towns.questions import line_in, talk_ask
from towns.situation import Line, Talk
from towns.visits import visitor_called

LONGEST = 300
"""Characters of what somebody says to a resident."""


async def living(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Suggest those who live in the town here."""
    try:
        _, table = await town_here(interaction)
    except ShownToUser:
        return []
    wanted = typed.casefold()
    found = [str(seat) for seat in table.match.state.residents if wanted in seat.casefold()]
    return [app_commands.Choice(name=name, value=name) for name in found][:CHOICES]


async def absent(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Suggest those of the town's files who do not live here."""
    try:
        _, table = await town_here(interaction)
    except ShownToUser:
        return []
    here = table.match.state.residents
    found = [one for one in game_of(table).start.residents if one not in here]
    return [
        app_commands.Choice(name=name, value=name)
        for name in found
        if typed.casefold() in name.casefold()
    ][:CHOICES]


class ResidentCommands(app_commands.Group):
    """The residents of a town."""

    def __init__(self) -> None:
        super().__init__(name="resident", description="Those who live in the town here.")

    @app_commands.command(description="Show who somebody is, and what everybody may know of them.")
    @app_commands.autocomplete(name=living)
    async def info(self, interaction: Interaction, name: str) -> None:
        _, table = await town_here(interaction)
        await tell(interaction, resident_text(table, resident_called(table, name)))

    @app_commands.command(description="Say something to a resident, who answers in the thread.")
    @app_commands.describe(words="What you say; the resident remembers it, and you.")
    @app_commands.autocomplete(name=living)
    async def talk(
        self, interaction: Interaction, name: str, words: app_commands.Range[str, 1, LONGEST]
    ) -> None:
        town, table = await town_here(interaction)
        seat = resident_called(table, name)
        if user := person_in(table.players[seat]):
            raise ShownToUser(f"{plain(seat)} is <@{user}>; just write to them.")
        said = Words(clean(words, LONGEST))
        if not said:
            raise ShownToUser("Say something that can be read.")
        await interaction.response.defer(ephemeral=True, thinking=True)
        await interaction.client.towns.need_thread(town.match_id)
        town = await interaction.client.towns.thread_of(town.match_id)
        who = interaction.user.display_name
        answer = await _answered(table, seat, who, said)
        await _remembered(interaction, table, seat, said, answer)
        where = Where(town.guild, town.channel, town.thread)
        voices, nonce = interaction.client.voices, f"t-{interaction.id}"
        asked = f"**{plain(who)}**, to {plain(seat)}: {plain(said)}"
        await voices.say(where, Utterance(BOT, asked[:2000]), f"{nonce}-0")
        spoken = Utterance(Voice(f"{seat} (AI)"), plain(answer)[:1900])
        await voices.say(where, spoken, f"{nonce}-1")
        await tell(interaction, f"{plain(seat)} has answered in <#{town.thread}>.")

    @app_commands.command(description="Live in the town here: you decide for a resident.")
    @app_commands.autocomplete(name=living)
    async def become(self, interaction: Interaction, name: str) -> None:
        town, table = await town_here(interaction)
        seat = resident_called(table, name)

        def taken() -> bool:
            _need_free(table, seat, interaction.user.id)
            return False

        taken()
        await interaction.response.defer(ephemeral=True, thinking=True)
        # Somebody may have been quicker meanwhile.
        await table.reseat(seat, f"person:{interaction.user.id}", unless=taken)
        interaction.client.services.arena.play(table)
        told = (
            "You are {name} now. Press Your turn below the town whenever you like; when you take "
            "longer than {seconds} seconds, rules of thumb decide until you are back."
        )
        await tell(interaction, Text(told, name=plain(seat), seconds=town.seconds))

    @app_commands.command(description="Live in the town here no more; your resident stays.")
    async def leave(self, interaction: Interaction) -> None:
        town, table = await town_here(interaction)
        seat = resident_of(table, interaction.user.id)
        if seat is None:
            raise ShownToUser("You are nobody in this town; /town resident become changes that.")
        await interaction.response.defer(ephemeral=True, thinking=True)
        await table.reseat(seat, town.player)
        interaction.client.services.arena.play(table)
        await tell(interaction, f"{plain(seat)} lives on without you.")

    @app_commands.command(description="Let somebody of the town's own files move in.")
    @app_commands.autocomplete(name=absent)
    async def add(self, interaction: Interaction, name: str) -> None:
        town, table = await hosted_town(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        known = game_of(table).start.residents
        seat = Seat(next((one for one in known if one.casefold() == name.casefold()), name))
        answer = json.dumps({"do": "come", "name": seat})
        await table.submit(HOST, answer, cause=f"i:{interaction.id}")
        interaction.client.services.arena.play(table)
        interaction.client.towns.refresh(town.match_id)
        await tell(interaction, granted(table, f"{plain(seat)} moves in."))

    @app_commands.command(description="Let a resident move away, with all they own.")
    @app_commands.autocomplete(name=living)
    async def remove(self, interaction: Interaction, name: str) -> None:
        town, table = await hosted_town(interaction)
        seat = resident_called(table, name)
        await interaction.response.defer(ephemeral=True, thinking=True)
        answer = json.dumps({"do": "go", "name": seat})
        await table.submit(HOST, answer, cause=f"i:{interaction.id}")
        interaction.client.towns.refresh(town.match_id)
        await tell(interaction, granted(table, f"{plain(seat)} has moved away."))

    @app_commands.command(description="Choose who plays a resident: a model, a character, nobody.")
    @app_commands.describe(
        model="A model; without one and without a character, rules of thumb.",
        character="A character, which a model plays.",
    )
    @app_commands.autocomplete(name=living)
    async def player(
        self, interaction: Interaction, name: str, model: str = "", character: str = ""
    ) -> None:
        _, table = await hosted_town(interaction)
        seat = resident_called(table, name)
        spec = await player_of(interaction, model)
        if character:
            services, guild = interaction.client.services, interaction.guild_id or 0
            member = await services.cast.find(guild, character)
            spec = f"character:{member.character}:{model}"
        await interaction.response.defer(ephemeral=True, thinking=True)
        await table.reseat(seat, spec)
        interaction.client.services.arena.play(table)
        await tell(interaction, f"{plain(seat)} has a new player.")


def _need_free(table: Table, seat: Seat, user: int) -> None:
    """Refuse a resident whom another member plays, and a second one.  Raises ShownToUser."""
    if table.over:
        raise ShownToUser("The days of this town are over.")
    resident_called(table, seat)
    own = resident_of(table, user)
    if own is not None:
        told = "You are {own} already; /town resident leave first."
        raise ShownToUser(Text(told, own=plain(own)))
    if person_in(table.first_players[seat]):
        raise ShownToUser("Another member is this resident; choose somebody else.")


async def _answered(table: Table, seat: Seat, who: str, said: Words) -> str:
    """Return what a resident answers to somebody from outside.  Raises OperatorError."""
    state = table.match.state
    now = situation_of(state, seat, min(state.residents[seat].tick, state.horizon))
    name = visitor_called(_name(who))
    ask = talk_ask(now, Talk((name,), NOTHING_SAID, (Line(name, said),)))
    line, _ = line_in(now, await table.consult(seat, ask))
    return line.words


async def _remembered(
    interaction: Interaction, table: Table, seat: Seat, said: Words, answer: str
) -> None:
    """Let a resident remember what was said, unless the town is over or it has left meanwhile."""
    visit = {"do": "visit", "name": seat, "visitor": _name(interaction.user.display_name)}
    visit |= {"player": f"person:{interaction.user.id}", "words": said, "answer": answer}
    with suppress(Refused):
        text = json.dumps({part: value or None for part, value in visit.items()})
        await table.submit(HOST, text, cause=f"i:{interaction.id}", though_paused=True)


def _name(who: str) -> str:
    return " ".join(clean(who, 30).split())
