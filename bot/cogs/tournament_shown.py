"""How a tournament is told: its players, rounds and standings, in words and as a card."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import discord
from discord import ui

from bot.arena.events import player_name
from bot.arena.lobbies import person_in, seats_wanted
from bot.arena.tournaments import Tournament, TournamentState
from bot.cogs.controls import Pressed, button, view
from bot.cogs.lobby_host import options_line
from bot.cogs.speech import LIMIT, plain
from bot.languages import Language
from bot.pictures import Standing, card_alt_text, render_card
from games.core import Text
from tournaments import Format, Meeting, Schedule, Score

SHOWN: Final = 16
"""Players in a list."""
FORMATS: Final[Mapping[Format, Text]] = {
    Format.ROUND_ROBIN: Text("everybody against everybody"),
    Format.SWISS: Text("Swiss system"),
    Format.KNOCKOUT: Text("knockout"),
    Format.BATCH: Text("batch"),
}


def tournament_text(
    now: Tournament, going: Mapping[str, int], trouble: Text | str, language: Language
) -> str:
    """Return what the live message says; `going` are the threads of games by their names."""
    lines = [*_head(now, language)]
    if trouble:
        told = "A game could not be begun: {why} /tournament start tries again."
        lines.append(language.say(Text(told, why=trouble)))
    if now.state is TournamentState.OPEN:
        lines += [language.say(Text("Waiting for players: press Join.")), ""]
        lines += _entrants(now, language)
    else:
        schedule = now.schedule
        lines += ["", *standing_lines(now, schedule, language)]
        lines += ["", *_rounds(now, schedule, going, language)]
    return _fitting(lines, language)


def result_text(now: Tournament, language: Language, *, as_text: bool) -> str:
    """Return what is said when it is over; with all places where there is no picture."""
    schedule = now.schedule
    if (winner := schedule.winner) is not None:
        told = Text("The tournament is over: {name} has won.", name=_name(now, winner))
    else:
        first = [_name(now, one.entrant) for one in schedule.scores if one.rank == 1]
        told = Text("The tournament is over; the first place is shared by {names}.", names=first)
    lines = [language.say(told), *(standing_lines(now, schedule, language) if as_text else ())]
    return _fitting(lines, language)


def picture_of(now: Tournament, language: Language) -> tuple[bytes, str]:
    """Return the card of the standings as PNG, and the same in words."""
    rows = [
        Standing(one.rank, now.entrants[one.entrant].name, f"{one.points:g}")
        for one in now.schedule.scores
    ]
    title = f"{now.game.name}, {language.say(FORMATS[now.format])}"
    reason = language.say(Text("Points, of {games} games.", games=len(now.results)))
    return render_card(title, rows, reason), card_alt_text(title, rows, reason)


def standing_lines(now: Tournament, schedule: Schedule, language: Language) -> Sequence[str]:
    """Return how all stand, one a line."""
    lines = [
        language.say(_line(now, one, _name(now, one.entrant))) for one in schedule.scores[:SHOWN]
    ]
    if (more := len(schedule.scores) - SHOWN) > 0:
        lines.append(language.say(Text("… and {count} more.", count=more)))
    return lines


def controls(now: Tournament, language: Language) -> ui.View:
    """Return the buttons of a tournament's message; none when it is over."""

    def press(label: str, verb: str, **more: Any) -> ui.Button[Any]:
        pressed = Pressed("cup", now.tournament_id, (verb,))
        return button(language.say(label), pressed, **more)

    primary, success = discord.ButtonStyle.primary, discord.ButtonStyle.success
    if now.state is TournamentState.OPEN:
        few = len(now.entrants) < 2
        return view(
            [
                press("Join", "join", style=primary),
                press("Leave", "leave"),
                press("Start", "start", style=success, disabled=few),
                press("Rules", "rules"),
                press("Stop", "stop", style=discord.ButtonStyle.danger),
            ]
        )
    return view([press("Rules", "rules")])


def _fitting(lines: Sequence[str], language: Language) -> str:
    """Return as many whole lines as a message takes, and how many more there are."""
    text, left = "\n".join(lines), 0
    while len(text) > LIMIT and left < len(lines) - 1:
        left += 1
        more = language.say(Text("… and {count} more.", count=left))
        text = "\n".join([*lines[:-left], more])
    return text[:LIMIT]


def _head(now: Tournament, language: Language) -> Sequence[str]:
    told = "**Tournament: {game}**, {format} · `{tournament}` · created by {creator}"
    head = Text(
        told,
        game=now.game.name,
        format=FORMATS[now.format],
        tournament=now.tournament_id,
        creator=f"<@{now.creator}>" if now.creator else Text("somebody"),
    )
    how = Text(
        "{seats} seats · games of each meeting: {games} · minutes for an answer: {minutes}",
        seats=seats_wanted(now.game),
        games=now.games,
        minutes=now.minutes,
    )
    options = options_line(now.game)
    return [language.say(one) for one in (head, how, *([options] if options else []))]


def _entrants(now: Tournament, language: Language) -> Sequence[str]:
    lines = []
    for number, one in enumerate(now.entrants.values(), start=1):
        user = person_in(one.player)
        who: Text | str = f"<@{user}>" if user else player_name(one.player)
        name = "" if user else f"**{plain(one.name)}**, "
        lines.append(f"{number}. {name}{language.say(who)}")
    return lines


def _line(now: Tournament, one: Score, name: str) -> Text:
    if now.format is Format.SWISS:
        told = "{rank}. {name}, points: {points} ({games} played, {won} won; Buchholz {buchholz})"
    elif one.aborted:
        told = "{rank}. {name}, points: {points} ({games} played, {won} won, {aborted} aborted)"
    else:
        told = "{rank}. {name}, points: {points} ({games} played, {won} won)"
    return Text(
        told,
        rank=one.rank,
        name=name,
        points=f"{one.points:g}",
        games=one.games,
        won=one.won,
        aborted=one.aborted,
        buchholz=f"{one.buchholz:g}",
    )


def _rounds(
    now: Tournament, schedule: Schedule, going: Mapping[str, int], language: Language
) -> Sequence[str]:
    """Return the meetings of the round that is played, and how the tournament stands."""
    if now.state is TournamentState.STOPPED:
        return [language.say(Text("The tournament was stopped."))]
    if schedule.over:
        return [language.say(Text("The tournament is over."))]
    number = schedule.round_now[0].meeting.round
    meetings = [
        language.say(_meeting(now, schedule, meeting, going))
        for meeting in schedule.rounds[number - 1]
    ]
    return [language.say(Text("**Round {number}**", number=number)), *meetings]


def _meeting(
    now: Tournament, schedule: Schedule, meeting: Meeting, going: Mapping[str, int]
) -> Text:
    names = [_name(now, one) for one in meeting.entrants]
    if meeting.is_bye:
        return Text("{name} has a bye.", name=names[0])
    games = [one for one in schedule.fixtures if one.meeting == meeting]
    played = sum(one.name in now.results for one in games)
    threads = [f"<#{going[one.name]}>" for one in games if one.name in going]
    if played == len(games):
        return Text("{names}: played", names=" – ".join(names))
    told = "{names}: game {number} of {games} {thread}"
    return Text(
        told,
        names=" – ".join(names),
        number=played + 1,
        games=len(games),
        thread="".join(threads),
    )


def _name(now: Tournament, number: str) -> str:
    return plain(now.entrants[number].name)
