"""What of a town is shown in words: how it stands, and what its residents did.  Pure."""

from collections import Counter

from discord import ButtonStyle, ui

from bot.administration import Amount, in_words
from bot.arena.lobbies import person_in
from bot.arena.table import Table
from bot.arena.towns import TownPlace
from bot.cogs.controls import Pressed, button, view
from bot.cogs.speech import plain
from bot.cogs.town_office import mayor_line
from games.core import Seat, listed
from towns.ledger import TOWN, resident_account
from towns.state import Resident, TownState, town_tick
from towns.town import Town


def game_of(table: Table) -> Town:
    """Return the rules of a town."""
    game = table.setup.game
    assert isinstance(game, Town), "the room of a town holds nothing else"
    return game


def now_of(state: TownState) -> int:
    """Return the tick up to which everything has happened that time was given for."""
    return min(town_tick(state), state.horizon)


def live_text(town: TownPlace, table: Table) -> str:
    """Return what the live message of a town says."""
    state, start = table.match.state, game_of(table).start
    residents = listed([f"**{plain(seat)}**" for seat in state.residents])
    lines = [
        f"## {plain(start.name)}",
        plain(start.about),
        f"{start.clock.at(now_of(state))} · {_pace(town, table)} · town `{town.match_id}`",
        f"Here live {residents}." if len(state.residents) <= 25 else "",
        f"Its residents are heard in <#{town.thread}>." if town.thread else "",
        "Members can live here too: `/town resident become`." if not table.over else "",
    ]
    return "\n".join(filter(None, lines))[:2000]


def controls(table: Table) -> ui.View:
    """Return the controls below the live message of a town."""
    match_id = table.setup.match_id
    return view(
        [
            button("Your turn", Pressed("tt", match_id), ButtonStyle.primary),
            button("Map", Pressed("tw", match_id, ("map",))),
            button("News", Pressed("tw", match_id, ("news",))),
            button("Status", Pressed("tw", match_id, ("status",))),
        ]
    )


def status_text(town: TownPlace, table: Table, cost: Amount) -> str:
    """Return how a town and everybody in it stand."""
    state, start = table.match.state, game_of(table).start
    balances = state.ledger.balances
    used = ", ".join(in_words(unit, count) for unit, count in vars(cost).items() if count)
    lines = [
        f"**{plain(start.name)}**, {start.clock.at(now_of(state))}: {_pace(town, table)}.",
        f"The town has {balances[TOWN]:,} coins. Models: {used or 'not asked so far'}.",
        _budget(town),
        mayor_line(table),
        *(_line(table, seat, one) for seat, one in state.residents.items()),
    ]
    return fitting(lines)


def resident_text(table: Table, seat: Seat) -> str:
    """Return what everybody may know of a resident."""
    state = table.match.state
    profile = state.residents[seat].profile
    lives = f"Lives at {plain(profile.home)}"
    lines = [
        f"**{plain(profile.full_name)}**, {profile.age}",
        plain(profile.bio),
        f"Wants: {plain(profile.goal)}",
        f"{lives}, works at {plain(profile.work)}." if profile.work else f"{lives}, has no work.",
        f"Likes {plain(listed(profile.likes))}." if profile.likes else "",
        _line(table, seat, state.residents[seat]),
    ]
    return "\n".join(filter(None, lines))[:2000]


def ledger_text(table: Table) -> str:
    """Return who has how much, the richest first, and what comes in from outside."""
    state = table.match.state
    held = Counter({name: coins for name, coins in state.ledger.balances.items() if coins})
    lines = [f"{state.ledger.transfers:,} transfers; the sum of all accounts is 0."]
    lines += [f"- {plain(name)}: {coins:,}" for name, coins in held.most_common()]
    return fitting(lines)


def _line(table: Table, seat: Seat, resident: Resident) -> str:
    state = table.match.state
    cash = state.ledger.balances[resident_account(seat)]
    tick = now_of(state)
    where = state.ground.place_at(resident.at(tick)) or "the street"
    doing = f": {resident.use.operation}" if resident.use else ""
    talks = ", in a talk" if resident.talk else ""
    return (
        f"- **{plain(seat)}** ({_played(table, seat)}), {plain(where + doing)}{talks}; "
        f"{cash:,} coins"
    )


def _played(table: Table, seat: Seat) -> str:
    player = table.players[seat]
    if user := person_in(player):
        return f"<@{user}>"
    away = person_in(table.first_players[seat])
    kind, _, detail = player.partition(":")
    name = "house rules" if kind == "house" else plain(detail or kind)
    return f"{name}, while <@{away}> is away" if away else name


def _pace(town: TownPlace, table: Table) -> str:
    if table.over:
        return "its days are over"
    if table.paused:
        return "paused; /town start goes on"
    if not town.going:
        return "time stands still; /town start lets it pass"
    return f"{town.speed:,.0f} × as fast as here"


def _budget(town: TownPlace) -> str:
    limits = [in_words(unit, most) for unit, most in vars(town.limit).items() if most is not None]
    return f"Its budget for its {town.per}: {', '.join(limits)}." if limits else ""


def fitting(lines: list[str]) -> str:
    """Return as many lines as a message can hold, and how many more there are."""
    kept: list[str] = []
    found = [line for line in lines if line]
    for number, line in enumerate(found):
        if sum(len(one) + 1 for one in kept) + len(line) > 1950:
            return "\n".join([*kept, f"… and {len(found) - number} more."])
        kept.append(line)
    return "\n".join(kept)
