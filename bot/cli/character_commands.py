"""The commands of characters; the work is done in the files beside this one, when they are used."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

characters = typer.Typer(help="Characters to talk with, and their cards.", no_args_is_help=True)

Character = Annotated[str, typer.Argument(metavar="NAME", help="Id, name or alias.")]
CardFile = Annotated[Path, typer.Argument(metavar="FILE", help="A card: JSON, PNG or CHARX.")]
CardFields = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="FIELD=TEXT", help="What it says; @FILE reads it from a file."),
]


class Turns(StrEnum):
    """How long an interview talks about one thing."""

    SINGLE = "single"
    MULTI = "multi"
    BOTH = "both"


@characters.command("list")
def characters_list() -> None:
    """List the characters that can be summoned here."""
    from bot.cli.characters import list_characters

    list_characters()


@characters.command("info")
def characters_info(name: Character) -> None:
    """Show what a character's card says about it."""
    from bot.cli.characters import show_character

    show_character(name)


@characters.command("check")
def characters_check(file: CardFile) -> None:
    """Read a card without keeping it, and say what is wrong with it."""
    from bot.cli.characters import check_card

    check_card(file)


@characters.command("import")
def characters_import(file: CardFile) -> None:
    """Take in a character from its card."""
    from bot.cli.characters import import_card

    import_card(file)


@characters.command("export")
def characters_export(
    name: Character,
    kind: Annotated[
        str, typer.Option("--format", help="png, charx, json (as it came), v2 or v1.")
    ] = "png",
    out: Annotated[Path | None, typer.Option(help="File to write; it must not exist.")] = None,
) -> None:
    """Write a character's card to a file."""
    from bot.cli.characters import export_card

    export_card(name, kind, out)


@characters.command("create")
def characters_create(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What the new character is called.")],
    copied: Annotated[
        str, typer.Option("--copy", metavar="CHARACTER", help="Begin with a copy of this one.")
    ] = "",
    settings: CardFields = None,
) -> None:
    """Write a card, from nothing or from a copy."""
    from bot.cli.characters import create_character

    create_character(name, copied, settings or [])


@characters.command("edit")
def characters_edit(name: Character, settings: CardFields = None) -> None:
    """Let a card of your own say something else."""
    from bot.cli.characters import edit_character

    edit_character(name, settings or [])


@characters.command("remove")
def characters_remove(name: Character) -> None:
    """Remove a character that was imported; those of Parlour stay."""
    from bot.cli.characters import remove_character

    remove_character(name)


@characters.command("interview")
def characters_interview(
    *,
    name: Annotated[str, typer.Argument(metavar="NAME|all", help="Id, name or alias; or all.")],
    model: Annotated[str, typer.Option(help="The model that answers, of models.toml.")] = "",
    judge: Annotated[
        list[str] | None,
        typer.Option(metavar="MODEL", help="A model that judges; can be given several times."),
    ] = None,
    interviewer: Annotated[
        str, typer.Option(metavar="MODEL", help="Leads the talks; else all get the same questions.")
    ] = "",
    turns: Annotated[
        Turns, typer.Option(help="Single questions, talks of five questions, or both.")
    ] = Turns.SINGLE,
    questions: Annotated[
        int | None, typer.Option(min=1, help="Ask only so many, chosen by the seed.")
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed asks the same.")] = 1,
    jobs: Annotated[int, typer.Option(min=1, max=64, help="How many at the same time.")] = 4,
    out: Annotated[Path, typer.Option(help="Folder for answers and report.")] = Path("results"),
    resume: Annotated[bool, typer.Option("--resume", help="Go on where it stopped.")] = False,
    answers: Annotated[
        Path | None, typer.Option(help="Score the answers of this JSONL file, and ask nobody.")
    ] = None,
) -> None:
    """Ask a model what shows whether it speaks as the character, and score the answers."""
    from bot.cli.interview import hold_interview
    from bot.cli.interviewing import Order

    hold_interview(
        Order(
            name, model, tuple(judge or ()), interviewer, turns, questions, seed, jobs, out, resume,
            answers,
        )
    )  # fmt: skip
