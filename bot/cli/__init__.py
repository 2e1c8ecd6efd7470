"""The command line.  Each command lives in a file beside this one and is loaded when it is used."""

import sys
import traceback
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Final

import typer
import typer.exceptions

from bot.cli.character_commands import characters
from bot.cli.model_commands import models
from bot.cli.town_commands import towns
from bot.errors import OperatorError, ParlourError, UnknownMatch
from bot.terminal.folding import folded
from games.core.errors import GameError
from games.core.text import clean
from tournaments.plan import Format
from towns.errors import TownError

EXIT_PROBLEM: Final = 1
EXIT_USAGE: Final = 2
EXIT_UNKNOWN_MATCH: Final = 3
EXIT_INTERRUPTED: Final = 130
EXIT_CODES: Final = """\
Exit codes: 0 done; 1 something the operator must put right (a model, a file, the disk);
2 a command, option, seat or answer that makes no sense; 3 no such match; 130 interrupted."""

app = typer.Typer(
    name="python bot.py",
    help="Parlour: people and language models at one table.",
    epilog=EXIT_CODES,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(models, name="models")
app.add_typer(characters, name="characters")
app.add_typer(towns, name="town")


MatchId = Annotated[str, typer.Argument(metavar="MATCH", help="Id of the match.")]


@app.command()
def games(
    name: Annotated[
        str,
        typer.Argument(
            metavar="GAME", help="Show one game with its rules and options; or “check”."
        ),
    ] = "",
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="With check: a game without code.")
    ] = None,
    textarena: Annotated[
        bool, typer.Option("--textarena", help="List the games of TextArena, and which are not.")
    ] = False,
    pettingzoo: Annotated[
        bool, typer.Option("--pettingzoo", help="List the games of PettingZoo, and which are not.")
    ] = False,
) -> None:
    """List the games, show one with its rules and options, or check the file of one."""
    from bot.cli.catalogue import check_game, show_game, show_games

    if textarena:
        from bot.cli.libraries import show_textarena

        show_textarena()
    elif pettingzoo:
        from bot.cli.libraries import show_pettingzoo

        show_pettingzoo()
    elif name == "check":
        check_game(file)
    elif name:
        show_game(name)
    else:
        show_games()


@app.command()
def play(
    game: Annotated[
        str, typer.Argument(metavar="GAME", help="Name of a game; without it, a menu.")
    ] = "",
    seat: Annotated[
        list[str] | None,
        typer.Option(
            "--seat",
            metavar="NAME=WHO",
            help="me, house:easy, house:medium, house:hard, model:NAME or character:NAME.",
        ),
    ] = None,
    option: Annotated[
        list[str] | None,
        typer.Option("--option", metavar="NAME=VALUE", help="An option of the game."),
    ] = None,
    seed: Annotated[int | None, typer.Option(help="The same seed deals the same.")] = None,
    script: Annotated[
        Path | None, typer.Option(help="File of answers, lines “Seat: text”; nobody is asked.")
    ] = None,
    config: Annotated[
        Path | None, typer.Option("--config", help="A ChatArena configuration to play.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--file", help="A game without code to play, a TOML file.")
    ] = None,
    json: Annotated[
        bool,
        typer.Option("--json", help="Print one event a line with its audience, then the outcome."),
    ] = False,
    language: Annotated[str, typer.Option(help="What the table speaks, such as de.")] = "",
) -> None:
    """Play a game here, against house bots, models, or each other at one keyboard."""
    from bot.cli.play import Invitation, play_match

    seats, options = seat or [], option or []
    play_match(Invitation(game, seats, options, seed, script, config, json, language, file))


@app.command()
def tournament(
    game: Annotated[str, typer.Option(help="Name of a game.")],
    players: Annotated[
        str,
        typer.Option(
            metavar="A,B,…",
            help="Two or more, the best seed first: house:LEVEL, model:NAME or character:NAME.",
        ),
    ],
    out: Annotated[Path, typer.Option(help="Folder of the matches and the report.")],
    format_: Annotated[
        Format, typer.Option("--format", help="Who meets whom.")
    ] = Format.ROUND_ROBIN,
    games: Annotated[
        int | None,
        typer.Option(min=1, help="Of each meeting, of a batch in all; else each seat once."),
    ] = None,
    seats: Annotated[
        int | None, typer.Option(min=2, help="Players of a meeting; else as few as the game needs.")
    ] = None,
    rounds: Annotated[
        int, typer.Option(min=0, help="Of a Swiss tournament; 0 for as many as it needs.")
    ] = 0,
    option: Annotated[
        list[str] | None,
        typer.Option("--option", metavar="NAME=VALUE", help="An option of the game."),
    ] = None,
    seat: Annotated[
        list[str] | None,
        typer.Option("--seat", metavar="NAME=WHO", help="Who takes a seat of the game's own."),
    ] = None,
    fill: Annotated[
        str, typer.Option(help="Who takes seats that no player has; its play does not count.")
    ] = "house:medium",
    seed: Annotated[int | None, typer.Option(help="The same seed deals the same.")] = None,
    jobs: Annotated[int, typer.Option(min=1, max=64, help="Games at the same time.")] = 4,
    budget: Annotated[
        float | None,
        typer.Option(min=0, help="Most that models may cost in all, in money."),
    ] = None,
) -> None:
    """Let models, characters and house bots play each other; goes on after a kill."""
    from bot.cli.tournament import hold_tournament
    from bot.cli.tournament_plan import Order

    hold_tournament(
        Order(
            game=game,
            players=players,
            format=format_,
            games=games,
            seats=seats,
            rounds=rounds,
            options=option or [],
            environment=seat or [],
            fill=fill,
            seed=seed,
            jobs=jobs,
            budget=budget,
            out=out,
        )
    )


