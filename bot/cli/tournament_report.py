"""What a tournament comes to: standings, ratings, who beats whom, seats and costs, as figures."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from statistics import fmean

from pydantic import BaseModel, ConfigDict

from bot.arena.lobbies import Result
from bot.cli.tournament_files import Folder, GamePlayed, Planned, replaced
from bot.ratings import Ladder, Pool, ladder
from characters.intervals import wilson
from games.core import Outcome, Seat, Text
from tournaments import Schedule
from tournaments.standings import share


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Place(_Shape):
    """Where one player stands."""

    rank: int
    player: str
    games: int
    """Played to an end."""
    won: int
    drawn: int
    lost: int
    points: float
    """For each game the share of the others that were left behind; a draw is half."""
    rate: float
    """Points for each game."""
    low: float | None
    """Lower end of the 95 % interval of the rate (Wilson's); None without a game."""
    high: float | None
    buchholz: float
    """Points of all that were met."""
    rating: float | None
    """By openskill, in the order of the games; None while nobody has won."""
    margin: float | None
    """The rating's 95 % interval is so far to both sides."""
    aborted: int
    byes: int
    substituted: int
    """Answers that the table gave in its place, as none of its own was legal."""


class Pair(_Shape):
    """How one player has done against another."""

    player: str
    rival: str
    won: int
    drawn: int
    lost: int


class SeatAdvantage(_Shape):
    """What a seat is worth, whoever sits in it."""

    seat: int
    """1 for the first."""
    games: int
    rate: float
    """Points for each game; without any advantage a half."""
    low: float | None
    high: float | None


class MeetingPlayed(_Shape):
    """What came of one meeting."""

    round: int
    table: int
    players: Sequence[str]
    """One alone had a bye."""
    points: Mapping[str, float]
    games: int
    aborted: int


class Costs(_Shape):
    """What models have used."""

    calls: int
    tokens: int
    money: float
    calls_each: float
    """For each game."""
    tokens_each: float
    money_each: float


class Report(_Shape):
    """report.json."""

    planned: Planned
    over: bool
    winner: str | None
    """None while it goes on, and where the first place is shared."""
    games: int
    """That have ended, aborted ones included."""
    open: int
    """Games that are still to be played."""
    aborted: int
    standings: Sequence[Place]
    pairs: Sequence[Pair]
    seats: Sequence[SeatAdvantage]
    meetings: Sequence[MeetingPlayed]
    costs: Costs
    matches: Sequence[GamePlayed]


def report(folder: Folder, ended: Schedule) -> Report:
    """Return what the games so far come to; the order in which they ended does not matter.

    A game that was played several times counts as it ended the last time; all have cost something.
    """
    planned, last = folder.planned, folder.last
    games = [last[one.name] for one in ended.fixtures if one.name in last]
    found = ladder((_result(planned, one) for one in games), Pool.MODELS)
    return Report(
        planned=planned,
        over=ended.over,
        winner=ended.winner,
        games=len(games),
        open=len(ended.open),
        aborted=sum(one.aborted for one in games),
        standings=_places(ended, found, games),
        pairs=_pairs(planned, games),
        seats=_seats(games),
        meetings=_meetings(ended, games),
        costs=_costs([*folder.played.values()], len(games)),
        matches=games,
    )


def write_report(folder: Path, made: Report) -> Sequence[Path]:
    """Write a report as JSON and as a page, and return where."""
    from bot.cli.tournament_page import page

    as_json, as_page = folder / "report.json", folder / "report.html"
    replaced(as_json, f"{made.model_dump_json(indent=1)}\n")
    replaced(as_page, page(made))
    return as_json, as_page


def _result(planned: Planned, game: GamePlayed) -> Result:
    """Return a game as ratings count it: without seats that were only filled up."""
    counting = [one for one in game.seats if one.counts and one.rank is not None]
    scores = {Seat(one.seat): float(-(one.rank or 0)) for one in counting}
    players = {Seat(one.seat): one.player for one in counting}
    return Result(players, Outcome(scores, Text(""), game.aborted), planned.game)


def _places(ended: Schedule, found: Ladder, games: Sequence[GamePlayed]) -> Sequence[Place]:
    points = _points(games)
    rated = {one.player: one for one in found.standings}
    substituted = Counter[str]()
    for game in games:
        for seat in game.seats:
            if seat.counts:
                substituted[seat.player] += seat.substituted
    places = []
    for score in ended.scores:
        low, high = _interval(points[score.entrant])
        rating = rated.get(score.entrant)
        places.append(
            Place(
                rank=score.rank,
                player=score.entrant,
                games=score.games,
                won=score.won,
                drawn=score.drawn,
                lost=score.lost,
                points=score.points,
                rate=fmean(points[score.entrant] or [0.0]),
                low=low,
                high=high,
                buchholz=score.buchholz,
                rating=rating.rating if rating else None,
                margin=rating.margin if rating else None,
                aborted=score.aborted,
                byes=score.byes,
                substituted=substituted[score.entrant],
            )
        )
    return places


def _points(games: Iterable[GamePlayed]) -> Mapping[str, Sequence[float]]:
    found: defaultdict[str, list[float]] = defaultdict(list)
    for game in games:
        for player in game.ranks:
            found[player].append(share(player, game.ranks))
    return found


def _interval(values: Sequence[float]) -> tuple[float | None, float | None]:
    return wilson(sum(values), len(values)) if values else (None, None)


def _pairs(planned: Planned, games: Sequence[GamePlayed]) -> Sequence[Pair]:
    ahead: defaultdict[tuple[str, str], Counter[int]] = defaultdict(Counter)
    for game in games:
        for player, rank in game.ranks.items():
            for rival, other in game.ranks.items():
                if rival != player:
                    ahead[player, rival][(rank < other) - (rank > other)] += 1
    return [
        Pair(player=one, rival=two, won=count[1], drawn=count[0], lost=count[-1])
        for one in planned.players
        for two in planned.players
        if (count := ahead.get((one, two)))
    ]


def _seats(games: Sequence[GamePlayed]) -> Sequence[SeatAdvantage]:
    found: defaultdict[int, list[float]] = defaultdict(list)
    for game in games:
        for number, seat in enumerate(game.seats, start=1):
            if seat.player in game.ranks and seat.counts:
                found[number].append(share(seat.player, game.ranks))
    return [
        SeatAdvantage(seat=number, games=len(values), rate=fmean(values), low=low, high=high)
        for number, values in sorted(found.items())
        for low, high in [_interval(values)]
    ]


def _meetings(ended: Schedule, games: Sequence[GamePlayed]) -> Sequence[MeetingPlayed]:
    of: defaultdict[tuple[int, int], list[GamePlayed]] = defaultdict(list)
    for game in games:
        of[game.round, game.table].append(game)
    return [
        MeetingPlayed(
            round=meeting.round,
            table=meeting.table,
            players=meeting.entrants,
            points={
                one: sum(share(one, game.ranks) for game in own if one in game.ranks)
                for one in meeting.entrants
            },
            games=len(own),
            aborted=sum(game.aborted for game in own),
        )
        for part in ended.rounds
        for meeting in part
        for own in [of[meeting.round, meeting.table]]
    ]


def _costs(played: Sequence[GamePlayed], games: int) -> Costs:
    calls, tokens = sum(one.calls for one in played), sum(one.tokens for one in played)
    money, count = sum(one.money for one in played), max(1, games)
    return Costs(
        calls=calls,
        tokens=tokens,
        money=money,
        calls_each=calls / count,
        tokens_each=tokens / count,
        money_each=money / count,
    )
