"""The report as one page that needs nothing from elsewhere: no scripts, no fonts, no pictures."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

from bot.cli.tournament_files import GamePlayed
from bot.cli.tournament_report import MeetingPlayed, Place, Report
from tournaments import Format

STYLE: Final = """
body{max-width:68rem;margin:2rem auto;padding:0 1rem;font:1rem/1.5 system-ui,sans-serif;
color:#1b1b1f;background:#fff}
h1,h2{line-height:1.2}h2{margin-top:2.5rem}
.wide{overflow-x:auto}table{border-collapse:collapse;margin:.5rem 0}
caption{text-align:left;color:#55555f;padding-bottom:.4rem}
th,td{padding:.3rem .7rem;border-bottom:1px solid #d5d5dd;text-align:right}
th:first-child,td:first-child,.text{text-align:left}
thead th{border-bottom:2px solid #77778a;vertical-align:bottom}
tbody tr.first{background:#eef3ff}.none{color:#66667a}
svg text{font:14px system-ui,sans-serif;fill:#1b1b1f}
@media(prefers-color-scheme:dark){body{color:#e8e8ef;background:#17171b}
caption,.none{color:#a9a9b8}tbody tr.first{background:#22304d}th,td{border-color:#3d3d48}
a{color:#9dbbff}svg text{fill:#e8e8ef}}
"""
_TITLES: Final = {
    Format.ROUND_ROBIN: "round robin",
    Format.SWISS: "Swiss system",
    Format.KNOCKOUT: "knockout",
    Format.BATCH: "batch",
}


def page(made: Report) -> str:
    """Return the whole page as HTML."""
    planned = made.planned
    title = escape(f"{planned.game}: {_TITLES[planned.format]} of {len(planned.players)} players")
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{title}</title><style>{STYLE}</style></head><body><main>",
        f"<h1>{title}</h1>",
        _summary(made),
        _standings(made),
        _chart(made.standings),
        _matrix(made),
        _seats(made),
        _meetings(made) if planned.format in (Format.SWISS, Format.KNOCKOUT) else "",
        _costs(made),
        _games(made),
        "</main></body></html>\n",
    ]
    return "\n".join(filter(None, parts))


def _summary(made: Report) -> str:
    planned = made.planned
    winner = f"Winner: <strong>{escape(made.winner)}</strong>." if made.winner else ""
    state = "It is over." if made.over else f"It goes on: {made.open} games are still open."
    options = ", ".join(f"{name} {value}" for name, value in planned.options.items())
    dealt = f"Seed {planned.seed}; games in which only the seats change are dealt alike."
    lines = [
        f"{winner} {state}",
        f"{made.games} games were played, {made.aborted} of them aborted, which count for nothing.",
        escape(f"Options: {options or 'the usual ones'}. {dealt}"),
    ]
    return "".join(f"<p>{line}</p>" for line in lines)


def _standings(made: Report) -> str:
    swiss = made.planned.format is Format.SWISS
    heads = ["Player", "Place", "Games", "Won", "Drawn", "Lost", "Points"]
    heads += ["Points a game (95 %)", "Rating (95 %)", *(["Buchholz"] if swiss else [])]
    heads += ["Answers replaced", "Aborted"]
    rows = [
        (
            [
                one.player,
                str(one.rank),
                *map(str, (one.games, one.won, one.drawn, one.lost)),
                f"{one.points:g}",
                _rate(one.rate, one.low, one.high),
                "–" if one.rating is None else f"{one.rating:.1f} ± {one.margin:.1f}",
                *([f"{one.buchholz:g}"] if swiss else []),
                str(one.substituted),
                str(one.aborted),
            ],
            one.rank == 1,
        )
        for one in made.standings
    ]
    caption = (
        "A game gives the share of the others that were left behind: 1 for a win between two, "
        "½ for a draw. Ratings are openskill's (25 at the beginning)."
    )
    return _section("Standings", _table(caption, heads, rows))


def _chart(places: Sequence[Place]) -> str:
    """Draw the ratings with their intervals."""
    rated = [
        (one.player, one.rating, one.margin or 0.0) for one in places if one.rating is not None
    ]
    if not rated:
        return ""
    low = min(rating - margin for _, rating, margin in rated)
    high = max(rating + margin for _, rating, margin in rated)
    said = "; ".join(f"{name} {rating:.1f} ± {margin:.1f}" for name, rating, margin in rated)

    def across(value: float) -> float:
        return 250 + (value - low) / max(high - low, 0.1) * 560

    lines = []
    for row, (name, rating, margin) in enumerate(rated):
        y = 24 + row * 30
        lines.append(
            f'<text x="0" y="{y + 5}">{escape(_short(name))}</text>'
            f'<line x1="{across(rating - margin):.0f}" x2="{across(rating + margin):.0f}" '
            f'y1="{y}" y2="{y}" stroke="#7a8fc4" stroke-width="6" stroke-linecap="round"/>'
            f'<circle cx="{across(rating):.0f}" cy="{y}" r="7" fill="#2f55c8"/>'
            f'<text x="830" y="{y + 5}">{rating:.1f}</text>'
        )
    label = escape(f"Ratings with 95 % intervals: {said}.", quote=True)
    height = 30 * len(rated) + 20
    drawn = (
        f'<svg role="img" aria-label="{label}" viewBox="0 0 900 {height}" width="100%">'
        f"{''.join(lines)}</svg>"
    )
    return _section("Ratings", drawn)


def _matrix(made: Report) -> str:
    players = [one.player for one in made.standings]
    scores = {(one.player, one.rival): f"{one.won}/{one.drawn}/{one.lost}" for one in made.pairs}
    rows = [([one, *(scores.get((one, two), "–") for two in players)], False) for one in players]
    caption = "Won, drawn and lost games of the player at the left against the one on top."
    return _section("Who beats whom", _table(caption, ["Player", *players], rows))


def _seats(made: Report) -> str:
    rows = [
        ([f"Seat {one.seat}", str(one.games), _rate(one.rate, one.low, one.high)], False)
        for one in made.seats
    ]
    caption = "Everybody sits everywhere equally often; a seat without advantage gives 0.50."
    heads = ["Seat", "Games", "Points a game (95 %)"]
    return _section("What a seat is worth", _table(caption, heads, rows)) if rows else ""


def _meetings(made: Report) -> str:
    rows = [([f"Round {one.round}", str(one.table), *_met(one)], False) for one in made.meetings]
    heads = ["Round", "Table", "Players", "Points", "Games"]
    return _section("Rounds", _table("All meetings so far.", heads, rows))


def _met(meeting: MeetingPlayed) -> Sequence[str]:
    if len(meeting.players) == 1:
        return meeting.players[0], "bye", "0"
    points = " : ".join(f"{meeting.points[one]:g}" for one in meeting.players)
    return " – ".join(meeting.players), points, str(meeting.games)


def _costs(made: Report) -> str:
    costs = made.costs
    if not costs.calls:
        return _section("Cost", "<p>No model was asked, so nothing was spent.</p>")
    rows = [
        (["Calls of models", f"{costs.calls:,}", f"{costs.calls_each:,.1f}"], False),
        (["Tokens", f"{costs.tokens:,}", f"{costs.tokens_each:,.0f}"], False),
        (["Money", f"{costs.money:,.4f}", f"{costs.money_each:,.6f}"], False),
    ]
    return _section("Cost", _table("What models have used.", ["", "In all", "A game"], rows))


def _games(made: Report) -> str:
    costly = made.costs.calls > 0
    heads = ["Game", "Players in seat order", "Result", "Seconds"]
    heads += ["Calls", "Tokens", "Money"] if costly else []
    body = []
    for one in made.matches:
        link = f'<a href="{escape(one.transcript, quote=True)}">{escape(one.match)}</a>'
        players = ", ".join(seat.player for seat in one.seats)
        cells = [players, _ended(one), f"{one.seconds:.1f}"]
        cells += [f"{one.calls:,}", f"{one.tokens:,}", f"{one.money:,.4f}"] if costly else []
        text = "".join(f'<td class="text">{escape(cell)}</td>' for cell in cells[:2])
        numbers = "".join(f"<td>{escape(cell)}</td>" for cell in cells[2:])
        body.append(f'<tr><th scope="row">{link}</th>{text}{numbers}</tr>')
    caption = "Each name leads to the transcript; replay one as the guide says."
    return _section("Games", _whole(caption, heads, body))


def _ended(game: GamePlayed) -> str:
    if game.aborted:
        return f"aborted: {game.reason}"
    best = [player for player, rank in game.ranks.items() if rank == 1]
    return f"{best[0]} wins" if len(best) == 1 else f"level: {', '.join(best)}"


def _rate(rate: float, low: float | None, high: float | None) -> str:
    return f"{rate:.2f}" if low is None or high is None else f"{rate:.2f} ({low:.2f} to {high:.2f})"


def _short(name: str) -> str:
    return name if len(name) <= 30 else f"{name[:29]}…"


def _section(title: str, body: str) -> str:
    return f"<section><h2>{escape(title)}</h2>{body}</section>"


def _table(caption: str, heads: Sequence[str], rows: Iterable[tuple[Sequence[str], bool]]) -> str:
    """Return a table whose rows begin with their names; a marked row stands out."""
    body = []
    for (name, *cells), marked in rows:
        mark = ' class="first"' if marked else ""
        values = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
        body.append(f'<tr{mark}><th scope="row">{escape(name)}</th>{values}</tr>')
    return _whole(caption, heads, body)


def _whole(caption: str, heads: Sequence[str], body: Iterable[str]) -> str:
    top = "".join(f'<th scope="col">{escape(head)}</th>' for head in heads)
    return (
        f'<div class="wide"><table><caption>{escape(caption)}</caption>'
        f"<thead><tr>{top}</tr></thead><tbody>{''.join(body)}</tbody></table></div>"
    )