@app.command()
def ratings(
    game: Annotated[str, typer.Option(help="One game only.")] = "",
    pool: Annotated[
        str, typer.Option(help="people, models (house bots too), or mixed; else all three.")
    ] = "",
    csv: Annotated[Path | None, typer.Option(help="File to write the ratings to.")] = None,
) -> None:
    """Rate everybody anew from all matches: ratings, and who has beaten whom."""
    from bot.cli.ratings import show_ratings

    show_ratings(game, pool, csv)


@app.command()
def chat(
    characters: Annotated[
        list[str] | None, typer.Argument(metavar="NAME…", help="With whom: ids, names or aliases.")
    ] = None,
    model: Annotated[str, typer.Option(help="A model of models.toml; the first of them.")] = "",
    name: Annotated[str, typer.Option("--as", help="What they call you.")] = "",
    resume: Annotated[str, typer.Option(metavar="MATCH", help="Go on with this chat.")] = "",
    greeting: Annotated[
        int, typer.Option(min=0, max=100, help="Which greeting they begin with; 0 for none.")
    ] = 1,
    talk: Annotated[str, typer.Option(help="Who answers: natural, pooled, list or manual.")] = "",
) -> None:
    """Talk with characters; they remember you."""
    from bot.cli.chat import Invitation, hold_chat

    hold_chat(Invitation(characters or [], model, name, resume, greeting, talk))


@app.command()
def resume(match: MatchId) -> None:
    """Go on with a match that was left open."""
    from bot.cli.play import resume_match

    resume_match(match)


@app.command()
def matches(
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="How many to show at most.")] = 20,
) -> None:
    """List the matches, the newest first."""
    from bot.cli.matches import list_matches

    list_matches(limit)


@app.command()
def replay(
    match: MatchId,
    speed: Annotated[
        float, typer.Option(min=0.0, help="Entries a second; 0 shows all at once.")
    ] = 2.0,
    viewer: Annotated[str, typer.Option("--as", help="public, full, or a seat.")] = "public",
) -> None:
    """Show a match again, turn by turn."""
    from bot.cli.matches import replay_match

    replay_match(match, speed, viewer)


@app.command()
def export(
    match: MatchId,
    viewer: Annotated[str, typer.Option("--as", help="public, full, or a seat.")] = "public",
    kind: Annotated[str, typer.Option("--format", help="json, md or html.")] = "md",
) -> None:
    """Print a match as a document."""
    from bot.cli.matches import export_match

    export_match(match, viewer, kind)


@app.command()
def run() -> None:
    """Run the Discord bot; “setup” prepares it."""
    from bot.cli.run import run_bot

    run_bot()


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="File to write; it must not exist.")],
) -> None:
    """Write a copy of the database, also while Parlour runs."""
    from bot.cli.upkeep import backup_database

    backup_database(file)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file made by backup.")],
) -> None:
    """Put a backup in the place of the database; Parlour must not be running."""
    from bot.cli.upkeep import restore_database

    restore_database(file)


@app.command()
def setup(
    yes: Annotated[
        bool, typer.Option("--yes", help="Ask nothing: take the token from the environment.")
    ] = False,
) -> None:
    """Set up Discord: check the token, print the invite link, try a model, write .env."""
    from bot.cli.setup import set_up

    set_up(yes=yes)


@app.command()
def health() -> None:
    """Say in one line whether the running bot is well; the exit code is 0 if it is."""
    from bot.cli.health import show_health

    show_health()


@app.command()
def doctor() -> None:
    """Check folder, database, models, and Discord with every channel; say what would help."""
    from bot.cli.upkeep import examine

    examine()


def main() -> None:
    """Run a command; whatever goes wrong becomes one sentence on standard error."""
    for stream in (sys.stdout, sys.stderr):  # a terminal may lack characters that players use
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        sys.exit(app(standalone_mode=False) or 0)
    except typer.exceptions.TyperException as why:
        _fail(_usage(why), EXIT_USAGE)
    except UnknownMatch as why:
        _fail(str(why), EXIT_UNKNOWN_MATCH)
    except OperatorError as why:
        _fail(str(why), EXIT_PROBLEM)
    except (ParlourError, GameError, TownError) as why:
        _fail(str(why), EXIT_USAGE)
    except (KeyboardInterrupt, typer.Abort):
        _fail("Stopped.", EXIT_INTERRUPTED)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(EXIT_PROBLEM)
    except OSError as why:
        about = f"{why.filename}: " if why.filename else ""
        _fail(f"The system refuses: {about}{why.strerror or why}.", EXIT_PROBLEM)
    except Exception as why:  # noqa: BLE001 -- the edge: nobody should have to read a traceback
        _fail(f"Parlour made a mistake ({type(why).__name__}). {_kept(why)}", EXIT_PROBLEM)


def _usage(why: typer.exceptions.TyperException) -> str:
    """Return what was wrong with a command; a command without its parts gets the help instead."""
    said = getattr(why, "format_message", lambda: str(why))().strip()
    sentence = f"{clean(said, 200).removesuffix('.')}. Try “python bot.py --help”."
    return said if "\n" in said else sentence


def _fail(sentence: str, code: int) -> None:
    shown = folded(clean(sentence), sys.stderr)  # it may name a file, whatever that is called
    sys.stderr.write(f"{shown}\n")
    sys.exit(code)


def _kept(why: Exception) -> str:
    """Write a traceback to a file and return the sentence that says where."""
    path = Path("parlour-error.log")
    try:
        with path.open("a", encoding="utf-8") as file:
            traceback.print_exception(why, file=file)
    except OSError:
        return "The details could not be written down."
    return f"The details are in {path}; please report them."
