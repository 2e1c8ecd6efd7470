"""Golden transcripts: one game of house bots for each game, as it must be told for ever.

`python -m tests.games.transcripts` writes them anew; read the difference, it is a change of rules.
"""

from collections.abc import Iterator
from pathlib import Path
from random import Random

from games import GAMES
from games.core import SPECTATOR, Ask, Event, Level, Match, Seat
from tests.games.contract import house_answer, viewers

FOLDER = Path(__file__).parent / "transcripts"
NAMES = ("Ann", "Bob", "Cy", "Dee", "Eve", "Fay")
SEED = 1
PASSING = "(passes)"


def transcript_of(name: str) -> str:
    """Return the transcript of a game with default options, played by house bots of each level."""
    game = GAMES[name]()
    seats = NAMES[: min(max(game.min_seats, 3), game.max_seats)]
    match = Match(game, seats, SEED)
    levels = dict(zip(match.seats, list(Level) * 2, strict=False))
    lines = [f"{name}, seed {SEED}", ", ".join(f"{s} (house:{lv})" for s, lv in levels.items())]
    lines += ["", *str(game.rules()).splitlines()]
    if match.log:
        lines += ["", "The table begins."]
        lines += [line for event in match.log for line in told(match, event)]
    rng = Random(SEED)
    while not match.over:
        lines += one_turn(match, rng.choice(list(match.asks)), levels)
    return "\n".join([*lines, *ending(match)]) + "\n"


def one_turn(match: Match, seat: Seat, levels: dict[Seat, Level]) -> Iterator[str]:
    """Let a seat answer, and give the lines that tell of it."""
    ask = match.asks[seat]
    others = [one for one in match.asks if one != seat]
    yield ""
    yield f"#{len(match.turns) + 1} {seat} is asked: {ask.prompt}"
    yield from asked(ask)
    if others:
        yield f"   at the same time: {', '.join(others)}"
    answer = house_answer(match, seat, levels.get(seat, Level.MEDIUM))
    yield "   answers: " + "\n            ".join(answer.splitlines() or [PASSING])
    for event in match.say(seat, answer).events:
        yield from told(match, event)


def asked(ask: Ask) -> Iterator[str]:
    """Give what kind of answer is wanted, and the fields of a form one by one."""
    yield f"   ({ask.hint()})"
    for name, part in ask.fields.items():
        yield f"   - {name}: {part.prompt} ({part.hint()})"


def told(match: Match, event: Event) -> Iterator[str]:
    """Give an event with its name, its audience, and what they read."""
    text = str(event.told()).replace("\n", "\n     ")
    yield f"   {event.kind} [{audience(match, event)}] {text}".rstrip()


def audience(match: Match, event: Event) -> str:
    """Return who sees an event: everybody, or the seats that do."""
    seeing = [viewer for viewer in viewers(match) if event.seen_by(viewer)]
    if SPECTATOR in seeing:
        assert len(seeing) == len(viewers(match))
        return "all"
    return f"only {', '.join(seeing)}" if seeing else "nobody"


def ending(match: Match) -> Iterator[str]:
    """Give the boards, the counts of what each viewer has seen, and the outcome."""
    yield ""
    if board := match.board():
        yield from ("The board, as all see it:", *(f"   {row}" for row in str(board).splitlines()))
    for viewer in viewers(match)[:-1]:
        seen = len(match.view(viewer))
        yield f"{viewer or 'A spectator'} has seen {seen} of {match.version} events."
    outcome = match.outcome
    yield f"Outcome: {outcome.reason}"
    for seat in match.seats:
        yield f"   {seat}: score {outcome.scores[seat]:g}, rank {outcome.ranks[seat]}"


def path_of(name: str) -> Path:
    """Return where a game's transcript is kept."""
    return FOLDER / f"{name}.txt"


def write() -> None:
    """Write the transcripts of all games."""
    FOLDER.mkdir(exist_ok=True)
    for name in GAMES:
        path_of(name).write_text(transcript_of(name), "utf-8")


if __name__ == "__main__":
    write()
